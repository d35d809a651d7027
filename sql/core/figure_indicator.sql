-- What people typed, as figures: observations, targets and assessments.
-- Grain: one row per indicator or goal, sex, quantity and year.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- observation: the closed year's is that of the closed month, failing it that of the closed year; an earlier year's is that of the whole
-- year. actual: the same for the closed year, the same month's for an earlier one. target: from the observation row of the closed month
-- or year, the month first.
with observed as (
    select
        typed.*,
        strftime(closing.period, '%m') as closed_month
    from marts.indicator as typed
    cross join build.closing as closing
),

of_closed as (
    select *
    from observed
    where is_closed_month or is_closed_year
    qualify row_number() over (partition by indicator_id, sex order by is_closed_month desc) = 1
),

targets as (
    select *
    from observed
    where (is_closed_month or is_closed_year) and (target_value is not null or target_words is not null)
    qualify row_number() over (partition by indicator_id, sex order by is_closed_month desc) = 1
),

figures as (
    select
        indicator_id,
        sex,
        'observation' as quantity,
        0 as year_offset,
        observed_value as figure_value,
        words,
        value_status,
        reason
    from of_closed
    union all
    select
        indicator_id,
        sex,
        'actual' as quantity,
        0 as year_offset,
        observed_value as figure_value,
        words,
        value_status,
        reason
    from of_closed
    union all
    select
        indicator_id,
        sex,
        'observation' as quantity,
        year_offset,
        observed_value as figure_value,
        words,
        value_status,
        reason
    from observed
    where year_offset < 0 and length(observation_period) = 4
    union all
    select
        indicator_id,
        sex,
        'actual' as quantity,
        year_offset,
        observed_value as figure_value,
        words,
        value_status,
        reason
    from observed
    where year_offset < 0 and substr(observation_period, 5) = '-' || closed_month
    union all
    select
        indicator_id,
        sex,
        'target' as quantity,
        0 as year_offset,
        target_value as figure_value,
        case when target_value is null then target_words end as words,
        'target' as value_status,
        null as reason
    from targets
)

select
    indicator_id as subject_id,
    '' as area_code,
    sex,
    quantity,
    year_offset,
    '' as organisation_view,
    'indicator' as measure_id,
    figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    words,
    'printed' as figure_unit,
    value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    reason,
    '' as organisation_tag
from figures
union all
select
    goal_id as subject_id,
    '' as area_code,
    'T' as sex,
    'assessment' as quantity,
    0 as year_offset,
    '' as organisation_view,
    'goal' as measure_id,
    null as figure_value,
    null as numerator,
    null as denominator,
    null as adjustment_value,
    words,
    'printed' as figure_unit,
    value_status,
    null as method,
    null as months,
    null as reason,
    '' as organisation_tag
from marts.goal
