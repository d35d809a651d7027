-- The areas that the edition knows, each once, with what it is called at the close.
-- Grain: one row per area.
-- Key: area_code
-- An area that is not in force on the period's last day (`is_in_force`) is known by the last name it had: rows about earlier years may
-- stand in it, and nobody owes a forecast for it. '-' is the edition's row for what belongs to no area.
with named as (
    select
        areas.*,
        coalesce(areas.valid_from <= closing.period_end, true) as has_begun,
        coalesce(areas.valid_from <= closing.period_end, true) and coalesce(areas.valid_to >= closing.period_end, true) as is_in_force
    from staging.edition_area as areas
    cross join build.closing as closing
)

select
    area_code,
    delivery_id,
    line,
    area_name,
    order_number,
    is_in_force
from named
qualify row_number() over (
    partition by area_code
    order by is_in_force desc, has_begun desc, valid_from desc nulls last, line asc
) = 1
