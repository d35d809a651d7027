-- One row per shift.
-- Source: timecare_pass.
-- Grain: one row per shift_id.
-- Key: shift_id
-- Local time; slut at or before start means the next day; all hours belong to datum.
-- A vacant shift has utforda_timmar 0 and no bemannad_av.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.pass_id as shift_id,
    delivered.enhet_kod as unit_code,
    delivered.datum as dated_on,
    delivered.start as starts_at,
    delivered.slut as ends_at,
    delivered.rast_min as break_minutes,
    delivered.planerade_timmar as planned_hours,
    delivered.utforda_timmar as performed_hours,
    delivered.bemannad_av as staffed_by,
    delivered.vakant as is_vacant
from raw.timecare_pass as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
