-- Home care by unit and kind.
-- Source: treserva_hemtjanst.
-- Grain: one row per month, unit_code, care_kind.
-- Key: month, unit_code, care_kind
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.enhet_kod as unit_code,
    delivered.omrade as district,
    delivered.insats as care_kind,
    delivered.beviljade_timmar as granted_hours,
    delivered.planerade_timmar as planned_hours,
    delivered.utforda_timmar as performed_hours,
    delivered.debiterbara_timmar as chargeable_hours,
    delivered.brukare_antal as clients,
    delivered.status as delivery_status
from raw.treserva_hemtjanst as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
