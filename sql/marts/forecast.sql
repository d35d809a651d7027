-- The full-year forecasts that the report uses: a person's where one was given, else the method that the catalogue names.
-- Grain: one row per measure and area ('' the organisation).
-- Key: measure_id, area_code
-- Revenue and cost are positive, result = revenue − cost. An area without a forecast makes the organisation's missing. Of what is counted
-- a person's forecast is in the unit that the report prints. Every method's forecast, used or not, stands in marts.forecast_method.
-- `base_method` and `months` tell what January…period stands on where it is an estimate: whoever forecast saw the estimate, not the
-- outcome.
with kinds as (
    select 'revenue' as measure_id
    union all
    select 'cost' as measure_id
),

by_person as (
    select manual.*
    from core.forecast_manual as manual
    inner join build.closing as closing
        on manual.cut_month = closing.period
),

by_method as (
    select forecasts.*
    from core.forecast as forecasts
    inner join build.closing as closing
        on forecasts.cut_month = closing.period
    where forecasts.method <> 'manual'
),

money_choices as (
    select
        areas.area_code,
        kinds.measure_id,
        chosen.method
    from core.known_area as areas
    cross join kinds
    inner join core.chosen_forecast as chosen
        on
            kinds.measure_id = chosen.measure_id
            and chosen.area_code in (areas.area_code, '')
    where areas.is_in_force and areas.area_code <> '-'
    qualify row_number() over (partition by areas.area_code, kinds.measure_id order by chosen.area_code desc) = 1
),

by_area as (
    select
        areas.area_code,
        areas.area_name,
        kinds.measure_id,
        case when by_person.measure_id is null and by_method.forecast_value is not null then by_method.method else 'manual' end as method,
        case when by_person.measure_id is not null then by_person.forecast_value else by_method.forecast_value end as forecast_value
    from core.known_area as areas
    cross join kinds
    left join by_person
        on
            areas.area_code = by_person.area_code
            and kinds.measure_id = by_person.measure_id
    left join money_choices as choices
        on
            areas.area_code = choices.area_code
            and kinds.measure_id = choices.measure_id
    left join by_method
        on
            areas.area_code = by_method.area_code
            and kinds.measure_id = by_method.measure_id
            and choices.method = by_method.method
    where areas.is_in_force
),

with_total as (
    select
        area_code,
        area_code as figure_area,
        area_name,
        measure_id,
        method,
        forecast_value
    from by_area
    union all
    select
        area_code,
        '' as figure_area,
        area_name,
        measure_id,
        method,
        forecast_value
    from by_area
    where area_code <> '-' or forecast_value is not null
),

economic as (
    select
        figure_area,
        measure_id,
        string_agg(distinct method, ', ' order by method) as method,
        case when count(*) = count(forecast_value) then sum(forecast_value) end as forecast_value,
        string_agg(case when forecast_value is null then area_name end, ', ' order by area_name) as areas_missing
    from with_total
    group by figure_area, measure_id
),

economic_methods as (
    select distinct
        figure_area,
        method
    from with_total
),

methods as (
    select
        figure_area,
        string_agg(method, ', ' order by method) as method
    from economic_methods
    group by figure_area
),

economic_result as (
    select
        economic.figure_area,
        'result' as measure_id,
        methods.method,
        case
            when count(*) = count(economic.forecast_value)
                then sum(case economic.measure_id when 'revenue' then economic.forecast_value else -economic.forecast_value end)
        end as forecast_value,
        string_agg(distinct economic.areas_missing, ', ' order by economic.areas_missing) as areas_missing
    from economic
    inner join methods
        on economic.figure_area = methods.figure_area
    group by economic.figure_area, methods.method
),

economic_forecasts as (
    select * from economic
    union all
    select * from economic_result
),

volumes as (
    select
        measure_id,
        area_code,
        figure_value,
        value_status,
        method,
        months,
        reason
    from core.figure_volume
    where year_offset = 0 and organisation_view <> 'as_was'
),

forecastable as (
    select
        measure_id,
        '' as area_code
    from reference.measures
    where measure_kind in ('flow', 'stock', 'rate', 'accumulating_rate') and figure_unit <> 'sek'
    union
    select
        chosen.measure_id,
        chosen.area_code
    from core.chosen_forecast as chosen
    inner join reference.measures as measures
        on chosen.measure_id = measures.measure_id
    where chosen.area_code <> '' and measures.figure_unit <> 'sek'
),

of_measures as (
    select
        forecastable.measure_id,
        forecastable.area_code,
        case when by_person.measure_id is not null then by_person.stated_value else by_method.forecast_value end as forecast_value,
        case when by_person.measure_id is not null then by_person.stated_unit else by_method.figure_unit end as figure_unit,
        case when by_person.measure_id is not null then 'manual' else chosen.method end as method,
        case when volumes.value_status = 'estimated' then volumes.method end as base_method,
        case when volumes.value_status = 'estimated' then volumes.months end as months,
        case
            when by_person.measure_id is not null and by_person.stated_value is null then by_person.reason
            when by_person.measure_id is null and chosen.method is null then 'ingen prognos är lämnad'
            when by_person.measure_id is null and by_method.forecast_value is null
                then coalesce(volumes.reason, by_method.reason, 'utfallet saknas')
            when volumes.value_status = 'estimated' then volumes.reason
        end as reason
    from forecastable
    left join by_person
        on
            forecastable.measure_id = by_person.measure_id
            and forecastable.area_code = by_person.area_code
    left join core.chosen_forecast as chosen
        on
            forecastable.measure_id = chosen.measure_id
            and forecastable.area_code = chosen.area_code
    left join by_method
        on
            forecastable.measure_id = by_method.measure_id
            and forecastable.area_code = by_method.area_code
            and chosen.method = by_method.method
    left join volumes
        on
            forecastable.measure_id = volumes.measure_id
            and forecastable.area_code = volumes.area_code
)

select
    measure_id,
    figure_area as area_code,
    'sek' as figure_unit,
    case when forecast_value is null then 'missing' else 'forecast' end as value_status,
    method,
    cast(null as varchar) as base_method,
    cast(null as varchar) as months,
    case when forecast_value is null then 'prognos saknas för ' || areas_missing end as reason,
    cast(forecast_value as decimal(28, 6)) as forecast_value
from economic_forecasts
union all
select
    measure_id,
    area_code,
    coalesce(figure_unit, 'printed') as figure_unit,
    case when forecast_value is null then 'missing' else 'forecast' end as value_status,
    method,
    base_method,
    months,
    reason,
    cast(forecast_value as decimal(28, 6)) as forecast_value
from of_measures
