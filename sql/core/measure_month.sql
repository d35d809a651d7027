-- Each month's actual value of what can be forecast by its past: money, volumes and meals, in the organisation as it was.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and month.
-- Key: measure_id, area_code, month
-- Never an estimate: a month that lacks any part is missing, and says why. A month that has not come stands here for its budget alone
-- (`value_status` budget). The ledger alone, without adjustments: a month of the past has been booked since.
-- What this close reads wins; months before it, and later months of the year before that have not come, are as the newest earlier close
-- knew them (`known_in`). A month is taken whole from one close, so that its areas add up.
with candidates as (
    select
        volumes.measure_id,
        volumes.area_code,
        volumes.month,
        closing.period as known_in,
        volumes.figure_unit,
        volumes.is_read_whole,
        volumes.value_status,
        volumes.reason,
        volumes.measure_value
    from core.measure_volume_month as volumes
    cross join build.closing as closing
    union all
    select
        money.measure_id,
        money.area_code,
        money.month,
        closing.period as known_in,
        money.figure_unit,
        true as is_read_whole,
        money.value_status,
        money.reason,
        money.measure_value
    from core.measure_result_month as money
    cross join build.closing as closing
    where money.value_status <> 'budget'
    union all
    select
        measure_id,
        area_code,
        month,
        known_in,
        figure_unit,
        false as is_read_whole,
        value_status,
        reason,
        measure_value
    from build.earlier_measure_month
    where value_status <> 'budget'
),

-- Which close a month is taken from: this one where it reads the month whole, else the newest that knows it.
value_sources as (
    select
        measure_id,
        month,
        known_in
    from candidates
    where area_code = ''
    qualify row_number() over (
        partition by measure_id, month
        order by is_read_whole desc, measure_value is null, known_in desc
    ) = 1
),

month_values as (
    select candidates.*
    from candidates
    inner join value_sources
        on
            candidates.measure_id = value_sources.measure_id
            and candidates.month = value_sources.month
            and candidates.known_in = value_sources.known_in
),

volume_budget_areas as (
    select
        *,
        coalesce(area_code, '-') as own_area
    from core.volume_budget_month
    where measure_kind = 'flow'
    union all
    select
        *,
        '' as own_area
    from core.volume_budget_month
    where measure_kind = 'flow'
),

own_budgets as (
    select
        measure_id,
        own_area as area_code,
        month,
        figure_unit,
        case when count(*) = count(month_budget_value) then sum(month_budget_value) end as month_budget_value
    from volume_budget_areas
    group by measure_id, own_area, month, figure_unit
    union all
    select
        measure_id,
        area_code,
        month,
        'sek' as figure_unit,
        month_budget_value
    from core.measure_result_month
    where month_budget_value is not null
),

budget_candidates as (
    select
        own_budgets.measure_id,
        own_budgets.area_code,
        own_budgets.month,
        closing.period as known_in,
        own_budgets.figure_unit,
        cast(own_budgets.month_budget_value as decimal(28, 6)) as month_budget_value
    from own_budgets
    cross join build.closing as closing
    union all
    select
        measure_id,
        area_code,
        month,
        known_in,
        figure_unit,
        month_budget_value
    from build.earlier_measure_month
    where month_budget_value is not null
),

budget_sources as (
    select
        measure_id,
        month,
        known_in
    from budget_candidates
    where area_code = ''
    qualify row_number() over (partition by measure_id, month order by known_in desc) = 1
),

month_budgets as (
    select budget_candidates.*
    from budget_candidates
    inner join budget_sources
        on
            budget_candidates.measure_id = budget_sources.measure_id
            and budget_candidates.month = budget_sources.month
            and budget_candidates.known_in = budget_sources.known_in
)

select
    coalesce(month_values.measure_id, month_budgets.measure_id) as measure_id,
    coalesce(month_values.area_code, month_budgets.area_code) as area_code,
    coalesce(month_values.month, month_budgets.month) as month,
    coalesce(month_values.known_in, month_budgets.known_in) as known_in,
    coalesce(month_values.figure_unit, month_budgets.figure_unit) as figure_unit,
    coalesce(month_values.value_status, 'budget') as value_status,
    month_values.reason,
    month_values.measure_value,
    month_budgets.month_budget_value
from month_values
full outer join month_budgets
    on
        month_values.measure_id = month_budgets.measure_id
        and month_values.area_code = month_budgets.area_code
        and month_values.month = month_budgets.month
