-- The units as they were: each validity of a unit once, with the area it belonged to then.
-- Grain: one row per unit and first day of validity.
-- Key: unit_code, valid_from
-- The register repeats a validity for each successor; those rows are equal but for successor and share, and the first stands for them.
-- An area that the edition does not know leaves `area_code` unknown. A name that two areas have had is the one's that had it on the
-- unit's first day: renaming an area moves no unit.
select
    registered.unit_code,
    registered.valid_from,
    registered.delivery_id,
    registered.line,
    registered.valid_to,
    registered.unit_name,
    registered.ansvar,
    areas.area_code,
    registered.activity_type,
    registered.district
from staging.unit as registered
left join core.area_spelling as areas
    on registered.area = areas.area
qualify row_number() over (
    partition by registered.unit_code, registered.valid_from
    order by
        registered.line asc,
        registered.delivery_id asc,
        areas.spelling_kind asc,
        coalesce(areas.valid_from <= registered.valid_from, true) and coalesce(areas.valid_to >= registered.valid_from, true) desc,
        areas.valid_from desc nulls last,
        areas.area_code asc
) = 1
