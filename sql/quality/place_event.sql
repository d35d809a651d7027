-- The changes of places that nobody has named, in the years that the report compares.
-- Grain: one row per event from January of the year before to the period's last day.
-- Key: place_kind, unit_code, event_date
-- A bridge prints such a step without words.
select
    event.place_kind,
    event.unit_code,
    event.event_date,
    event.event_kind,
    event.places_change,
    event.event_words is null and coalesce(event.places_change, 1) <> 0 as is_unexplained
from marts.place_event as event
cross join build.closing as closing
where event.event_date >= closing.previous_year_start and event.event_date <= closing.period_end
