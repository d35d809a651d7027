-- The controllers' full-year forecast, revenue and cost without sign.
-- Source: ekonomi_prognos.
-- Grain: one row per month, area, forecast_kind.
-- Key: month, area, forecast_kind
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.affarsomrade as area,
    delivered.slag as forecast_kind,
    delivered.prognos_helar as forecast_sek,
    delivered.metod as method_words,
    delivered.ansvarig as responsible,
    delivered.datum as dated_on,
    delivered.motivering as reason_words
from raw.ekonomi_prognos as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
