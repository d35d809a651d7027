-- Each value typed for an indicator in the closed period against what the catalogue says of the indicator.
-- Grain: one row per indicator, sex and observation period with a value.
-- Key: indicator_id, sex, observation_period
-- A value is dated by what it is about, to the last day of that month or year. Without a catalogue nothing is asked of it.
with first_days as (
    select
        indicator_id,
        min(first_day) as first_day
    from staging.edition_indicator
    group by indicator_id
)

select
    typed.indicator_id,
    typed.sex,
    typed.observation_period,
    typed.observed_period,
    typed.line,
    applied.file_name,
    applied.extract,
    typed.observed_value,
    catalogued.first_day,
    catalogued.indicator_id is null and exists (select 1 from staging.edition_indicator) as is_not_catalogued,
    -- Compared as text, so that no month needs 31 days.
    coalesce(
        case when length(typed.observed_period) = 4 then typed.observed_period || '-12' else typed.observed_period end || '-31'
        < strftime(catalogued.first_day, '%Y-%m-%d'),
        false
    ) as is_before_first_day
from core.indicator_observation as typed
inner join build.closing_deliveries as applied
    on typed.delivery_id = applied.delivery_id
left join first_days as catalogued
    on typed.indicator_id = catalogued.indicator_id
where typed.observed_value is not null
