-- The printed cells that have a number, by what they are figures of: what any two of them must have in common to be compared.
-- Grain: one row per printed cell with a number.
-- Key: table_id, row_id, column_id
-- `figure_number` is the printed number with the row's sign, and a deviation's, turned back. `figure_year` and `figure_month` are the
-- window: of what is counted to date its last month, of what is about a year 12. `figure_scale` is how many of the figure's own unit one
-- printed unit is; empty where the two are not of one unit table, and such figures are compared in the same printed unit alone.
-- What people typed is about the period that they say and the id that they typed, also where the column is headed by another year.
-- The organisation's view tells figures apart only where the organisation can differ: by area, and in comparatives.
with cells as (
    select
        printed.*,
        cast(closing_month.year as integer) + printed.year_offset as figure_year,
        closing_month.month_number as closing_month_number,
        printed.table_id || ':' || printed.row_id || ':' || printed.column_id as cell_address
    from build.printed_cell as printed
    cross join build.closing as closing
    inner join build.month as closing_month
        on closing.period = closing_month.month
    where printed.printed_number is not null
)

select
    cells.table_id,
    cells.row_id,
    cells.column_id,
    cells.cell_address,
    cells.table_order,
    cells.row_order,
    cells.column_order,
    cells.row_label,
    cells.head,
    cells.measure_id,
    coalesce(cells.item_id, '') as item_id,
    case
        when cells.quantity in ('target', 'observation', 'assessment') or measures.measure_kind = 'typed'
            then coalesce(observed.typed_id, cells.item_id, '')
        else cells.measure_id
    end as subject_id,
    cells.area_code,
    cells.sex,
    cells.quantity,
    cells.year_offset,
    coalesce(cast(substr(observed.observed_period, 1, 4) as integer), cells.figure_year) as figure_year,
    case
        when length(observed.observed_period) = 7 then cast(substr(observed.observed_period, 6, 2) as integer)
        when observed.observed_period is not null then 12
        when cells.quantity in ('actual', 'budget_to_date', 'deviation', 'expenditure_actual', 'income_actual')
            then cells.closing_month_number
        else 12
    end as figure_month,
    coalesce(minuend.quantity, '') as minuend_quantity,
    coalesce(subtrahend.quantity, '') as subtrahend_quantity,
    case when cells.area_code = '' and cells.year_offset = 0 then '' else coalesce(cells.organisation_view, '') end as organisation_view,
    coalesce(cells.organisation_tag, '') as organisation_tag,
    cells.value_status,
    cells.unit,
    cells.row_sign,
    measures.measure_kind,
    measures.figure_unit,
    case when cells.quantity not in ('target', 'observation') and units.multiplier = 1 then units.divisor end as figure_scale,
    cells.numerator,
    cells.denominator,
    cells.multiplier,
    cells.divisor,
    cells.minuend_column,
    cells.subtrahend_column,
    cells.deviation_sign,
    cells.printed_number,
    cells.half_unit,
    cast(
        cells.printed_number * cells.row_sign * case when cells.quantity = 'deviation' then cells.deviation_sign else 1 end
        as decimal(28, 10)
    ) as figure_number
from cells
left join reference.measures as measures
    on cells.measure_id = measures.measure_id
left join core.indicator_column as observed
    on
        cells.item_id = observed.indicator_id
        and cells.sex = observed.sex
        and cells.quantity = observed.quantity
        and cells.year_offset = observed.year_offset
        and (cells.quantity = 'observation' or measures.measure_kind = 'typed')
left join reference.units as units
    on
        measures.figure_unit = units.figure_unit
        and cells.unit = units.print_unit
left join build.printed_cell as minuend
    on
        cells.table_id = minuend.table_id
        and cells.row_id = minuend.row_id
        and cells.minuend_column = minuend.column_id
left join build.printed_cell as subtrahend
    on
        cells.table_id = subtrahend.table_id
        and cells.row_id = subtrahend.row_id
        and cells.subtrahend_column = subtrahend.column_id
