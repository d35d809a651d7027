-- Whether the organisation changed between January–period of the year before and the period's last day.
-- Grain: one row per area, and one ('') for the whole organisation.
-- Key: area_code
-- An area has changed when a unit came to it or went from it, the whole when one left or arrived from outside: what moves between areas, or
-- gets a new code, is in it then as now.
with then_in_force as (
    select distinct
        registered.unit_code,
        coalesce(registered.area_code, '-') as area_code
    from core.unit_as_was as registered
    cross join build.closing as closing
    where
        registered.valid_from <= closing.previous_year_period_end
        and (registered.valid_to is null or registered.valid_to >= closing.previous_year_start)
),

-- From the area that a unit had then to where its accounts are now.
ways as (
    select
        members.area_code as area_then,
        coalesce(restated.area_code, '-') as area_now,
        restated.restatement_tag = 'left' as has_left
    from then_in_force as members
    inner join core.unit_restated as restated
        on members.unit_code = restated.unit_code
),

changed as (
    select area_then as area_code
    from ways
    where area_then <> area_now
    union
    select area_now as area_code
    from ways
    where area_then <> area_now
    union
    select '' as area_code
    from ways
    where has_left
    union
    select coalesce(arrivals.area_code, '-') as area_code
    from core.unit_arrival as arrivals
    union
    select '' as area_code
    from core.unit_arrival
)

select
    '' as area_code,
    '' in (select changed.area_code from changed) as is_changed
union all
select
    areas.area_code,
    areas.area_code in (select changed.area_code from changed) as is_changed
from core.known_area as areas
