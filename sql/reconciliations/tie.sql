-- Every identity of the printed report: between cells, between tables, between text and table, and with earlier reports.
-- Grain: one row per identity and cell.
-- Key: tie_class, left_cell, right_cells
-- Expected is what the right cells make, actual the left cell, both as printed. `verdict`: holds; rounding (no more than half a printed
-- unit for each figure); restated (`restatement` says why); breaks. The classes are reference.tie_classes.
with run_rates as (
    select
        'run_rate' as tie_class,
        forecast.cell_address as left_cell,
        outcome.cell_address as right_cells,
        forecast.unit,
        closing.month_number as months_to_date,
        outcome.figure_number as outcome_number,
        forecast.figure_number as forecast_number,
        outcome.half_unit as outcome_half_unit,
        forecast.half_unit as forecast_half_unit
    from core.printed_figure as forecast
    cross join build.closing as closing
    inner join marts.forecast as chosen
        on
            forecast.measure_id = chosen.measure_id
            and forecast.area_code = chosen.area_code
            and chosen.method = 'run_rate_months'
    inner join core.printed_figure as outcome
        on
            forecast.measure_id = outcome.measure_id
            and forecast.area_code = outcome.area_code
            and forecast.sex = outcome.sex
            and forecast.unit = outcome.unit
            and outcome.quantity = 'actual'
            and outcome.year_offset = 0
    where forecast.quantity = 'forecast_full_year' and forecast.year_offset = 0
    qualify
        row_number() over (
            partition by forecast.cell_address
            order by case when outcome.table_id = forecast.table_id then 0 else 1 end, outcome.table_order, outcome.row_order
        ) = 1
),

ties as (
    select * from core.tie_sum
    union all
    select * from core.tie_deviation
    union all
    select * from core.tie_net
    union all
    select * from core.tie_ratio
    union all
    select * from core.tie_table
    union all
    select * from core.tie_sex
    union all
    select * from core.tie_text
    union all
    select * from core.tie_report
    union all
    -- Times the months at hand, since a twelfth is no decimal number.
    select
        tie_class,
        left_cell,
        right_cells,
        unit || ' × ' || cast(months_to_date as varchar) as unit,
        cast(outcome_number * 12 as decimal(28, 6)) as expected,
        cast(forecast_number * months_to_date as decimal(28, 6)) as actual,
        cast(outcome_half_unit * 12 + forecast_half_unit * months_to_date as decimal(28, 10)) as tolerance,
        cast(null as varchar) as restatement
    from run_rates
),

judged as (
    select
        *,
        cast(actual - expected as decimal(28, 6)) as difference,
        case
            when actual = expected then 'holds'
            when abs(actual - expected) <= tolerance then 'rounding'
            when restatement is not null then 'restated'
            else 'breaks'
        end as verdict
    from ties
)

select
    judged.tie_class,
    judged.left_cell,
    judged.right_cells,
    classes.tie_order,
    classes.tie_words,
    judged.unit,
    judged.expected,
    judged.actual,
    judged.difference,
    judged.tolerance,
    judged.verdict,
    case when judged.verdict = 'restated' then judged.restatement end as restatement,
    judged.tie_class in ('sum', 'deviation', 'net', 'ratio', 'run_rate', 'table') and judged.verdict = 'breaks' as breaks_in_report,
    judged.tie_class = 'sex' and judged.verdict = 'breaks' as breaks_between_sexes,
    judged.tie_class = 'text' and judged.verdict = 'breaks' as breaks_in_text,
    judged.tie_class = 'report' and judged.verdict = 'breaks' as breaks_with_earlier
from judged
left join reference.tie_classes as classes
    on judged.tie_class = classes.tie_class
