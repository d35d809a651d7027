-- The units that came to the organisation from outside since the year before began: taken over from others, or opened.
-- Grain: one row per unit in force at the close.
-- Key: unit_code
-- It is nobody's successor, and had not begun on the first day of the year before. No comparative can hold what it did elsewhere: the
-- organisation has changed, though nothing is restated.
select
    registered.unit_code,
    min(registered.valid_from) as arrived_on,
    restated.area_code
from core.unit_as_was as registered
cross join build.closing as closing
inner join core.unit_restated as restated
    on
        registered.unit_code = restated.unit_code
        and registered.unit_code = restated.restated_unit_code
where
    registered.unit_code not in (
        select taken_over.restated_unit_code
        from core.unit_restated as taken_over
        where taken_over.restated_unit_code <> taken_over.unit_code
    )
group by registered.unit_code, restated.area_code
having min(registered.valid_from) > max(closing.previous_year_start)
