-- The full-year forecasts as figures.
-- Grain: one row per measure and area.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- Where January…period is an estimate, `method` and `months` are the estimate's, so that its footnote follows the forecast; the
-- forecast's own method stands in marts.forecast.
select
    measure_id as subject_id,
    area_code,
    'T' as sex,
    'forecast_full_year' as quantity,
    0 as year_offset,
    '' as organisation_view,
    measure_id,
    forecast_value as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    figure_unit,
    value_status,
    coalesce(base_method, method) as method,
    months,
    reason,
    '' as organisation_tag
from marts.forecast
