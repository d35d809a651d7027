-- Each printed total against the sum of its printed areas.
-- Grain: one row per total cell.
-- Key: left_cell, right_cells
-- Only what can be added, and only where every printed area has a number. A part without a number leaves nothing to compare.
with parts as (
    select
        table_id,
        column_id,
        measure_id,
        item_id,
        sex,
        sum(figure_number) as expected,
        sum(half_unit * case when quantity = 'deviation' then 2 else 1 end) as tolerance,
        count(*) as part_count,
        string_agg(cell_address, ', ' order by row_order) as right_cells
    from core.printed_figure
    where area_code <> '' and measure_kind in ('flow', 'stock') and numerator is null
    group by table_id, column_id, measure_id, item_id, sex
),

-- Every area that is printed, with a number or without.
printed_areas as (
    select
        table_id,
        column_id,
        measure_id,
        coalesce(item_id, '') as item_id,
        sex,
        count(*) as area_count
    from build.printed_cell
    where area_code <> ''
    group by table_id, column_id, measure_id, coalesce(item_id, ''), sex
)

select
    'sum' as tie_class,
    totals.cell_address as left_cell,
    parts.right_cells,
    totals.unit,
    cast(parts.expected as decimal(28, 6)) as expected,
    cast(totals.figure_number as decimal(28, 6)) as actual,
    cast(
        parts.tolerance + totals.half_unit * case when totals.quantity = 'deviation' then 2 else 1 end
        as decimal(28, 10)
    ) as tolerance,
    cast(null as varchar) as restatement
from core.printed_figure as totals
inner join parts
    on
        totals.table_id = parts.table_id
        and totals.column_id = parts.column_id
        and totals.measure_id = parts.measure_id
        and totals.item_id = parts.item_id
        and totals.sex = parts.sex
inner join printed_areas
    on
        parts.table_id = printed_areas.table_id
        and parts.column_id = printed_areas.column_id
        and parts.measure_id = printed_areas.measure_id
        and parts.item_id = printed_areas.item_id
        and parts.sex = printed_areas.sex
        and parts.part_count = printed_areas.area_count
where totals.area_code = ''
