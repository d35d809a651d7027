-- One row per employment that existed any day of the period, as on the period's (or the employment's) last day.
-- Source: heroma_anstallning.
-- Grain: one row per month, employment_id.
-- Key: month, employment_id
-- anst_tom is what was known at extraction; no definition may depend on one after the period's end.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.person_key,
    delivered.anst_id as employment_id,
    delivered.enhet_kod as unit_code,
    delivered.befattning_aid as position_code,
    delivered.anst_form as employment_form,
    delivered.loneform as pay_form,
    delivered.sysselsattningsgrad as grade_percent,
    delivered.kon as sex,
    delivered.fodelsedatum as birth_date,
    delivered.anst_from as employed_from,
    delivered.anst_tom as employed_to,
    delivered.skyddad as is_protected
from raw.heroma_anstallning as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
