-- Indicators that people type, targets, and earlier years' figures.
-- Source: indikatorer_manuell.
-- Grain: one row per month, indicator_id, sex, observation_period.
-- Key: month, indicator_id, sex, observation_period
-- avser says which period the figure is about, where that is another than matperiod, under which it is printed.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.indikator_id as indicator_id,
    delivered.kon as sex,
    delivered.matperiod as observation_period,
    delivered.varde as indicator_value,
    delivered.saknas as missing_words,
    delivered.mal as target_value,
    delivered.mal_ord as target_words,
    delivered.avser as observed_period,
    delivered.kalla as indicator_source,
    delivered.ansvarig as responsible
from raw.indikatorer_manuell as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
