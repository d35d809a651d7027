-- Shifts that cannot have been: longer than a day, dated outside their month, or with planned hours that are not the clock's.
-- Grain: one row per month and unit.
-- Key: month, unit_code
-- Planned hours are the clock's from start to end less the break; over a night when the clock is changed the hours that passed count,
-- not the clock's.
with nights_of_change as (
    -- by the day on which a night begins whose clock is changed before it ends
    select
        cast(changed_on - interval 1 day as date) as dated_on,
        elapsed_minutes_change
    from reference.clock_changes
),

clock as (
    select
        shift.month,
        shift.unit_code,
        shift.dated_on,
        shift.dated_on < shift.month or shift.dated_on > month.month_end as is_outside_month,
        greatest(shift.planned_hours, shift.performed_hours) as most_hours,
        shift.planned_hours * 60 as planned_minutes,
        hour(shift.ends_at) * 60 + minute(shift.ends_at) - hour(shift.starts_at) * 60 - minute(shift.starts_at)
        + case when shift.ends_at <= shift.starts_at then 1440 else 0 end
        - coalesce(shift.break_minutes, 0) as clock_minutes,
        -- from before two until after three, on the day of the shift or the day after it
        coalesce(
            case
                when shift.starts_at <= time '02:00:00' and (shift.ends_at <= shift.starts_at or shift.ends_at >= time '03:00:00')
                    then same_day.elapsed_minutes_change
            end,
            case
                when shift.ends_at <= shift.starts_at and shift.ends_at >= time '03:00:00' then next_day.elapsed_minutes_change
            end
        ) as clock_change_minutes
    from staging.shift as shift
    inner join build.month as month
        on shift.month = month.month
    left join reference.clock_changes as same_day
        on shift.dated_on = same_day.changed_on
    left join nights_of_change as next_day
        on shift.dated_on = next_day.dated_on
)

select
    clock.month,
    coalesce(clock.unit_code, '') as unit_code,
    count(*) as shifts,
    count(*) filter (where clock.most_hours > most.threshold_value) as shifts_over_day,
    count(*) filter (where clock.is_outside_month) as shifts_outside_month,
    count(*) filter (
        where
        clock.clock_change_minutes is null
        and abs(clock.planned_minutes - clock.clock_minutes) > tolerated.threshold_value
    ) as shifts_off_clock,
    count(*) filter (
        where
        clock.clock_change_minutes is not null
        and abs(clock.planned_minutes - clock.clock_minutes - clock.clock_change_minutes) > tolerated.threshold_value
    ) as shifts_off_changed_clock
from clock
inner join core.threshold as most
    on most.threshold_id = 'shift_hours_most'
inner join core.threshold as tolerated
    on tolerated.threshold_id = 'shift_clock_tolerance'
group by
    clock.month,
    coalesce(clock.unit_code, '')
