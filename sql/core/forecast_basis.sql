-- What a full-year forecast can stand on, at the closed period and at every month of the past: to date, last year, the rest's budget.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and cut.
-- Key: measure_id, area_code, cut_month
-- The closed period's cut (`is_closing`) has the report's own figures: estimates and adjustments included, in the organisation of the
-- period's last day. The other cuts are history, as was and never estimated: a cut with a month missing has no to-date value. History
-- is read as it is known now; what was corrected since, whoever forecast then had not seen.
-- Revenue, cost and what is counted; the result is the difference of two forecasts (core.forecast). No cut in December but the close's.
-- An area of no rows in a month that the organisation has is 0 there.
with organisation_months as (
    select
        measure_id,
        month,
        figure_unit,
        measure_value,
        month_budget_value,
        cast(date_trunc('year', month) as date) as year_start,
        cast(month + interval 1 month as date) as next_month
    from core.measure_month
    where area_code = '' and measure_id <> 'result'
),

area_years as (
    select distinct
        measure_id,
        area_code,
        cast(date_trunc('year', month) as date) as year_start
    from core.measure_month
    where measure_id <> 'result'
),

area_months as (
    select
        organisation_months.measure_id,
        area_years.area_code,
        organisation_months.month,
        organisation_months.year_start,
        organisation_months.figure_unit,
        month(organisation_months.month) as month_number,
        date_diff('day', organisation_months.year_start, organisation_months.next_month) as days_to_date,
        date_diff('day', organisation_months.next_month, cast(organisation_months.year_start + interval 1 year as date)) as days_left,
        case
            when own.measure_id is not null then own.measure_value
            when organisation_months.measure_value is not null then 0
        end as measure_value,
        case
            when own.month_budget_value is not null then own.month_budget_value
            when own.measure_id is null and organisation_months.month_budget_value is not null then 0
        end as month_budget_value
    from organisation_months
    inner join area_years
        on
            organisation_months.measure_id = area_years.measure_id
            and organisation_months.year_start = area_years.year_start
    left join core.measure_month as own
        on
            organisation_months.measure_id = own.measure_id
            and area_years.area_code = own.area_code
            and organisation_months.month = own.month
),

cumulated as (
    select
        *,
        sum(measure_value) over to_date as to_date_value,
        count(measure_value) over to_date as months_known,
        sum(month_budget_value) over the_rest as remaining_budget_value,
        count(month_budget_value) over the_rest as months_budgeted,
        sum(measure_value) over whole_year as year_value,
        count(measure_value) over whole_year as year_months_known,
        string_agg(case when measure_value is null then strftime(month, '%Y-%m') end, ', ') over to_date as months_lacking,
        string_agg(case when measure_value is null then strftime(month, '%Y-%m') end, ', ') over whole_year as year_months_lacking
    from area_months
    window
        to_date as (
            partition by measure_id, area_code, year_start
            order by month
            rows between unbounded preceding and current row
        ),
        the_rest as (
            partition by measure_id, area_code, year_start
            order by month
            rows between 1 following and unbounded following
        ),
        whole_year as (
            partition by measure_id, area_code, year_start
            order by month
            rows between unbounded preceding and unbounded following
        )
),

whole_months as (
    select
        measure_id,
        area_code,
        month,
        year_start,
        figure_unit,
        month_number,
        days_to_date,
        days_left,
        case when months_known = month_number then to_date_value end as to_date_value,
        case
            when months_known < month_number then coalesce('uppgift saknas för ' || months_lacking, 'uppgifter saknas')
        end as to_date_reason,
        case when year_months_known = 12 then year_value end as year_value,
        year_months_lacking,
        case when months_budgeted = 12 - month_number then coalesce(remaining_budget_value, 0) end as remaining_budget_value,
        months_budgeted
    from cumulated
),

history as (
    select
        now.measure_id,
        now.area_code,
        now.month as cut_month,
        false as is_closing,
        now.figure_unit,
        now.month_number,
        now.days_to_date,
        now.days_left,
        now.to_date_value,
        now.to_date_reason,
        cast(null as varchar) as base_method,
        cast(null as varchar) as months,
        before.year_value as last_year_value,
        case when before.year_value is not null then before.to_date_value end as last_year_to_date_value,
        case
            when before.measure_id is null then 'året före är inte känt'
            when before.year_value is null
                then coalesce('året före saknar ' || before.year_months_lacking, 'året före är inte känt i sin helhet')
        end as last_year_reason,
        now.remaining_budget_value
    from whole_months as now
    cross join build.closing as closing
    left join whole_months as before
        on
            now.measure_id = before.measure_id
            and now.area_code = before.area_code
            and now.month = cast(before.month + interval 1 year as date)
    where now.month_number < 12 and now.month < closing.period
),

-- The report's own figures, in the organisation of the period's last day.
closing_money as (
    select
        area_code,
        measure_id,
        max(case when quantity = 'actual' and year_offset = 0 then figure_value end) as to_date_value,
        max(case when quantity = 'actual' and year_offset = 0 then reason end) as to_date_reason,
        max(case when quantity = 'actual' and year_offset = -1 then figure_value end) as last_year_to_date_value,
        max(case when quantity = 'annual_accounts' and year_offset = -1 then figure_value end) as last_year_value,
        max(case when quantity = 'annual_accounts' and year_offset = -1 then reason end) as last_year_reason,
        max(case when quantity = 'budget_full_year' and year_offset = 0 then figure_value end) as budget_value_full_year,
        max(case when quantity = 'budget_to_date' and year_offset = 0 then figure_value end) as budget_value_to_date
    from core.figure_result
    where measure_id in ('cost', 'revenue') and organisation_view <> 'as_was'
    group by area_code, measure_id
),

budgeted_money as (
    select distinct months.measure_id
    from organisation_months as months
    inner join build.closing as closing
        on months.year_start = closing.year_start
    where months.month_budget_value is not null
),

volume_budget_areas as (
    select
        budgets.measure_id,
        coalesce(restated.area_code, '-') as area_code,
        budgets.month_budget_value,
        coalesce(restated.share, 1) as share
    from core.volume_budget_month as budgets
    left join core.unit_restated as restated
        on budgets.unit_code = restated.unit_code
    where budgets.year_offset = 0 and not budgets.is_to_date and budgets.measure_kind = 'flow'
    union all
    select
        measure_id,
        '' as area_code,
        month_budget_value,
        1 as share
    from core.volume_budget_month
    where year_offset = 0 and not is_to_date and measure_kind = 'flow'
),

volume_budgets as (
    select
        measure_id,
        area_code,
        case
            when count(*) = count(month_budget_value) then sum(cast(month_budget_value * share as decimal(28, 6)))
        end as remaining_budget_value
    from volume_budget_areas
    group by measure_id, area_code
),

-- A budget that stops before December says nothing about the rest of the year.
volumes_budgeted_whole as (
    select
        budgets.measure_id,
        count(distinct budgets.month_number) as months_budgeted
    from core.volume_budget_month as budgets
    where budgets.year_offset = 0 and not budgets.is_to_date
    group by budgets.measure_id
),

closing_cut as (
    select
        money.measure_id,
        money.area_code,
        'sek' as figure_unit,
        money.to_date_value,
        case when money.to_date_value is null then coalesce(money.to_date_reason, 'utfallet saknas') end as to_date_reason,
        cast(null as varchar) as base_method,
        cast(null as varchar) as months,
        money.last_year_value,
        money.last_year_to_date_value,
        case
            when money.last_year_value is null or money.last_year_to_date_value is null
                then coalesce(money.last_year_reason, 'året före är inte känt')
        end as last_year_reason,
        case
            when budgeted_money.measure_id is not null then money.budget_value_full_year - money.budget_value_to_date
        end as remaining_budget_value
    from closing_money as money
    left join budgeted_money
        on money.measure_id = budgeted_money.measure_id
    union all
    select
        volumes.measure_id,
        volumes.area_code,
        volumes.figure_unit,
        volumes.figure_value as to_date_value,
        case when volumes.figure_value is null then coalesce(volumes.reason, 'utfallet saknas') end as to_date_reason,
        case when volumes.value_status = 'estimated' then volumes.method end as base_method,
        case when volumes.value_status = 'estimated' then volumes.months end as months,
        last_year.year_value as last_year_value,
        case when last_year.year_value is not null then last_year.to_date_value end as last_year_to_date_value,
        case
            when last_year.measure_id is null then 'året före är inte känt'
            when last_year.year_value is null
                then coalesce('året före saknar ' || last_year.year_months_lacking, 'året före är inte känt i sin helhet')
        end as last_year_reason,
        case
            when closing.month_number = 12 then 0
            when whole.months_budgeted = 12 - closing.month_number then
                case when budgets.measure_id is null then 0 else budgets.remaining_budget_value end
        end as remaining_budget_value
    from core.figure_volume as volumes
    inner join reference.measures as measures
        on
            volumes.measure_id = measures.measure_id
            and measures.measure_kind = 'flow'
    cross join build.closing as closing
    left join whole_months as last_year
        on
            volumes.measure_id = last_year.measure_id
            and volumes.area_code = last_year.area_code
            and closing.previous_year_period = last_year.month
    left join volumes_budgeted_whole as whole
        on volumes.measure_id = whole.measure_id
    left join volume_budgets as budgets
        on
            volumes.measure_id = budgets.measure_id
            and volumes.area_code = budgets.area_code
    where volumes.year_offset = 0 and volumes.organisation_view <> 'as_was'
),

closing_calendar as (
    select
        closing.period,
        closing.month_number,
        sum(case when months.is_to_date then months.days else 0 end) as days_to_date,
        sum(case when months.is_to_date then 0 else months.days end) as days_left
    from build.closing as closing
    inner join build.month as months
        on months.year_offset = 0
    group by closing.period, closing.month_number
),

bases as (
    select * from history
    union all
    select
        closing_cut.measure_id,
        closing_cut.area_code,
        calendar.period as cut_month,
        true as is_closing,
        closing_cut.figure_unit,
        calendar.month_number,
        calendar.days_to_date,
        calendar.days_left,
        closing_cut.to_date_value,
        closing_cut.to_date_reason,
        closing_cut.base_method,
        closing_cut.months,
        closing_cut.last_year_value,
        closing_cut.last_year_to_date_value,
        closing_cut.last_year_reason,
        closing_cut.remaining_budget_value
    from closing_cut
    cross join closing_calendar as calendar
)

select
    measure_id,
    area_code,
    cut_month,
    is_closing,
    figure_unit,
    cast(month_number as integer) as month_number,
    cast(days_to_date as integer) as days_to_date,
    cast(days_left as integer) as days_left,
    base_method,
    months,
    case
        when abs(to_date_value) < 100000000000 or to_date_value is null then to_date_reason else 'utfallet är orimligt stort'
    end as to_date_reason,
    case
        when abs(last_year_value) < 100000000000 and abs(last_year_to_date_value) < 100000000000 or last_year_value is null
            then last_year_reason
        else 'året före är orimligt stort'
    end as last_year_reason,
    case when remaining_budget_value is null then 'budget saknas för resten av året' end as remaining_budget_reason,
    -- Beyond what 64 bits hold in millionths: no figure of an organisation, but a slip of the pen that must not end the close.
    cast(case when abs(to_date_value) < 100000000000 then to_date_value end as decimal(28, 6)) as to_date_value,
    cast(case when abs(last_year_value) < 100000000000 then last_year_value end as decimal(28, 6)) as last_year_value,
    cast(
        case when abs(last_year_to_date_value) < 100000000000 then last_year_to_date_value end as decimal(28, 6)
    ) as last_year_to_date_value,
    cast(remaining_budget_value as decimal(28, 6)) as remaining_budget_value
from bases
