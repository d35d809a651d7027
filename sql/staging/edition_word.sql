-- The words that a report prints for a code.
-- Source: edition_ord.
-- Grain: one row per word_kind, code.
-- Key: word_kind, code
select
    delivered.delivery_id,
    delivered.line,
    delivered.slag as word_kind,
    delivered.kod as code,
    delivered.ord as words
from raw.edition_ord as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
