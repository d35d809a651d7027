-- The columns of each table.
-- Source: edition_kolumn.
-- Grain: one row per table_id, column_id.
-- Key: table_id, column_id
-- storhet is an id of the catalogue of quantities; ar the offset from the closed year.
-- A deviation names the two columns whose difference it is.
select
    delivered.delivery_id,
    delivered.line,
    delivered.tabell as table_id,
    delivered.kolumn as column_id,
    delivered.ordning as order_number,
    delivered.rubrik as head_template,
    delivered.storhet as quantity,
    cast(delivered.ar as integer) as year_offset,
    delivered.minuend as minuend_column,
    delivered.subtrahend as subtrahend_column
from raw.edition_kolumn as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
