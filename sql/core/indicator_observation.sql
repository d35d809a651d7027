-- What people typed for the indicators in the closed period: observations of this year and earlier ones, and why a value is missing.
-- Grain: one row per indicator, sex and observation period.
-- Key: indicator_id, sex, observation_period
-- A word in `saknas` says why before an empty number does. A missing value without a promise of its own is expected when the catalogue says
-- so. `observed_period` is what the figure is about, where the file says so another period than the one it is printed under.
with typed_missing as (
    select
        delivery_id,
        line,
        column_name,
        word,
        reason,
        expected_day
    from raw.missing_value
    where column_name in ('varde', 'saknas')
    qualify row_number() over (partition by delivery_id, line order by case column_name when 'saknas' then 1 else 2 end) = 1
)

select
    input.delivery_id,
    input.line,
    input.indicator_id,
    input.sex,
    input.observation_period,
    cast(cast(substr(input.observation_period, 1, 4) as integer) - cast(strftime(closing.period, '%Y') as integer) as integer)
        as year_offset,
    input.observation_period = strftime(closing.period, '%Y-%m') as is_closed_month,
    input.observation_period = strftime(closing.period, '%Y') as is_closed_year,
    coalesce(input.observed_period, input.observation_period) as observed_period,
    case when input.indicator_value is null then coalesce(nullif(input.missing_words, ''), typed_missing.word) end as words,
    case when input.indicator_value is null then 'missing' else 'actual' end as value_status,
    -- A word that nobody has listed says no reason that we know of; it is printed as it stands.
    case
        when
            input.indicator_value is null
            and (coalesce(input.missing_words, '') = '' or typed_missing.column_name = 'saknas')
            then typed_missing.reason
    end as reason,
    case when input.indicator_value is null then coalesce(typed_missing.expected_day, catalogued.expected_day) end as expected_day,
    cast(input.indicator_value as decimal(28, 6)) as observed_value,
    input.target_value,
    nullif(input.target_words, '') as target_words
from staging.indicator_input as input
inner join build.closing as closing
    on input.month = closing.period
left join typed_missing
    on
        input.delivery_id = typed_missing.delivery_id
        and input.line = typed_missing.line
left join core.indicator_definition as catalogued
    on
        input.indicator_id = catalogued.indicator_id
        and (
            input.observation_period = strftime(closing.period, '%Y-%m')
            or input.observation_period = strftime(closing.period, '%Y')
        )
