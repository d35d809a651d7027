-- What people typed for the closed month of an indicator that the report computes itself.
-- Grain: one row per cell of the report that is computed and was typed too.
-- Key: table_id, row_id, column_id
-- The typed value contradicts the computed one when no rounding to the printed decimals can make them the same. Both sides are multiplied
-- by the denominator, so that nothing is divided.
with typed as (
    select
        input.indicator_id,
        input.sex,
        input.line,
        applied.file_name,
        input.indicator_value
    from staging.indicator_input as input
    inner join build.closing as closing
        on
            input.month = closing.period
            and input.observation_period = strftime(closing.period, '%Y-%m')
    inner join build.closing_deliveries as applied
        on input.delivery_id = applied.delivery_id
    where input.indicator_value is not null
),

computed as (
    select
        cell.table_id,
        cell.row_id,
        cell.column_id,
        cell.row_label,
        cell.item_id,
        cell.sex,
        cast(coalesce(cell.numerator, cell.figure_value) * cell.row_sign as decimal(28, 6))
        * cast(cell.multiplier as integer) as scaled_value,
        cast(coalesce(cell.denominator, 1) as decimal(28, 6)) * cast(cell.divisor as integer) as scale,
        case length(regexp_extract(coalesce(cell.print_pattern, ''), ',([0#]+)', 1))
            when 0 then cast(0.5 as decimal(6, 5))
            when 1 then cast(0.05 as decimal(6, 5))
            when 2 then cast(0.005 as decimal(6, 5))
            else cast(0.0005 as decimal(6, 5))
        end as half_printed_unit
    from marts.report_cell as cell
    where
        cell.quantity = 'actual'
        and cell.year_offset = 0
        and coalesce(cell.item_id, '') <> ''
        and cell.measure_id not in ('indicator', 'goal')
        and coalesce(cell.numerator, cell.figure_value) is not null
        and coalesce(cell.denominator, 1) <> 0
)

select
    computed.table_id,
    computed.row_id,
    computed.column_id,
    computed.row_label,
    computed.item_id as indicator_id,
    computed.sex,
    typed.file_name,
    typed.line,
    typed.indicator_value,
    abs(computed.scaled_value - cast(typed.indicator_value as decimal(12, 4)) * cast(computed.scale as decimal(24, 6)))
    > abs(computed.half_printed_unit * cast(computed.scale as decimal(24, 6))) as is_contradicted
from computed
inner join typed
    on
        computed.item_id = typed.indicator_id
        and computed.sex = typed.sex
