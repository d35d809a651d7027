-- Where each typed figure comes from: the source and the role that answers for it, of the closed period's observations.
-- Grain: one row per indicator, sex and observation period.
-- Key: indicator_id, sex, observation_period
select
    typed.indicator_id,
    typed.sex,
    typed.observation_period,
    typed.observed_period,
    typed.indicator_source,
    typed.responsible
from staging.indicator_input as typed
inner join build.closing as closing
    on typed.month = closing.period
