-- How great a deviation must be to need a comment, by table and column.
-- Source: edition_kommentarsgrans.
-- Grain: one row per table_id, column_id, valid_from.
-- Key: table_id, column_id, valid_from
-- An empty column is every deviation column of the table.
select
    delivered.delivery_id,
    delivered.line,
    delivered.tabell as table_id,
    coalesce(delivered.kolumn, '') as column_id,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to,
    delivered.belopp as limit_number,
    delivered.procent as limit_percent,
    delivered.beslut as decided_by
from raw.edition_kommentarsgrans as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
