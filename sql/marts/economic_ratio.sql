-- The economic ratios of the organisation: result in per cent, and personnel's share of the costs.
-- Grain: one row per year, measure and view of the organisation.
-- Key: year_offset, measure_id, organisation_view
-- economic_result_ratio: the result's deviation from the period's budget / (full-year budgeted revenue × m/12).
-- personnel_cost_share: personnel / all costs; hired staff is in the costs, not in personnel. The share with hired staff stands beside it.
-- `ledger_numerator` and `ledger_denominator` are the same without adjustments.
with figures as (
    select
        organisation_view,
        year_offset,
        max(case when subject_id = 'result' and quantity = 'actual' then figure_value end) as result_actual,
        max(case when subject_id = 'result' and quantity = 'budget_to_date' then figure_value end) as result_budget,
        max(case when subject_id = 'revenue' and quantity = 'budget_full_year' then figure_value end) as revenue_budget,
        max(case when subject_id = 'cost' and quantity = 'actual' then figure_value end) as cost_actual,
        max(case when subject_id = 'result' and quantity = 'actual' then adjustment_value end) as result_adjusted,
        max(case when subject_id = 'cost' and quantity = 'actual' then adjustment_value end) as cost_adjusted
    from core.figure_result
    where area_code = ''
    group by organisation_view, year_offset
),

views as (
    select 'restated' as organisation_view
    union all
    select 'as_was' as organisation_view
),

-- A unit that has left is out of restated comparatives, and in those as it was.
personnel as (
    select
        views.organisation_view,
        results.year_offset,
        sum(results.actual_sek) filter (where results.account_group = 'PERSONAL') as personnel_sek,
        sum(results.actual_sek) as personnel_and_hired_sek,
        sum(results.adjustment_sek) filter (where results.account_group = 'PERSONAL') as personnel_adjusted_sek,
        sum(results.adjustment_sek) as personnel_and_hired_adjusted_sek
    from marts.result as results
    cross join views
    where
        results.is_to_date
        and results.account_group in ('PERSONAL', 'INHYRD')
        and not (views.organisation_view = 'restated' and results.year_offset < 0 and results.restatement_tag = 'left')
    group by views.organisation_view, results.year_offset
),

ratios as (
    select
        figures.organisation_view,
        figures.year_offset,
        'economic_result_ratio' as measure_id,
        figures.result_actual - figures.result_budget as numerator,
        -- Twelfths in whole millionths: a decimal divided is a binary fraction.
        cast(
            cast(
                case when figures.revenue_budget < 0 then -1 else 1 end * (
                    cast(abs(figures.revenue_budget) * 1000000 as bigint) // 12 * closing.month_number
                    + (cast(abs(figures.revenue_budget) * 1000000 as bigint) % 12 * closing.month_number + 6) // 12
                ) as decimal(38, 0)
            ) * 0.000001 as decimal(28, 6)
        ) as denominator,
        coalesce(figures.result_adjusted, 0) as numerator_adjusted,
        0 as denominator_adjusted
    from figures
    cross join build.closing as closing
    union all
    select
        figures.organisation_view,
        figures.year_offset,
        'personnel_cost_share' as measure_id,
        case when figures.cost_actual is not null then coalesce(personnel.personnel_sek, 0) end as numerator,
        figures.cost_actual as denominator,
        coalesce(personnel.personnel_adjusted_sek, 0) as numerator_adjusted,
        coalesce(figures.cost_adjusted, 0) as denominator_adjusted
    from figures
    left join personnel
        on
            figures.year_offset = personnel.year_offset
            and figures.organisation_view = personnel.organisation_view
    union all
    select
        figures.organisation_view,
        figures.year_offset,
        'personnel_and_hired_cost_share' as measure_id,
        case when figures.cost_actual is not null then coalesce(personnel.personnel_and_hired_sek, 0) end as numerator,
        figures.cost_actual as denominator,
        coalesce(personnel.personnel_and_hired_adjusted_sek, 0) as numerator_adjusted,
        coalesce(figures.cost_adjusted, 0) as denominator_adjusted
    from figures
    left join personnel
        on
            figures.year_offset = personnel.year_offset
            and figures.organisation_view = personnel.organisation_view
)

select
    year_offset,
    measure_id,
    organisation_view,
    case when numerator is null or coalesce(denominator, 0) = 0 then 'missing' else 'actual' end as value_status,
    case
        when numerator is null or denominator is null then 'underlag saknas'
        when denominator = 0 then 'nämnaren är noll'
    end as reason,
    cast(numerator as decimal(28, 6)) as numerator,
    cast(denominator as decimal(28, 6)) as denominator,
    cast(numerator - numerator_adjusted as decimal(28, 6)) as ledger_numerator,
    cast(denominator - denominator_adjusted as decimal(28, 6)) as ledger_denominator
from ratios
