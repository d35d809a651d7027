-- The areas of a report edition.
-- Source: edition_omrade.
-- Grain: one row per area_code.
-- Key: area_code
select
    delivered.delivery_id,
    delivered.line,
    delivered.affarsomrade as area_code,
    delivered.namn as area_name,
    delivered.ordning as order_number
from raw.edition_omrade as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
