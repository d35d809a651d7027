-- What was typed for an indicator this year against what was typed for the year before.
-- Grain: one row per indicator and sex observed in both years.
-- Key: indicator_id, sex
-- The closed month's observation, failing that the closed year's; against the same month or the whole of the year before.
with observations as (
    select
        indicator_id,
        sex,
        year_offset,
        observed_value
    from marts.indicator
    where
        observed_value is not null
        and year_offset in (0, -1)
    qualify row_number() over (partition by indicator_id, sex, year_offset order by observation_period desc) = 1
)

select
    now.indicator_id,
    now.sex,
    now.observed_value,
    now.observed_value = before.observed_value as is_unchanged
from observations as now
inner join observations as before
    on
        now.indicator_id = before.indicator_id
        and now.sex = before.sex
        and before.year_offset = -1
where now.year_offset = 0
