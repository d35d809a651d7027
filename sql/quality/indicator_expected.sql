-- The indicators that the report asks for this period and that have no value: why, until when, and whether that day has passed.
-- Grain: one row per indicator and sex without a value in the closed period.
-- Key: indicator_id, sex
-- A word that promises a day is watched by quality.promise; here the catalogue's own rule is, and a value that is missing without a word.
-- What cannot exist yet is not missing; where no file came, the file is missing, not each of its values.
with asked as (
    select distinct
        subject_id as indicator_id,
        sex
    from core.report_key
    where
        source_measure_id = 'indicator'
        and quantity in ('actual', 'observation')
        and year_offset = 0
        and subject_id <> ''
),

promised as (
    select distinct
        delivery_id,
        line
    from raw.missing_value
    where expected_day is not null
)

select
    asked.indicator_id,
    asked.sex,
    catalogued.indicator_name,
    catalogued.owner_role,
    said.words,
    said.reason,
    coalesce(said.expected_day, catalogued.expected_day) as expected_day,
    said.line,
    applied.file_name,
    promised.line is null and coalesce(catalogued.expected_day < closing.as_of, false) as is_late,
    coalesce(said.words, '') = '' as is_without_reason
from asked
cross join build.closing as closing
inner join core.indicator_definition as catalogued
    on asked.indicator_id = catalogued.indicator_id
left join core.indicator_column as said
    on
        asked.indicator_id = said.indicator_id
        and asked.sex = said.sex
        and said.quantity = 'actual'
        and said.year_offset = 0
left join promised
    on
        said.delivery_id = promised.delivery_id
        and said.line = promised.line
left join build.closing_deliveries as applied
    on said.delivery_id = applied.delivery_id
where
    said.observed_value is null
    and exists (
        select 1
        from build.closing_deliveries as typed
        where
            typed.extract = 'indikatorer_manuell'
            and typed.period = closing.period
    )
    and coalesce(catalogued.first_day <= closing.period_end, true)
