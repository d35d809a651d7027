-- The same figure printed in two places, in another unit or sign: each against the one with the finest unit.
-- Grain: one row per cell that repeats another.
-- Key: left_cell, right_cells
-- Figures of one unit table are compared in its first unit, others only where they are printed in the same one.
with comparable as (
    select
        *,
        subject_id || '|' || area_code || '|' || sex || '|' || quantity || '|' || cast(year_offset as varchar) || '|' || minuend_quantity
        || '|' || subtrahend_quantity || '|' || organisation_view || '|' || case when figure_scale is null then unit else figure_unit end
            as figure_key,
        cast(figure_number * coalesce(cast(figure_scale as integer), 1) as decimal(28, 10)) as own_number,
        cast(half_unit * coalesce(cast(figure_scale as integer), 1) as decimal(28, 10)) as own_half_unit
    from core.printed_figure
    where subject_id <> ''
),

placed as (
    select
        *,
        row_number() over (
            partition by figure_key
            order by own_half_unit, table_order, row_order, column_order
        ) as place
    from comparable
)

select
    'table' as tie_class,
    other.cell_address as left_cell,
    finest.cell_address as right_cells,
    case when finest.figure_scale is null then finest.unit else finest.figure_unit end as unit,
    cast(finest.own_number as decimal(28, 6)) as expected,
    cast(other.own_number as decimal(28, 6)) as actual,
    cast(
        (finest.own_half_unit + other.own_half_unit) * case when other.quantity = 'deviation' then 2 else 1 end
        as decimal(28, 10)
    ) as tolerance,
    cast(null as varchar) as restatement
from placed as other
inner join placed as finest
    on
        other.figure_key = finest.figure_key
        and finest.place = 1
where other.place > 1
