-- What each column of the edition asks for, against the catalogue of quantities and the columns beside it.
-- Grain: one row per column of the edition.
-- Key: table_id, column_id
select
    asked.table_id,
    asked.column_id,
    asked.quantity,
    catalogued.quantity is not null as is_known_quantity,
    coalesce(asked.quantity, '') <> 'deviation'
    or (minuend.column_id is not null and subtrahend.column_id is not null) as has_both_columns
from staging.edition_column as asked
left join reference.quantities as catalogued
    on asked.quantity = catalogued.quantity
left join staging.edition_column as minuend
    on
        asked.table_id = minuend.table_id
        and asked.minuend_column = minuend.column_id
left join staging.edition_column as subtrahend
    on
        asked.table_id = subtrahend.table_id
        and asked.subtrahend_column = subtrahend.column_id
