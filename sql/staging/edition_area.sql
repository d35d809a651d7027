-- The areas of a report edition: a row a name of an area.
-- Source: edition_omrade.
-- Grain: one row per area_code and first day of the name.
-- Key: area_code, valid_from
-- An unknown first or last day is an open one.
select
    delivered.delivery_id,
    delivered.line,
    delivered.affarsomrade as area_code,
    delivered.namn as area_name,
    delivered.ordning as order_number,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to
from raw.edition_omrade as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
