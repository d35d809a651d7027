-- Each deviation of the report against what is known of the two cells that it is the difference of.
-- Grain: one row per deviation cell.
-- Key: table_id, row_id, column_id
-- A deviation has a value where both its cells have, and nowhere else; that it is their difference is reconciliations.deviation.
select
    deviation.table_id,
    deviation.row_id,
    deviation.column_id,
    deviation.row_label,
    (deviation.figure_value is null) = (minuend.figure_value is null or subtrahend.figure_value is null) as is_known_alike
from marts.report_cell as deviation
left join marts.report_cell as minuend
    on
        deviation.table_id = minuend.table_id
        and deviation.row_id = minuend.row_id
        and deviation.minuend_column = minuend.column_id
left join marts.report_cell as subtrahend
    on
        deviation.table_id = subtrahend.table_id
        and deviation.row_id = subtrahend.row_id
        and deviation.subtrahend_column = subtrahend.column_id
where deviation.quantity = 'deviation'
