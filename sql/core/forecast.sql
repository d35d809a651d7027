-- Every method's full-year forecasts together, at every cut.
-- Grain: one row per measure, area, cut and method.
-- Key: measure_id, area_code, cut_month, method
-- A new method is a file of its own (core.forecast_<method>), a row in reference.methods and a part here. The result is revenue − cost
-- of the same method: two large numbers have a pace, their difference has none. What an earlier close froze of it counts as it was.
with forecasts as (
    select
        measure_id,
        area_code,
        cut_month,
        method,
        figure_unit,
        reason,
        forecast_value
    from core.forecast_run_rate_months
    union all
    select
        measure_id,
        area_code,
        cut_month,
        method,
        figure_unit,
        reason,
        forecast_value
    from core.forecast_run_rate_days
    union all
    select
        measure_id,
        area_code,
        cut_month,
        method,
        figure_unit,
        reason,
        forecast_value
    from core.forecast_share_last_year
    union all
    select
        measure_id,
        area_code,
        cut_month,
        method,
        figure_unit,
        reason,
        forecast_value
    from core.forecast_remaining_budget
    union all
    select
        measure_id,
        area_code,
        cut_month,
        method,
        figure_unit,
        reason,
        forecast_value
    from core.forecast_manual
),

result_parts as (
    select
        area_code,
        cut_month,
        method,
        max(figure_unit) as figure_unit,
        string_agg(distinct reason, '; ' order by reason) as reason,
        max(case when measure_id = 'revenue' then forecast_value end) as revenue_value,
        max(case when measure_id = 'cost' then forecast_value end) as cost_value
    from forecasts
    where measure_id in ('revenue', 'cost')
    group by area_code, cut_month, method
)

select
    measure_id,
    area_code,
    cut_month,
    method,
    figure_unit,
    reason,
    forecast_value
from forecasts
where measure_id <> 'result'
union all
select
    'result' as measure_id,
    area_code,
    cut_month,
    method,
    figure_unit,
    case when revenue_value is null or cost_value is null then coalesce(reason, 'prognosen är inte angiven') end as reason,
    cast(revenue_value - cost_value as decimal(28, 6)) as forecast_value
from result_parts
