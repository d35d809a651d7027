-- Each figure that a text quotes against its cell, in the text's unit.
-- Grain: one row per quoted figure with a number.
-- Key: left_cell, right_cells
-- `left_cell` is the text's place, its number and the figure's: a text stands under a table, a row, or a heading of its own.
select
    'text' as tie_class,
    table_id || ':' || row_id || ':' || cast(sequence_number as varchar) || '#' || cast(quote_number as varchar) as left_cell,
    cell_table_id || ':' || cell_row_id || ':' || cell_column_id as right_cells,
    unit,
    cast(cell_number as decimal(28, 6)) as expected,
    cast(quoted_number as decimal(28, 6)) as actual,
    cast(tolerance as decimal(28, 10)) as tolerance,
    cast(null as varchar) as restatement
from build.quoted_figure
where cell_number is not null and quoted_number is not null
