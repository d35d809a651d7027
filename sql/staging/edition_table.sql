-- The tables of a report edition.
-- Source: edition_tabell.
-- Grain: one row per table_id.
-- Key: table_id
-- namn is the table's name in our own files. jamforelse: how the comparatives treat a changed organisation.
select
    delivered.delivery_id,
    delivered.line,
    delivered.edition as edition_id,
    delivered.tabell as table_id,
    delivered.namn as table_name,
    delivered.ordning as order_number,
    delivered.rubrik as heading,
    delivered.jamforelse as comparative_rule
from raw.edition_tabell as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
