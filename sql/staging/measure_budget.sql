-- The budget of a measure by unit and month.
-- Source: verksamhet_budget.
-- Grain: one row per month, measure_id, unit_code, budget_month.
-- Key: month, measure_id, unit_code, budget_month
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.matt_id as measure_id,
    delivered.enhet_kod as unit_code,
    delivered.manad as budget_month,
    delivered.budget as budget_value
from raw.verksamhet_budget as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
