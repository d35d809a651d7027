-- The staff measures to date: January…period for a flow, the period's last day for a stock; and the same of the year before.
-- Grain: one row per year_offset, level, area_code, unit_code, sex, age_group, measure_id.
-- Key: year_offset, level, area_code, unit_code, sex, age_group, measure_id
-- External turnover is months × distinct leavers / sum of month-end headcounts, which is leavers / mean headcount. As was: a unit
-- that changed area has a row in each. Unit rows leave protected persons out. The source's own cells are never withheld.
select
    year_offset,
    level,
    area_code,
    unit_code,
    sex,
    age_group,
    measure_id,
    value_status,
    reason,
    numerator,
    denominator
from core.staff_figure
where span = 'to_date'
