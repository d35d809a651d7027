-- The target of each indicator, year by year: the edition's, or what was typed beside the observation.
-- Grain: one row per indicator, sex and year.
-- Key: indicator_id, sex, year_offset
-- The edition's word counts (quality.target_input shows where the other says something else). Typed targets are of the closed year: from
-- the observation row of the closed month or year, the month first.
with decided as (
    select
        decided.delivery_id,
        decided.line,
        decided.indicator_id,
        decided.sex,
        cast(decided.year - cast(strftime(closing.period, '%Y') as integer) as integer) as year_offset,
        decided.target_value,
        nullif(decided.target_words, '') as target_words,
        decided.target_kind,
        decided.decided_by,
        1 as precedence
    from staging.edition_target as decided
    cross join build.closing as closing
    where decided.target_value is not null or coalesce(decided.target_words, '') <> ''
),

typed as (
    select
        delivery_id,
        line,
        indicator_id,
        sex,
        0 as year_offset,
        target_value,
        target_words,
        cast(null as varchar) as target_kind,
        cast(null as varchar) as decided_by,
        2 as precedence
    from core.indicator_observation
    where
        (is_closed_month or is_closed_year)
        and (target_value is not null or target_words is not null)
    qualify row_number() over (partition by indicator_id, sex order by is_closed_month desc) = 1
),

said as (
    select * from decided
    union all
    select * from typed
),

chosen as (
    select *
    from said
    qualify row_number() over (partition by indicator_id, sex, year_offset order by precedence) = 1
)

select
    indicator_id,
    sex,
    year_offset,
    delivery_id,
    line,
    target_kind,
    decided_by,
    case when target_value is null then target_words end as target_words,
    target_value
from chosen
