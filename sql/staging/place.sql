-- Places by unit and kind, dated.
-- Source: platser_register.
-- Grain: one row per unit_code, place_kind, valid_from.
-- Key: unit_code, place_kind, valid_from
-- A closing is a row with antal 0.
select
    delivered.delivery_id,
    delivered.line,
    delivered.enhet_kod as unit_code,
    delivered.platstyp as place_kind,
    delivered.antal as places,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to,
    delivered.handelse as event_words
from raw.platser_register as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
