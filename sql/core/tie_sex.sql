-- Each printed total against those of women and men in its column: a mean or a share lies between them, a count is their sum.
-- Grain: one row per total cell with both.
-- Key: left_cell, right_cells
-- Expected is the nearest that the two allow. Rounding keeps the order of printed figures, so nothing is allowed for it between them.
with compared as (
    select
        total.cell_address,
        women.cell_address || ', ' || men.cell_address as right_cells,
        total.unit,
        total.figure_number,
        case when women.figure_number <= men.figure_number then women.figure_number else men.figure_number end as least_number,
        case when women.figure_number >= men.figure_number then women.figure_number else men.figure_number end as greatest_number,
        women.figure_number + men.figure_number as sum_number,
        abs(total.figure_number - women.figure_number - men.figure_number)
        <= total.half_unit + women.half_unit + men.half_unit as is_sum,
        total.half_unit + women.half_unit + men.half_unit as tolerance
    from core.printed_figure as total
    inner join core.printed_figure as women
        on
            total.table_id = women.table_id
            and total.column_id = women.column_id
            and total.measure_id = women.measure_id
            and total.item_id = women.item_id
            and total.area_code = women.area_code
            and women.sex = 'K'
    inner join core.printed_figure as men
        on
            total.table_id = men.table_id
            and total.column_id = men.column_id
            and total.measure_id = men.measure_id
            and total.item_id = men.item_id
            and total.area_code = men.area_code
            and men.sex = 'M'
    where total.sex = 'T' and total.quantity <> 'deviation'
)

select
    'sex' as tie_class,
    cell_address as left_cell,
    right_cells,
    unit,
    cast(
        case
            when is_sum then sum_number
            when figure_number < least_number then least_number
            when figure_number > greatest_number then greatest_number
            else figure_number
        end as decimal(28, 6)
    ) as expected,
    cast(figure_number as decimal(28, 6)) as actual,
    cast(case when is_sum then tolerance else 0 end as decimal(28, 10)) as tolerance,
    cast(null as varchar) as restatement
from compared
