-- Which typed observation each column of the report is: the indicator's own, or an earlier id's from before the definition changed.
-- Grain: one row per indicator, sex, quantity (observation, actual) and year.
-- Key: indicator_id, sex, quantity, year_offset
-- observation: the closed year's is that of the closed month, failing it that of the closed year; an earlier year's is that of the whole
-- year. actual: the same for the closed year, the same month's for an earlier one. What an earlier id measured in another unit is missing
-- here, with the reason: two units in one row would be read as one.
with observed as (
    select
        typed.delivery_id,
        typed.line,
        typed.indicator_id,
        typed.sex,
        typed.observation_period,
        typed.observed_period,
        typed.year_offset,
        typed.is_closed_month,
        typed.is_closed_year,
        typed.words,
        typed.value_status,
        typed.reason,
        typed.expected_day,
        typed.observed_value,
        strftime(closing.period, '%Y-%m') as closed_month,
        substr(typed.observation_period, 5) = '-' || strftime(closing.period, '%m') as is_same_month,
        length(typed.observation_period) = 4 as is_whole_year,
        -- Only ever compared as text, so that no month needs 31 days.
        case when length(typed.observation_period) = 4 then typed.observation_period || '-12' else typed.observation_period end || '-31'
            as observed_until
    from core.indicator_observation as typed
    cross join build.closing as closing
),

said as (
    select
        observed.delivery_id,
        observed.line,
        observed.indicator_id,
        observed.sex,
        observed.observation_period,
        observed.observed_period,
        observed.year_offset,
        observed.is_closed_month,
        observed.is_closed_year,
        observed.words,
        observed.value_status,
        observed.reason,
        observed.expected_day,
        observed.observed_value,
        observed.closed_month,
        observed.is_same_month,
        observed.is_whole_year,
        observed.indicator_id as typed_id,
        0 as replacement_step,
        true as is_same_unit,
        cast(null as date) as since_day,
        cast(null as varchar) as earlier_definition,
        cast(null as varchar) as earlier_unit
    from observed
    union all
    select
        observed.delivery_id,
        observed.line,
        earlier.indicator_id,
        observed.sex,
        observed.observation_period,
        observed.observed_period,
        observed.year_offset,
        observed.is_closed_month,
        observed.is_closed_year,
        observed.words,
        observed.value_status,
        observed.reason,
        observed.expected_day,
        observed.observed_value,
        observed.closed_month,
        observed.is_same_month,
        observed.is_whole_year,
        earlier.earlier_id as typed_id,
        earlier.replacement_step,
        earlier.is_same_unit,
        earlier.since_day,
        earlier.earlier_definition,
        earlier.earlier_unit
    from observed
    inner join core.indicator_predecessor as earlier
        on
            observed.indicator_id = earlier.earlier_id
            and observed.observed_until < strftime(earlier.since_day, '%Y-%m-%d')
    where observed.year_offset < 0
),

-- A closed year's figure serves both kinds of column.
asked as (
    select
        said.*,
        'observation' as quantity,
        coalesce(said.observed_period not in (said.closed_month, substr(said.closed_month, 1, 4)), false) as is_other_period
    from said
    where said.is_closed_month or said.is_closed_year
    union all
    select
        said.*,
        'actual' as quantity,
        said.observed_period <> said.closed_month as is_other_period
    from said
    where said.is_closed_month or said.is_closed_year
    union all
    select
        said.*,
        'observation' as quantity,
        said.observed_period <> said.observation_period as is_other_period
    from said
    where said.year_offset < 0 and said.is_whole_year
    union all
    select
        said.*,
        'actual' as quantity,
        said.observed_period <> said.observation_period as is_other_period
    from said
    where said.year_offset < 0 and said.is_same_month
),

-- The indicator's own word comes before an earlier id's, the month's before the year's.
chosen as (
    select *
    from asked
    qualify
        row_number() over (
            partition by indicator_id, sex, quantity, year_offset
            order by replacement_step asc, is_closed_month desc
        ) = 1
)

select
    indicator_id,
    sex,
    quantity,
    year_offset,
    delivery_id,
    line,
    typed_id,
    observation_period,
    observed_period,
    is_other_period and observed_value is not null as is_other_period,
    is_same_unit,
    since_day,
    earlier_definition,
    case when is_same_unit then words end as words,
    case when is_same_unit then value_status else 'missing' end as value_status,
    case
        when is_same_unit then reason
        else 'mättes i ' || earlier_unit || ' före ' || strftime(since_day, '%Y-%m-%d') || ', går inte att jämföra'
    end as reason,
    expected_day,
    case when is_same_unit then observed_value end as observed_value
from chosen
