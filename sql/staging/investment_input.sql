-- The controllers' frames and forecasts by investment project, without sign.
-- Source: ekonomi_investering.
-- Grain: one row per month, area, projekt.
-- Key: month, area, projekt
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.affarsomrade as area,
    delivered.projekt,
    delivered.ram as frame_sek,
    delivered.prognos_utgift as expenditure_forecast_sek,
    delivered.prognos_inkomst as income_forecast_sek,
    delivered.ansvarig as responsible,
    delivered.datum as dated_on,
    delivered.motivering as reason_words
from raw.ekonomi_investering as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
