-- Walked forward over the history: what each method would have forecast at each month of each whole year, against what the year came to.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area), method and cut.
-- Key: measure_id, area_code, method, cut_month
-- Only years whose twelve months are known. Each cut sees January to its own month and nothing later; but history is read as it is known
-- now: corrections made since are in it, and a past year's budget is the one last delivered. A person's forecast (manual) is the one that
-- was frozen when its month was closed. error_value = forecast − outcome; a method that could not be tried says why.
with area_years as (
    select
        months.measure_id,
        months.area_code,
        years.outcome_year,
        sum(months.measure_value) as outcome_value,
        count(*) as months_there,
        count(months.measure_value) as months_known
    from core.measure_month as months
    inner join marts.backtest_year as years
        on
            months.measure_id = years.measure_id
            and year(months.month) = years.outcome_year
            and years.is_whole_year
    where months.value_status <> 'budget'
    group by months.measure_id, months.area_code, years.outcome_year
),

-- An area of fewer than twelve months has been part of the organisation for as many; what it came to is known where each of them is.
outcomes as (
    select
        measure_id,
        area_code,
        outcome_year,
        outcome_value
    from area_years
    where months_there = months_known
)

select
    forecasts.measure_id,
    forecasts.area_code,
    forecasts.method,
    forecasts.cut_month,
    outcomes.outcome_year,
    cast(month(forecasts.cut_month) as integer) as month_number,
    forecasts.figure_unit,
    case when forecasts.forecast_value is null then forecasts.reason end as reason,
    forecasts.forecast_value,
    cast(outcomes.outcome_value as decimal(28, 6)) as outcome_value,
    cast(forecasts.forecast_value - outcomes.outcome_value as decimal(28, 6)) as error_value
from core.forecast as forecasts
cross join build.closing as closing
inner join outcomes
    on
        forecasts.measure_id = outcomes.measure_id
        and forecasts.area_code = outcomes.area_code
        and year(forecasts.cut_month) = outcomes.outcome_year
where forecasts.cut_month < closing.period and month(forecasts.cut_month) < 12
