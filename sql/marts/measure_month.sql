-- Each month's actual value of what can be forecast by its past, as this close knows it; later closes read it as their history.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and month.
-- Key: measure_id, area_code, month
-- In the organisation as it was. Never an estimate: a month that lacks any part is missing, and says why. A month that has not come stands
-- here for its budget alone. What is only known from earlier closes stands in their versions.
select
    months.measure_id,
    months.area_code,
    months.month,
    months.known_in,
    months.figure_unit,
    months.value_status,
    months.reason,
    months.measure_value,
    months.month_budget_value
from core.measure_month as months
inner join build.closing as closing
    on months.known_in = closing.period
