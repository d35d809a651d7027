-- Each printed ratio: against its own numerator and denominator, and these against the cells where they are printed themselves.
-- Grain: one row per ratio cell, and per part of one that is printed.
-- Key: left_cell, right_cells
-- Nothing is divided: a printed ratio times its denominator is compared with its numerator, and a denominator that is a part of the year
-- times twelve with the year's times the months. `unit` says what is compared.
with quotients as (
    select
        cell_address,
        cast(cast(numerator as decimal(20, 4)) * (cast(multiplier as integer) * row_sign) as decimal(28, 6)) as expected,
        cast(
            cast(printed_number * cast(divisor as integer) as decimal(14, 4)) * cast(denominator as decimal(22, 2)) as decimal(28, 6)
        ) as actual,
        -- The denominator is taken in hundredths: so much may go.
        cast(
            cast(half_unit * cast(divisor as integer) as decimal(12, 6)) * cast(abs(denominator) as decimal(22, 2)) + 0.01
            as decimal(28, 10)
        ) as tolerance
    from core.printed_figure
    where numerator is not null and denominator <> 0 and quantity <> 'deviation'
),

parts as (
    select
        ratio.cell_address,
        part.cell_address as part_address,
        part.figure_scale,
        part.half_unit,
        part.quantity,
        case when parts.ratio_part = 'numerator' then ratio.numerator else ratio.denominator end as ratio_number,
        part.figure_number,
        case when parts.is_share_of_year then closing.month_number else 1 end as share_months,
        case when parts.is_share_of_year then 12 else 1 end as year_months
    from core.printed_figure as ratio
    cross join build.closing as closing
    inner join reference.ratio_parts as parts
        on ratio.measure_id = parts.measure_id
    inner join core.printed_figure as part
        on
            parts.part_measure_id = part.measure_id
            and parts.part_quantity = part.quantity
            and coalesce(parts.minuend_quantity, '') = part.minuend_quantity
            and coalesce(parts.subtrahend_quantity, '') = part.subtrahend_quantity
            and ratio.area_code = part.area_code
            and ratio.sex = part.sex
            and ratio.year_offset = part.year_offset
    where ratio.numerator is not null and part.figure_scale is not null
)

select
    'ratio' as tie_class,
    cell_address as left_cell,
    'täljare och nämnare' as right_cells,
    'täljare' as unit,
    expected,
    actual,
    tolerance,
    cast(null as varchar) as restatement
from quotients
union all
select
    'ratio' as tie_class,
    cell_address as left_cell,
    part_address as right_cells,
    'kr' as unit,
    cast(figure_number * (cast(figure_scale as integer) * share_months) as decimal(28, 6)) as expected,
    cast(ratio_number * year_months as decimal(28, 6)) as actual,
    cast(
        half_unit * (cast(figure_scale as integer) * share_months * case when quantity = 'deviation' then 2 else 1 end)
        as decimal(28, 10)
    ) as tolerance,
    cast(null as varchar) as restatement
from parts
