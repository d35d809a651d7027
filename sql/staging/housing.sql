-- Care days by unit and form of housing.
-- Source: treserva_boende.
-- Grain: one row per month, unit_code, housing_form.
-- Key: month, unit_code, housing_form
-- platser is those of the period's last day.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.enhet_kod as unit_code,
    delivered.boendeform as housing_form,
    delivered.platser as places,
    delivered.belagda_dygn as occupied_days,
    delivered.status as delivery_status
from raw.treserva_boende as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
