-- The register of known gaps.
-- Source: luckor.
-- Grain: one row per extract, unit_code, gap_from.
-- Key: extract, unit_code, gap_from
-- enhet_kod empty: all units. A month missing with a row is estimated and footnoted, without one it stops the gate.
select
    delivered.delivery_id,
    delivered.line,
    delivered.extract,
    delivered.enhet_kod as unit_code,
    delivered.fran as gap_from,
    delivered.till as gap_to,
    delivered.orsak as gap_reason,
    delivered.arende as case_number,
    delivered.ansvarig as responsible,
    delivered.vantas as expected_day
from raw.luckor as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
