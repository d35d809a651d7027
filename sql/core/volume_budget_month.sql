-- What people budgeted of each measure, by unit and month, as the period's file says it.
-- Grain: one row per measure, unit and month.
-- Key: measure_id, unit_code, month
-- In the measure's own unit. An unknown `month_budget_value` was typed as missing: its sum is missing too. `area_code` is the unit's in
-- that month; of a month to come, as the register knows it today.
select
    input.measure_id,
    input.unit_code,
    input.budget_month as month,
    input.delivery_id,
    input.line,
    months.year_offset,
    months.month_number,
    months.is_to_date,
    measures.measure_kind,
    measures.figure_unit,
    in_force.area_code,
    cast(input.budget_value as decimal(28, 6)) as month_budget_value
from staging.measure_budget as input
inner join build.closing as closing
    on input.month = closing.period
inner join build.month as months
    on input.budget_month = months.month
inner join reference.measures as measures
    on
        input.measure_id = measures.measure_id
        and measures.measure_kind in ('flow', 'stock')
        and measures.figure_unit <> 'sek'
left join core.unit_month as in_force
    on
        input.unit_code = in_force.unit_code
        and input.budget_month = in_force.month
