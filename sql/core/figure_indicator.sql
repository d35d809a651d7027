-- What people typed, as figures: observations, targets and assessments.
-- Grain: one row per indicator or goal, sex, quantity and year.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- Which typed row each column is: core.indicator_column; which target counts: core.indicator_target.
with figures as (
    select
        indicator_id,
        sex,
        quantity,
        year_offset,
        observed_value as figure_value,
        words,
        value_status,
        reason
    from core.indicator_column
    union all
    select
        indicator_id,
        sex,
        'target' as quantity,
        year_offset,
        target_value as figure_value,
        target_words as words,
        'target' as value_status,
        cast(null as varchar) as reason
    from core.indicator_target
)

select
    indicator_id as subject_id,
    '' as area_code,
    sex,
    quantity,
    year_offset,
    '' as organisation_view,
    'indicator' as measure_id,
    cast(figure_value as decimal(28, 6)) as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    words,
    'printed' as figure_unit,
    value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    reason,
    '' as organisation_tag
from figures
union all
select
    goal_id as subject_id,
    '' as area_code,
    'T' as sex,
    'assessment' as quantity,
    0 as year_offset,
    '' as organisation_view,
    'goal' as measure_id,
    null as figure_value,
    null as numerator,
    null as denominator,
    null as adjustment_value,
    words,
    'printed' as figure_unit,
    value_status,
    null as method,
    null as months,
    null as reason,
    '' as organisation_tag
from marts.goal
