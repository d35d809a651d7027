-- Personal assistance by unit and law.
-- Source: treserva_assistans.
-- Grain: one row per month, unit_code, lagrum.
-- Key: month, unit_code, lagrum
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.enhet_kod as unit_code,
    delivered.lagrum,
    delivered.timmar as assistance_hours,
    delivered.brukare_antal as clients,
    delivered.status as delivery_status
from raw.treserva_assistans as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
