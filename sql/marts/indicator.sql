-- What people typed for the indicators in the closed period: observations of this year and earlier ones, and targets.
-- Grain: one row per indicator, sex and observation period.
-- Key: indicator_id, sex, observation_period
-- `year_offset` counts from the closed year; `is_closed_month` and `is_closed_year` mark observations of the closed month and of the
-- closed year. Values and targets are in the unit that the report prints. `words` stand where there is no value, as written.
with typed_missing as (
    select
        delivery_id,
        line,
        min(word) as missing_word,
        min(reason) as reason
    from raw.missing_value
    where column_name = 'varde'
    group by delivery_id, line
)

select
    input.indicator_id,
    input.sex,
    input.observation_period,
    cast(cast(substr(input.observation_period, 1, 4) as integer) - cast(strftime(closing.period, '%Y') as integer) as integer)
        as year_offset,
    input.observation_period = strftime(closing.period, '%Y-%m') as is_closed_month,
    input.observation_period = strftime(closing.period, '%Y') as is_closed_year,
    case when input.indicator_value is null then coalesce(nullif(input.missing_words, ''), typed_missing.missing_word) end as words,
    case when input.indicator_value is null then 'missing' else 'actual' end as value_status,
    case when input.indicator_value is null then typed_missing.reason end as reason,
    nullif(input.target_words, '') as target_words,
    cast(input.indicator_value as decimal(28, 6)) as observed_value,
    input.target_value
from staging.indicator_input as input
inner join build.closing as closing
    on input.month = closing.period
left join typed_missing
    on
        input.delivery_id = typed_missing.delivery_id
        and input.line = typed_missing.line
