-- The texts of the report: whether each has its place, and whether it is printed.
-- Grain: one row per text.
-- Key: table_id, row_id, sequence_number
-- A text whose place is none of the report's is not printed. Nor is one with a figure that could not be filled (quality.report_quote), or
-- with personal data, which the intake tells.
select
    table_id,
    row_id,
    sequence_number,
    table_id || case when row_id = '' then '' else ', raden ' || row_id end as place_words,
    is_placed
from build.printed_text
