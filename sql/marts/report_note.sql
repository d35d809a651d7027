-- What the catalogue has a footnote say of a cell, beside the number.
-- Grain: one row per cell and kind of note.
-- Key: table_id, row_id, column_id, footnote_kind
-- A row is described by its item's entry in the catalogue, failing an item by its measure's. other_period: the figure is about
-- `note_words`, not about its column. redefined: the figure was typed under an earlier id, by the definition in `note_words`, before
-- `since_day`. accumulated_target: a rate that grows with the year beside a full-year target. stock, accumulated: where a table has rows of
-- several kinds under one head, those that are no sum or share of the period say what they are.
with described as (
    select
        keys.table_id,
        keys.row_id,
        keys.column_id,
        keys.subject_id,
        keys.sex,
        keys.quantity,
        keys.year_offset,
        catalogued.indicator_id,
        catalogued.measure_kind
    from core.report_key as keys
    left join core.indicator_definition as catalogued
        on coalesce(nullif(keys.item_id, ''), keys.measure_id) = catalogued.indicator_id
),

typed as (
    select
        described.table_id,
        described.row_id,
        described.column_id,
        observed.is_other_period,
        observed.observed_period,
        observed.typed_id <> observed.indicator_id
        and observed.is_same_unit
        and observed.observed_value is not null as is_redefined,
        observed.since_day,
        observed.earlier_definition
    from described
    inner join core.indicator_column as observed
        on
            described.subject_id = observed.indicator_id
            and described.sex = observed.sex
            and described.quantity = observed.quantity
            and described.year_offset = observed.year_offset
),

full_year_targets as (
    select
        described.table_id,
        described.row_id,
        described.column_id
    from described
    inner join core.indicator_target as target
        on
            described.subject_id = target.indicator_id
            and described.sex = target.sex
            and described.year_offset = target.year_offset
    cross join build.closing as closing
    where
        described.quantity = 'target'
        and described.measure_kind = 'accumulating_rate'
        and target.target_value is not null
        and target.year_offset = 0
        and closing.month_number < 12
),

tables_of_several_kinds as (
    select table_id
    from described
    where
        quantity = 'actual'
        and year_offset = 0
        and measure_kind is not null
    group by table_id
    having count(distinct measure_kind) > 1
),

notes as (
    select
        table_id,
        row_id,
        column_id,
        'other_period' as footnote_kind,
        observed_period as note_words,
        cast(null as date) as since_day
    from typed
    where is_other_period
    union all
    select
        table_id,
        row_id,
        column_id,
        'redefined' as footnote_kind,
        earlier_definition as note_words,
        since_day
    from typed
    where is_redefined
    union all
    select
        table_id,
        row_id,
        column_id,
        'accumulated_target' as footnote_kind,
        cast(null as varchar) as note_words,
        cast(null as date) as since_day
    from full_year_targets
    union all
    select
        described.table_id,
        described.row_id,
        described.column_id,
        case described.measure_kind when 'stock' then 'stock' else 'accumulated' end as footnote_kind,
        cast(null as varchar) as note_words,
        cast(null as date) as since_day
    from described
    inner join tables_of_several_kinds as several
        on described.table_id = several.table_id
    left join full_year_targets as marked
        on
            described.table_id = marked.table_id
            and described.row_id = marked.row_id
    where
        described.quantity = 'actual'
        and described.year_offset = 0
        and (described.measure_kind = 'stock' or (described.measure_kind = 'accumulating_rate' and marked.row_id is null))
)

select
    table_id,
    row_id,
    column_id,
    footnote_kind,
    note_words,
    since_day
from notes
