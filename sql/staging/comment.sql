-- Comments to tables and rows.
-- Source: kommentar.
-- Grain: one row per month, table_id, row_id, sequence_number.
-- Key: month, table_id, row_id, sequence_number
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.tabell as table_id,
    delivered.rad as row_id,
    delivered.lopnr as sequence_number,
    delivered.text as comment_words,
    delivered.ansvarig as responsible,
    delivered.datum as dated_on
from raw.kommentar as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
