-- Every deviation of the report against the two figures that it is the difference of.
-- Grain: one row per deviation cell with two numbers.
-- Key: table_id, row_id, column_id
-- Expected is asked of marts.figure anew by the keys of the two columns; actual is the cell's exact value.
with sides as (
    select
        cells.table_id,
        cells.row_id,
        cells.column_id,
        cells.deviation_sign,
        cells.figure_value as actual,
        minuend.subject_id as minuend_subject,
        minuend.quantity as minuend_quantity,
        minuend.year_offset as minuend_year,
        subtrahend.subject_id as subtrahend_subject,
        subtrahend.quantity as subtrahend_quantity,
        subtrahend.year_offset as subtrahend_year,
        minuend.organisation_view as minuend_view,
        subtrahend.organisation_view as subtrahend_view,
        minuend.figure_area_code as minuend_area_code,
        subtrahend.figure_area_code as subtrahend_area_code,
        cells.sex
    from marts.report_cell as cells
    inner join core.report_key as minuend
        on
            cells.table_id = minuend.table_id
            and cells.row_id = minuend.row_id
            and cells.minuend_column = minuend.column_id
    inner join core.report_key as subtrahend
        on
            cells.table_id = subtrahend.table_id
            and cells.row_id = subtrahend.row_id
            and cells.subtrahend_column = subtrahend.column_id
    where cells.quantity = 'deviation' and cells.figure_value is not null
),

compared as (
    select
        sides.table_id,
        sides.row_id,
        sides.column_id,
        cast((minuend.figure_value - subtrahend.figure_value) * sides.deviation_sign as decimal(28, 6)) as expected,
        cast(sides.actual as decimal(28, 6)) as actual
    from sides
    inner join marts.figure as minuend
        on
            sides.minuend_subject = minuend.subject_id
            and sides.minuend_area_code = minuend.area_code
            and sides.sex = minuend.sex
            and sides.minuend_quantity = minuend.quantity
            and sides.minuend_year = minuend.year_offset
            and minuend.organisation_view in ('', sides.minuend_view)
    inner join marts.figure as subtrahend
        on
            sides.subtrahend_subject = subtrahend.subject_id
            and sides.subtrahend_area_code = subtrahend.area_code
            and sides.sex = subtrahend.sex
            and sides.subtrahend_quantity = subtrahend.quantity
            and sides.subtrahend_year = subtrahend.year_offset
            and subtrahend.organisation_view in ('', sides.subtrahend_view)
)

select
    table_id,
    row_id,
    column_id,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
