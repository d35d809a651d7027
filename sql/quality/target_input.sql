-- Each target of the edition against its own kind, the catalogue and what was typed beside the observation.
-- Grain: one row per target of the edition.
-- Key: indicator_id, year, sex
-- The edition's target is printed; the typed one must say the same. Words are compared without regard to case and blanks around them.
with typed as (
    select
        indicator_id,
        sex,
        target_value,
        target_words
    from core.indicator_observation
    where
        (is_closed_month or is_closed_year)
        and (target_value is not null or target_words is not null)
    qualify row_number() over (partition by indicator_id, sex order by is_closed_month desc) = 1
),

known as (
    select distinct indicator_id
    from staging.edition_indicator
)

select
    decided.indicator_id,
    decided.year,
    decided.sex,
    decided.line,
    applied.file_name,
    applied.extract,
    decided.target_kind,
    coalesce(
        replace(rtrim(rtrim(cast(cast(decided.target_value as decimal(18, 4)) as varchar), '0'), '.'), '.', ','),
        decided.target_words,
        ''
    ) as target_said,
    (decided.target_value is not null) <> (decided.target_kind = 'TAL')
    or (decided.target_value is null and coalesce(decided.target_words, '') = '') as is_target_kind_wrong,
    known.indicator_id is null and exists (select 1 from staging.edition_indicator) as is_indicator_unknown,
    typed.indicator_id is not null
    and (
        (decided.target_value is null) <> (typed.target_value is null)
        or coalesce(decided.target_value <> typed.target_value, false)
        or (
            decided.target_value is null
            and lower(trim(coalesce(decided.target_words, ''))) <> lower(trim(coalesce(typed.target_words, '')))
        )
    ) as is_target_contradicted
from staging.edition_target as decided
cross join build.closing as closing
inner join build.closing_deliveries as applied
    on decided.delivery_id = applied.delivery_id
left join known
    on decided.indicator_id = known.indicator_id
left join typed
    on
        decided.indicator_id = typed.indicator_id
        and decided.sex = typed.sex
        and decided.year = cast(strftime(closing.period, '%Y') as integer)
