-- The target of each indicator, year by year, in the unit that the report prints.
-- Grain: one row per indicator, sex and year.
-- Key: indicator_id, sex, year_offset
-- `year_offset` counts from the closed year. A target is a number, or words as they are printed.
select
    indicator_id,
    sex,
    year_offset,
    target_kind,
    target_words,
    decided_by,
    target_value
from core.indicator_target
