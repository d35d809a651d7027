-- Each printed deviation against the two printed cells that it is the difference of.
-- Grain: one row per deviation cell with two numbers.
-- Key: left_cell, right_cells
-- A reader who subtracts gets what is printed: nothing is allowed for rounding.
select
    'deviation' as tie_class,
    deviation.cell_address as left_cell,
    minuend.cell_address || ', ' || subtrahend.cell_address as right_cells,
    deviation.unit,
    cast((minuend.printed_number - subtrahend.printed_number) * deviation.deviation_sign as decimal(28, 6)) as expected,
    cast(deviation.printed_number as decimal(28, 6)) as actual,
    cast(0 as decimal(28, 10)) as tolerance,
    cast(null as varchar) as restatement
from core.printed_figure as deviation
inner join core.printed_figure as minuend
    on
        deviation.table_id = minuend.table_id
        and deviation.row_id = minuend.row_id
        and deviation.minuend_column = minuend.column_id
inner join core.printed_figure as subtrahend
    on
        deviation.table_id = subtrahend.table_id
        and deviation.row_id = subtrahend.row_id
        and deviation.subtrahend_column = subtrahend.column_id
where deviation.quantity = 'deviation'
