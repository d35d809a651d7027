-- The method remaining_budget: what January to the cut came to, and the rest of the year as budgeted.
-- Grain: one row per measure, area and cut.
-- Key: measure_id, area_code, cut_month
-- To date + the budget of the months after the cut. The budget of money is the ledger's, of volumes what people typed; one that lacks a
-- month of the rest gives no forecast. Of a past year the budget is the one last delivered, with what was decided during the year.
select
    measure_id,
    area_code,
    cut_month,
    'remaining_budget' as method,
    figure_unit,
    coalesce(to_date_reason, remaining_budget_reason) as reason,
    cast(to_date_value + remaining_budget_value as decimal(28, 6)) as forecast_value
from core.forecast_basis
