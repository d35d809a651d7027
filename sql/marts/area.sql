-- The areas: what each code is called at the close.
-- Grain: one row per area that the edition knows.
-- Key: area_code
-- '-' is what belongs to no area, where the edition has a name for it. `is_in_force`: on the period's last day.
select
    area_code,
    area_name,
    order_number,
    is_in_force
from core.known_area
