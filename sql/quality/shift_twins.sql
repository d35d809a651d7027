-- Shifts that equal another of their unit in everything but the id: when most do, the export is there twice.
-- Grain: one row per month and unit with shifts that somebody took.
-- Key: month, unit_code
-- A shift names no person: that one and the same works two at once shows only here. By chance a few are alike.
with alike as (
    select
        month,
        unit_code,
        count(*) as shifts
    from staging.shift
    where not is_vacant
    group by
        month,
        unit_code,
        dated_on,
        starts_at,
        ends_at,
        break_minutes,
        planned_hours,
        performed_hours,
        staffed_by
)

select
    alike.month,
    coalesce(alike.unit_code, '') as unit_code,
    cast(sum(alike.shifts) as bigint) as shifts,
    cast(coalesce(sum(alike.shifts) filter (where alike.shifts > 1), 0) as bigint) as shifts_alike,
    sum(alike.shifts) >= least.threshold_value
    and coalesce(sum(alike.shifts) filter (where alike.shifts > 1), 0) * 100 > sum(alike.shifts) * most.threshold_value as is_doubled
from alike
inner join core.threshold as least
    on least.threshold_id = 'shifts_alike_least'
inner join core.threshold as most
    on most.threshold_id = 'shifts_alike_share'
group by
    alike.month,
    coalesce(alike.unit_code, ''),
    least.threshold_value,
    most.threshold_value
