-- The full-year forecasts: of the result by area and kind as the controllers gave them, of other measures by a person or a method.
-- Grain: one row per measure and area ('' the organisation).
-- Key: measure_id, area_code
-- Revenue and cost are positive, result = revenue − cost. A row that is missing makes the area's and the organisation's forecast missing.
-- A person's forecast of a measure wins over any method and is in the unit that the report prints; without one, a measure whose method
-- is named in reference.measure_method is forecast by it, and any other is missing. `base_method` and `months` tell what January…period
-- stands on where it is an estimate: whoever forecast saw the estimate, not the outcome.
with kinds as (
    select
        'INTAKT' as forecast_kind,
        'revenue' as measure_id
    union all
    select
        'KOSTNAD' as forecast_kind,
        'cost' as measure_id
),

given as (
    select
        areas.area_code,
        kinds.measure_id,
        sum(input.forecast_sek) as forecast_sek,
        count(*) = count(input.forecast_sek) as is_whole
    from staging.economic_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
    inner join core.area as areas
        on input.area = areas.area
    inner join kinds
        on input.forecast_kind = kinds.forecast_kind
    group by areas.area_code, kinds.measure_id
),

by_area as (
    select
        areas.area_code,
        areas.area_name,
        kinds.measure_id,
        case when given.is_whole then given.forecast_sek end as forecast_sek
    from staging.edition_area as areas
    cross join kinds
    left join given
        on
            areas.area_code = given.area_code
            and kinds.measure_id = given.measure_id
),

-- Nobody owes a forecast of what belongs to no area ('-'): an edition that prints its row does not make the total missing.
with_total as (
    select
        area_code,
        area_code as figure_area,
        area_name,
        measure_id,
        forecast_sek
    from by_area
    union all
    select
        area_code,
        '' as figure_area,
        area_name,
        measure_id,
        forecast_sek
    from by_area
    where area_code <> '-' or forecast_sek is not null
),

economic as (
    select
        figure_area,
        measure_id,
        case when count(*) = count(forecast_sek) then sum(forecast_sek) end as forecast_sek,
        string_agg(case when forecast_sek is null then area_name end, ', ' order by area_name) as areas_missing
    from with_total
    group by figure_area, measure_id
),

economic_result as (
    select
        figure_area,
        'result' as measure_id,
        case
            when count(*) = count(forecast_sek)
                then sum(case measure_id when 'revenue' then forecast_sek else -forecast_sek end)
        end as forecast_sek,
        string_agg(distinct areas_missing, ', ' order by areas_missing) as areas_missing
    from economic
    group by figure_area
),

economic_forecasts as (
    select * from economic
    union all
    select * from economic_result
),

volumes as (
    select
        measure_id,
        figure_value,
        value_status,
        method,
        months,
        reason
    from core.figure_volume
    where year_offset = 0 and area_code = '' and organisation_view <> 'as_was'
),

-- What a person may forecast: everything that is counted and is not money.
forecastable as (
    select measure_id
    from reference.measures
    where measure_kind in ('flow', 'stock', 'rate', 'accumulating_rate') and figure_unit <> 'sek'
),

chosen as (
    select
        chosen.measure_id,
        chosen.method
    from reference.measure_method as chosen
    inner join reference.methods as methods
        on
            chosen.method = methods.method
            and methods.method_kind = 'forecast'
    inner join build.closing as closing
        on
            chosen.valid_from <= closing.period_end
            and (chosen.valid_to is null or chosen.valid_to >= closing.period_end)
),

by_person as (
    select
        input.measure_id,
        input.measure_forecast
    from staging.measure_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
),

by_method as (
    select
        measure_id,
        method,
        figure_unit,
        forecast_value
    from core.forecast_run_rate_months
),

of_measures as (
    select
        forecastable.measure_id,
        case
            when by_person.measure_id is not null then cast(by_person.measure_forecast as decimal(28, 6))
            else by_method.forecast_value
        end as forecast_value,
        case when by_person.measure_id is not null then 'printed' else by_method.figure_unit end as figure_unit,
        case when by_person.measure_id is not null then 'manual' else chosen.method end as method,
        case when volumes.value_status = 'estimated' then volumes.method end as base_method,
        case when volumes.value_status = 'estimated' then volumes.months end as months,
        case
            when by_person.measure_id is not null and by_person.measure_forecast is null then 'prognosen är inte angiven'
            when by_person.measure_id is null and chosen.method is null then 'ingen prognos är lämnad'
            when by_person.measure_id is null and by_method.forecast_value is null
                then coalesce(volumes.reason, 'utfallet saknas')
            when volumes.value_status = 'estimated' then volumes.reason
        end as reason
    from forecastable
    left join by_person
        on forecastable.measure_id = by_person.measure_id
    left join chosen
        on forecastable.measure_id = chosen.measure_id
    left join by_method
        on
            chosen.measure_id = by_method.measure_id
            and chosen.method = by_method.method
    left join volumes
        on forecastable.measure_id = volumes.measure_id
)

select
    measure_id,
    figure_area as area_code,
    'sek' as figure_unit,
    case when forecast_sek is null then 'missing' else 'forecast' end as value_status,
    'manual' as method,
    cast(null as varchar) as base_method,
    cast(null as varchar) as months,
    case when forecast_sek is null then 'prognos saknas för ' || areas_missing end as reason,
    cast(forecast_sek as decimal(28, 6)) as forecast_value
from economic_forecasts
union all
select
    measure_id,
    '' as area_code,
    coalesce(figure_unit, 'printed') as figure_unit,
    case when forecast_value is null then 'missing' else 'forecast' end as value_status,
    method,
    base_method,
    months,
    reason,
    forecast_value
from of_measures
