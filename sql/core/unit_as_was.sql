-- The units as they were: each validity of a unit once, with the area it belonged to then.
-- Grain: one row per unit and first day of validity.
-- Key: unit_code, valid_from
-- The register repeats a validity for each successor; those rows are equal but for successor and share, and the first stands for them.
-- An area that the edition does not know leaves `area_code` unknown.
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
left join core.area as areas
    on registered.area = areas.area
qualify row_number() over (partition by registered.unit_code, registered.valid_from order by registered.line, registered.delivery_id) = 1
