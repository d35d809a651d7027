-- A person's full-year forecast of a measure.
-- Source: verksamhet_prognos.
-- Grain: one row per month, measure_id.
-- Key: month, measure_id
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.matt_id as measure_id,
    delivered.prognos_helar as measure_forecast,
    delivered.motivering as reason_words,
    delivered.ansvarig as responsible,
    delivered.datum as dated_on
from raw.verksamhet_prognos as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
