-- Employments that ended.
-- Source: heroma_avgang.
-- Grain: one row per employment_id, left_on.
-- Key: employment_id, left_on
-- period is the month of avgang_datum, the last day of employment. alder is in years, one decimal.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.anst_id as employment_id,
    delivered.enhet_kod as unit_code,
    delivered.anst_form as employment_form,
    delivered.kon as sex,
    delivered.avgang_datum as left_on,
    delivered.avgang_typ as leaving_type,
    delivered.extern as is_external,
    delivered.alder as age_years
from raw.heroma_avgang as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
