-- Hours contracted and worked, per employment.
-- Source: heroma_arbetstid.
-- Grain: one row per month, employment_id.
-- Key: month, employment_id
-- ordinarie_timmar is contracted, before any absence; arbetade_timmar is all hours worked, of which mertid, overtid and timlon.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.anst_id as employment_id,
    delivered.enhet_kod as unit_code,
    delivered.ordinarie_timmar as ordinary_hours,
    delivered.arbetade_timmar as worked_hours,
    delivered.mertid_timmar as additional_hours,
    delivered.overtid_timmar as overtime_hours,
    delivered.timlon_timmar as hourly_paid_hours
from raw.heroma_arbetstid as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
