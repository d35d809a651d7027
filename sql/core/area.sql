-- The areas of the edition, by every spelling under which a source may deliver them: the code, or a name that it has or has had.
-- Grain: one row per spelling.
-- Key: area
-- Where one area's name is another's code, the code wins; where two areas have had one name, the one that has it at the close, else the
-- one that had it last. `area_name` is what the area is called at the close.
select
    spellings.area,
    areas.delivery_id,
    areas.line,
    areas.area_code,
    areas.area_name,
    areas.order_number
from core.area_spelling as spellings
cross join build.closing as closing
inner join core.known_area as areas
    on spellings.area_code = areas.area_code
qualify row_number() over (
    partition by spellings.area
    order by
        spellings.spelling_kind asc,
        coalesce(spellings.valid_from <= closing.period_end, true) and coalesce(spellings.valid_to >= closing.period_end, true) desc,
        spellings.valid_from desc nulls last,
        areas.order_number asc,
        areas.area_code asc
) = 1
