-- The history that forecasts can be tried on: each year of each measure, whole or not, and what it lacks.
-- Grain: one row per measure and year before the closed period's end.
-- Key: measure_id, outcome_year
-- A year is whole when the organisation's twelve months are all known. Of the closed year only where the period is December.
select
    months.measure_id,
    cast(year(months.month) as integer) as outcome_year,
    cast(count(months.measure_value) as integer) as months_known,
    count(months.measure_value) = 12 as is_whole_year,
    string_agg(strftime(months.month, '%Y-%m'), ',' order by months.month) filter (where months.measure_value is null)
        as months_not_at_hand,
    string_agg(distinct months.reason, '; ' order by months.reason) as reason
from core.measure_month as months
inner join build.closing as closing
    on
        months.month <= closing.period
        and (months.month < closing.year_start or closing.month_number = 12)
where months.area_code = '' and months.value_status <> 'budget'
group by months.measure_id, year(months.month)
