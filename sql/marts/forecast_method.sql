-- Every method's full-year forecast side by side: which one the report uses, and the pace that each leaves for the rest of the year.
-- Grain: one row per measure, area ('' the organisation) and method.
-- Key: measure_id, area_code, method
-- In the measure's own unit; a person's forecast of a ratio as typed (`figure_unit` printed), beside no other. `used_value` is the report's
-- forecast; one made of several methods by area has no row of its own. Implied pace: remaining_value ÷ months_left (or days_left), beside
-- to_date_value ÷ month_number (or days_to_date). Divide where you print. A result has no pace: ask revenue and cost.
with forecasts as (
    select forecasts.*
    from core.forecast as forecasts
    inner join build.closing as closing
        on forecasts.cut_month = closing.period
),

by_person as (
    select manual.*
    from core.forecast_manual as manual
    inner join build.closing as closing
        on manual.cut_month = closing.period
),

-- Who forecast the result is who forecast its parts.
people as (
    select
        measure_id,
        area_code,
        responsible,
        dated_on,
        reason_words
    from by_person
    union all
    select
        'result' as measure_id,
        area_code,
        string_agg(distinct responsible, ', ' order by responsible) as responsible,
        max(dated_on) as dated_on,
        string_agg(distinct reason_words, '; ' order by reason_words) as reason_words
    from by_person
    where measure_id in ('revenue', 'cost')
    group by area_code
),

bases as (
    select *
    from core.forecast_basis
    where is_closing
),

result_bases as (
    select
        area_code,
        case when count(*) = count(to_date_value) then sum(case measure_id when 'revenue' then to_date_value else -to_date_value end) end
            as to_date_value
    from bases
    where measure_id in ('revenue', 'cost')
    group by area_code
),

to_date as (
    select
        measure_id,
        area_code,
        base_method,
        months,
        to_date_value
    from bases
    union all
    select
        'result' as measure_id,
        area_code,
        cast(null as varchar) as base_method,
        cast(null as varchar) as months,
        to_date_value
    from result_bases
),

calendar as (
    select
        cast(closing.month_number as integer) as month_number,
        cast(12 - closing.month_number as integer) as months_left,
        cast(sum(case when months.is_to_date then months.days else 0 end) as integer) as days_to_date,
        cast(sum(case when months.is_to_date then 0 else months.days end) as integer) as days_left
    from build.closing as closing
    inner join build.month as months
        on months.year_offset = 0
    group by closing.month_number
),

-- The report's forecast in the measure's own unit: its method's row. Several methods by area make a sum of their own.
used as (
    select
        reported.measure_id,
        reported.area_code,
        reported.method,
        case
            when reported.figure_unit = 'printed' then forecasts.forecast_value
            else reported.forecast_value
        end as used_value
    from marts.forecast as reported
    left join forecasts
        on
            reported.measure_id = forecasts.measure_id
            and reported.area_code = forecasts.area_code
            and reported.method = forecasts.method
    where reported.value_status = 'forecast'
)

select
    forecasts.measure_id,
    forecasts.area_code,
    forecasts.method,
    measures.label,
    methods.label as method_label,
    forecasts.figure_unit,
    case when forecasts.forecast_value is null then 'missing' else 'forecast' end as value_status,
    coalesce(forecasts.method = used.method, false) as is_used,
    case when forecasts.method = 'manual' then people.responsible end as responsible,
    case when forecasts.method = 'manual' then people.dated_on end as dated_on,
    case when forecasts.method = 'manual' then people.reason_words end as reason_words,
    to_date.base_method,
    to_date.months,
    case when forecasts.forecast_value is null then forecasts.reason end as reason,
    calendar.month_number,
    calendar.months_left,
    calendar.days_to_date,
    calendar.days_left,
    forecasts.forecast_value,
    used.used_value,
    cast(
        case when measures.figure_unit = forecasts.figure_unit then forecasts.forecast_value - used.used_value end as decimal(28, 6)
    ) as difference,
    cast(to_date.to_date_value as decimal(28, 6)) as to_date_value,
    cast(
        case when measures.figure_unit = forecasts.figure_unit then forecasts.forecast_value - to_date.to_date_value end as decimal(28, 6)
    ) as remaining_value
from forecasts
inner join reference.measures as measures
    on forecasts.measure_id = measures.measure_id
inner join reference.methods as methods
    on forecasts.method = methods.method
cross join calendar
left join used
    on
        forecasts.measure_id = used.measure_id
        and forecasts.area_code = used.area_code
left join people
    on
        forecasts.measure_id = people.measure_id
        and forecasts.area_code = people.area_code
left join to_date
    on
        forecasts.measure_id = to_date.measure_id
        and forecasts.area_code = to_date.area_code
