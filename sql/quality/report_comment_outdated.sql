-- The comments whose row was printed otherwise when they were first published.
-- Grain: one row per comment that has been published before as it stands.
-- Key: table_id, row_id, sequence_number
-- What a comment explains is its row's deviations, or, where the row has none, its cells of the closed year. A new text or a new day makes
-- it a comment that has been read anew. A comment to a whole table explains no one number.
with explained as (
    select
        texts.table_id,
        texts.row_id,
        texts.sequence_number,
        texts.row_label,
        cells.column_order,
        cells.head,
        earlier.version,
        earlier.printed as printed_then,
        cells.printed as printed_now,
        cells.quantity = 'deviation' as is_deviation,
        max(case when cells.quantity = 'deviation' then 1 else 0 end) over (
            partition by texts.table_id, texts.row_id, texts.sequence_number
        ) = 1 as has_deviation
    from build.printed_text as texts
    inner join build.earlier_comment as earlier
        on
            texts.table_id = earlier.table_id
            and texts.row_id = earlier.row_id
            and texts.sequence_number = earlier.sequence_number
            and texts.comment_words = earlier.comment_words
            and texts.dated_on is not distinct from earlier.dated_on
    inner join build.printed_cell as cells
        on
            earlier.table_id = cells.table_id
            and earlier.row_id = cells.row_id
            and earlier.column_id = cells.column_id
    where texts.row_id <> '' and cells.year_offset = 0
)

select
    table_id,
    row_id,
    sequence_number,
    row_label,
    min(version) as version,
    string_agg(
        case when printed_then <> printed_now then head || ' ' || printed_then || ' → ' || printed_now end, ', '
        order by column_order
    ) as changed_words,
    count(*) filter (where printed_then <> printed_now) = 0 as is_as_explained
from explained
where is_deviation or not has_deviation
group by table_id, row_id, sequence_number, row_label
