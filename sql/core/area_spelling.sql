-- Every spelling under which a source may deliver an area, with the days that it has held: the code, and each name it has had.
-- Grain: one row per spelling, area and first day of the name.
-- Key: area, area_code, valid_from, spelling_kind
-- A code holds whatever the area is called. A name may have gone from one area to another: then the day decides (core.unit_as_was), and
-- for what is about the closed period its last day (core.area).
select
    areas.area_code as area,
    areas.area_code,
    areas.valid_from,
    'code' as spelling_kind,
    areas.delivery_id,
    areas.line,
    areas.valid_to
from staging.edition_area as areas
union all
select
    areas.area_name as area,
    areas.area_code,
    areas.valid_from,
    'name' as spelling_kind,
    areas.delivery_id,
    areas.line,
    areas.valid_to
from staging.edition_area as areas
