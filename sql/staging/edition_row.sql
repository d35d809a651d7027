-- The rows of each table.
-- Source: edition_rad.
-- Grain: one row per table_id, row_id.
-- Key: table_id, row_id
-- matt is an id of the measure catalogue; objekt the id of an indicator or a goal.
-- tecken turns the sign of every figure of the row, avvikelse that of its deviations.
select
    delivered.delivery_id,
    delivered.line,
    delivered.tabell as table_id,
    delivered.rad as row_id,
    delivered.ordning as order_number,
    delivered.etikett as row_label,
    delivered.matt as measure_id,
    delivered.affarsomrade as area,
    delivered.kon as sex,
    delivered.objekt as item_id,
    delivered.enhet as print_unit,
    delivered.monster as print_pattern,
    delivered.mal_monster as target_pattern,
    cast(delivered.tecken as integer) as row_sign,
    cast(delivered.avvikelse as integer) as deviation_sign,
    delivered.visa as shown_when
from raw.edition_rad as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
