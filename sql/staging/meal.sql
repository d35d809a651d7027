-- Meals by unit.
-- Source: kost_maltider.
-- Grain: one row per month, unit_code.
-- Key: month, unit_code
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.enhet_kod as unit_code,
    delivered.portioner as portions
from raw.kost_maltider as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
