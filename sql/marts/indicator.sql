-- What people typed for the indicators in the closed period: observations of this year and earlier ones, and targets.
-- Grain: one row per indicator, sex and observation period.
-- Key: indicator_id, sex, observation_period
-- `year_offset` counts from the closed year; `is_closed_month` and `is_closed_year` mark observations of the closed month and of the
-- closed year. Values and targets are in the unit that the report prints. `words` stand where there is no value, as written; `reason` says
-- what they mean and `expected_day` when the value is promised or due. `observed_period` is what the figure is about.
select
    indicator_id,
    sex,
    observation_period,
    year_offset,
    is_closed_month,
    is_closed_year,
    observed_period,
    words,
    value_status,
    reason,
    expected_day,
    target_words,
    observed_value,
    target_value
from core.indicator_observation
