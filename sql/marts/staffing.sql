-- The staff measures by month, January…period of the closed year and of the year before, as was.
-- Grain: one row per level, area_code, unit_code, month, sex, age_group, measure_id.
-- Key: level, area_code, unit_code, month, sex, age_group, measure_id
-- Breakdowns are marginals: T stands for all. A headcount has no denominator. Hours add up over months, sexes and areas; headcounts
-- do not add over months, turnover neither (a person leaves once a year). Unit rows leave protected persons out. Suppressed is
-- 0 up to the limit, never a plain 0. Sex, and for hours the age, are those of the window's end: they may move between closes.
select
    level,
    area_code,
    unit_code,
    month,
    sex,
    age_group,
    measure_id,
    year_offset,
    value_status,
    reason,
    numerator,
    denominator
from core.staff_figure
where span = 'month'
