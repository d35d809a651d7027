-- The dated register of units.
-- Source: organisation_enhet.
-- Grain: one row per unit_code, valid_from, successor_code.
-- Key: unit_code, valid_from, successor_code
select
    delivered.delivery_id,
    delivered.line,
    delivered.enhet_kod as unit_code,
    delivered.enhet_namn as unit_name,
    delivered.ansvar,
    delivered.affarsomrade as area,
    delivered.verksamhetstyp as activity_type,
    delivered.omrade as district,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to,
    delivered.efterfoljare as successor_code,
    delivered.andel as share_percent
from raw.organisation_enhet as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
