-- The budgets of volumes as figures, where somebody has given any.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and quantity.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- In the measure's own unit and in the organisation of the period's last day. A flow's budget is summed over units and months; a stock's is
-- that of the period's month, and of December for the year. A budget that was typed as missing makes its sum missing.
with area_months as (
    select
        budgets.measure_id,
        coalesce(restated.area_code, '-') as area_code,
        budgets.figure_unit,
        budgets.measure_kind,
        budgets.month,
        budgets.month_number,
        budgets.is_to_date,
        cast(budgets.month_budget_value * coalesce(restated.share, 1) as decimal(28, 6)) as month_budget_value
    from core.volume_budget_month as budgets
    left join core.unit_restated as restated
        on budgets.unit_code = restated.unit_code
    where budgets.year_offset = 0
    union all
    select
        measure_id,
        '' as area_code,
        figure_unit,
        measure_kind,
        month,
        month_number,
        is_to_date,
        month_budget_value
    from core.volume_budget_month
    where year_offset = 0
),

budgeted as (
    select
        area_months.measure_id,
        area_months.area_code,
        area_months.figure_unit,
        area_months.month_budget_value,
        case when area_months.measure_kind = 'stock' then area_months.month = closing.period else area_months.is_to_date end as is_to_date,
        area_months.measure_kind = 'flow' or area_months.month_number = 12 as is_of_year
    from area_months
    cross join build.closing as closing
),

summed as (
    select
        measure_id,
        area_code,
        figure_unit,
        'budget_to_date' as quantity,
        case when count(*) = count(month_budget_value) then sum(month_budget_value) end as figure_value
    from budgeted
    where is_to_date
    group by measure_id, area_code, figure_unit
    union all
    select
        measure_id,
        area_code,
        figure_unit,
        'budget_full_year' as quantity,
        case when count(*) = count(month_budget_value) then sum(month_budget_value) end as figure_value
    from budgeted
    where is_of_year
    group by measure_id, area_code, figure_unit
)

select
    measure_id as subject_id,
    area_code,
    'T' as sex,
    quantity,
    0 as year_offset,
    '' as organisation_view,
    measure_id,
    cast(figure_value as decimal(28, 6)) as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    figure_unit,
    case when figure_value is null then 'missing' else 'budget' end as value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    case when figure_value is null then 'budgeten är inte angiven för alla månader' end as reason,
    '' as organisation_tag
from summed
