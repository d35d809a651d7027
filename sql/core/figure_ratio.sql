-- The computed ratios of the organisation as figures.
-- Grain: one row per measure and year.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- A ratio keeps its numerator and denominator; it is divided once, where it is printed.
with ratios as (
    select
        ratios.year_offset,
        ratios.measure_id,
        ratios.numerator,
        ratios.denominator,
        ratios.value_status,
        cast(null as varchar) as months,
        ratios.reason,
        results.organisation_tag
    from marts.economic_ratio as ratios
    left join core.figure_result as results
        on
            ratios.year_offset = results.year_offset
            and results.subject_id = 'result'
            and results.quantity = 'actual'
            and results.area_code = ''
            and results.organisation_view = 'restated'
    union all
    select
        ratios.year_offset,
        ratios.measure_id,
        ratios.numerator,
        ratios.denominator,
        ratios.value_status,
        ratios.months,
        ratios.reason,
        case
            when ratios.year_offset = 0 then ''
            when changes.is_changed then 'not_restated'
            else 'same'
        end as organisation_tag
    from marts.home_care_utilisation as ratios
    left join core.organisation_change as changes
        on changes.area_code = ''
)

select
    measure_id as subject_id,
    '' as area_code,
    'T' as sex,
    'actual' as quantity,
    year_offset,
    '' as organisation_view,
    measure_id,
    cast(null as decimal(28, 6)) as figure_value,
    case when value_status <> 'missing' then numerator end as numerator,
    case when value_status <> 'missing' then denominator end as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    'ratio' as figure_unit,
    value_status,
    cast(null as varchar) as method,
    months,
    reason,
    organisation_tag
from ratios
