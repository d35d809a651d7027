-- The edition's areas against their own rules: one name on a day, no name that two areas have on one day.
-- Grain: one row per area and first day of the name.
-- Key: area_code, valid_from
-- A name may go from one area to another, and an area may change its name; what was delivered under it is then read by the day.
with collisions as (
    select
        one.area_code,
        one.valid_from,
        string_agg(cast(other.line as varchar), ', ' order by other.line) as other_line_list,
        count(*) filter (where one.area_code = other.area_code) as overlapping_validities,
        count(*) filter (where one.area_code <> other.area_code) as areas_of_same_name
    from staging.edition_area as one
    inner join staging.edition_area as other
        on
            (one.area_code = other.area_code or one.area_name = other.area_name)
            and (one.area_code <> other.area_code or one.line <> other.line)
            and coalesce(one.valid_from <= other.valid_to, true)
            and coalesce(one.valid_to >= other.valid_from, true)
    group by one.area_code, one.valid_from
)

select
    areas.area_code,
    areas.valid_from,
    areas.delivery_id,
    areas.line,
    areas.valid_to,
    areas.area_name,
    coalesce(collisions.other_line_list, '') as other_line_list,
    coalesce(collisions.overlapping_validities, 0) as overlapping_validities,
    coalesce(collisions.areas_of_same_name, 0) as areas_of_same_name,
    coalesce(areas.valid_to < areas.valid_from, false) as is_ended_before_begun
from staging.edition_area as areas
left join collisions
    on
        areas.area_code = collisions.area_code
        and areas.valid_from is not distinct from collisions.valid_from
