-- The units of the report's rows: what the label says against what is printed, and per cent against percentage points.
-- Grain: one row per printed row.
-- Key: table_id, row_id
-- A label that names another unit of the same table of units (tkr for mnkr) contradicts its row; one that names none, or its own too, does
-- not. A difference between two per cents is percentage points: the head, the label or the cell must say so.
with named as (
    select distinct
        cells.table_id,
        cells.row_id,
        cells.unit,
        written.print_unit as named_unit
    from build.printed_cell as cells
    inner join reference.text_words as written
        on
            written.word_kind = 'unit'
            and contains(
                ' ' || replace(replace(replace(lower(cells.row_label), '(', ' '), ')', ' '), ',', ' ') || ' ', ' ' || written.words || ' '
            )
),

contradicted as (
    select
        named.table_id,
        named.row_id,
        string_agg(distinct named.named_unit, ', ' order by named.named_unit) as named_units
    from named
    inner join reference.units as named_units
        on named.named_unit = named_units.print_unit
    inner join reference.units as printed_units
        on
            named.unit = printed_units.print_unit
            and named_units.figure_unit = printed_units.figure_unit
    where
        named.named_unit <> named.unit
        and not exists (
            select 1
            from named as own
            where own.table_id = named.table_id and own.row_id = named.row_id and own.named_unit = named.unit
        )
    group by named.table_id, named.row_id
),

-- Deviations of rows printed in per cent, whose head, label or cell does not say percentage points.
unsaid as (
    select
        cells.table_id,
        cells.row_id,
        string_agg(distinct cells.head, ', ' order by cells.head) as deviation_heads
    from build.printed_cell as cells
    where
        cells.quantity = 'deviation'
        and cells.unit = '%'
        and cells.printed_number is not null
        and not exists (
            select 1
            from reference.text_words as written
            where
                written.word_kind = 'unit'
                and written.print_unit = 'procentenheter'
                and contains(lower(cells.head || ' ' || cells.row_label || ' ' || cells.printed), written.words)
        )
    group by cells.table_id, cells.row_id
),

printed_rows as (
    select distinct
        table_id,
        row_id,
        row_label,
        unit
    from build.printed_cell
)

select
    printed_rows.table_id,
    printed_rows.row_id,
    printed_rows.row_label,
    printed_rows.unit,
    contradicted.named_units,
    unsaid.deviation_heads,
    contradicted.table_id is null as is_unit_as_labelled,
    unsaid.table_id is null as is_difference_in_points
from printed_rows
left join contradicted
    on
        printed_rows.table_id = contradicted.table_id
        and printed_rows.row_id = contradicted.row_id
left join unsaid
    on
        printed_rows.table_id = unsaid.table_id
        and printed_rows.row_id = unsaid.row_id
