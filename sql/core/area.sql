-- The areas of the edition, by every spelling under which a source may deliver them: the code or the printed name.
-- Grain: one row per spelling.
-- Key: area
-- Where one area's name is another's code, the code wins. '-' is the edition's row for what belongs to no area.
with spellings as (
    select
        area_code as area,
        area_code,
        area_name,
        order_number,
        delivery_id,
        line,
        1 as precedence
    from staging.edition_area
    union all
    select
        area_name as area,
        area_code,
        area_name,
        order_number,
        delivery_id,
        line,
        2 as precedence
    from staging.edition_area
)

select
    area,
    delivery_id,
    line,
    area_code,
    area_name,
    order_number
from spellings
qualify row_number() over (partition by area order by precedence, order_number, area_code) = 1
