-- The forecasts that people typed for the period, and whether each says who, when and why.
-- Grain: one row per measure and area with a typed forecast.
-- Key: measure_id, area_code
-- A person's forecast wins over every method: nobody can defend one that has no author, day and reason. `lacking` names what is not there.
-- A row without its number is missing already, and told as such.
with stated as (
    select
        case input.forecast_kind when 'INTAKT' then 'revenue' else 'cost' end as measure_id,
        coalesce(areas.area_code, input.area) as area_code,
        input.forecast_sek as stated_value,
        input.responsible,
        input.dated_on,
        input.reason_words
    from staging.economic_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
    left join core.area as areas
        on input.area = areas.area
    union all
    select
        input.measure_id,
        '' as area_code,
        input.measure_forecast as stated_value,
        input.responsible,
        input.dated_on,
        input.reason_words
    from staging.measure_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
),

lacks as (
    select
        measure_id,
        area_code,
        max(case when coalesce(trim(responsible), '') = '' then 'ansvarig' end) as lacks_person,
        max(case when dated_on is null then 'datum' end) as lacks_day,
        max(case when coalesce(trim(reason_words), '') = '' then 'motivering' end) as lacks_reason
    from stated
    where stated_value is not null
    group by measure_id, area_code
)

select
    lacks.measure_id,
    lacks.area_code,
    measures.label || coalesce(' ' || nullif(lacks.area_code, ''), '') as label,
    lacks.lacks_person is null and lacks.lacks_day is null and lacks.lacks_reason is null as is_accounted_for,
    concat_ws(', ', lacks.lacks_person, lacks.lacks_day, lacks.lacks_reason) as lacking
from lacks
inner join reference.measures as measures
    on lacks.measure_id = measures.measure_id
