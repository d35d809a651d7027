-- The places that the dated events lead to, against the places of each month's last day.
-- Grain: one row per kind of places and month of January…period that has every unit's places.
-- Key: place_kind, month
-- Expected is marts.volume's sum; actual is the sum of all events up to that day: a bridge between any two of the days foots.
with counted as (
    select
        volume_kind as place_kind,
        month,
        sum(volume) as expected
    from marts.volume
    where measure_kind = 'stock'
    group by volume_kind, month
    having count(*) = count(volume)
),

led_to as (
    select
        counted.place_kind,
        counted.month,
        sum(events.places_change) as actual
    from counted
    inner join build.month as months
        on counted.month = months.month
    inner join marts.place_event as events
        on
            counted.place_kind = events.place_kind
            and months.month_end >= events.event_date
    group by counted.place_kind, counted.month
    having count(*) = count(events.places_change)
)

select
    counted.place_kind,
    counted.month,
    cast(counted.expected as decimal(28, 6)) as expected,
    cast(led_to.actual as decimal(28, 6)) as actual,
    cast(led_to.actual - counted.expected as decimal(28, 6)) as difference
from counted
inner join led_to
    on
        counted.place_kind = led_to.place_kind
        and counted.month = led_to.month
