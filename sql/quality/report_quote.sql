-- The figures that the report's texts fetch from its cells.
-- Grain: one row per placeholder.
-- Key: table_id, row_id, sequence_number, quote_number
-- `is_filled` false: the text is not printed. `has_number` false: the cell's words stand in a number's place.
select
    table_id,
    row_id,
    sequence_number,
    quote_number,
    table_id || case when row_id = '' then '' else ', raden ' || row_id end as place_words,
    quoted_words,
    printed,
    reason,
    printed is not null as is_filled,
    printed is null or quoted_number is not null as has_number
from build.quoted_figure
where quote_kind = 'filled'
