-- The method manual: what a person forecast, with who, when and why.
-- Grain: one row per measure, area and cut: the closed period's, and those of earlier closes.
-- Key: measure_id, area_code, cut_month
-- In the measure's own unit where the report prints it in a unit that is a whole number of its own (tusen st), else as typed
-- (`figure_unit` printed); `stated_value` is what was typed, in `stated_unit`. Of money a row by area, as the controllers give it; the
-- organisation's is their sum once every area has given its own. Of an earlier close who and why stand in its own version.
with kinds as (
    select
        'INTAKT' as forecast_kind,
        'revenue' as measure_id
    union all
    select
        'KOSTNAD' as forecast_kind,
        'cost' as measure_id
),

by_area as (
    select
        kinds.measure_id,
        areas.area_code,
        case when count(*) = count(input.forecast_sek) then sum(input.forecast_sek) end as forecast_sek,
        string_agg(distinct input.responsible, ', ' order by input.responsible) as responsible,
        max(input.dated_on) as dated_on,
        string_agg(distinct input.reason_words, '; ' order by input.reason_words) as reason_words
    from staging.economic_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
    inner join core.area as areas
        on input.area = areas.area
    inner join kinds
        on input.forecast_kind = kinds.forecast_kind
    group by kinds.measure_id, areas.area_code
),

-- Nobody owes a forecast of what belongs to no area ('-'), nor of an area that has ended.
areas_owing as (
    select
        area_code,
        count(*) over () as areas
    from core.known_area
    where is_in_force and area_code <> '-'
),

money as (
    select * from by_area
    union all
    select
        by_area.measure_id,
        '' as area_code,
        case
            when count(*) = count(by_area.forecast_sek) and count(areas_owing.area_code) = max(areas_owing.areas)
                then sum(by_area.forecast_sek)
        end as forecast_sek,
        string_agg(distinct by_area.responsible, ', ' order by by_area.responsible) as responsible,
        max(by_area.dated_on) as dated_on,
        string_agg(distinct by_area.reason_words, '; ' order by by_area.reason_words) as reason_words
    from by_area
    left join areas_owing
        on by_area.area_code = areas_owing.area_code
    group by by_area.measure_id
),

-- The unit that the report prints a measure in. A ratio's per cent are no whole number of it.
printed_units as (
    select
        asked.measure_id,
        units.figure_unit,
        units.divisor
    from staging.edition_row as asked
    inner join reference.measures as measures
        on asked.measure_id = measures.measure_id
    inner join reference.units as units
        on
            asked.print_unit = units.print_unit
            and measures.figure_unit = units.figure_unit
            and units.multiplier = 1
    qualify row_number() over (partition by asked.measure_id order by asked.table_id, asked.row_id) = 1
),

counted as (
    select
        input.measure_id,
        coalesce(printed_units.figure_unit, 'printed') as figure_unit,
        cast(cast(input.measure_forecast as decimal(28, 6)) * coalesce(printed_units.divisor, 1) as decimal(28, 6)) as forecast_value,
        input.measure_forecast,
        input.responsible,
        input.dated_on,
        input.reason_words
    from staging.measure_forecast as input
    inner join build.closing as closing
        on input.month = closing.period
    inner join reference.measures as measures
        on
            input.measure_id = measures.measure_id
            and measures.figure_unit <> 'sek'
    left join printed_units
        on input.measure_id = printed_units.measure_id
),

stated as (
    select
        measure_id,
        area_code,
        'sek' as figure_unit,
        'sek' as stated_unit,
        responsible,
        dated_on,
        reason_words,
        cast(forecast_sek as decimal(28, 6)) as stated_value,
        cast(forecast_sek as decimal(28, 6)) as forecast_value
    from money
    union all
    select
        measure_id,
        '' as area_code,
        figure_unit,
        'printed' as stated_unit,
        responsible,
        dated_on,
        reason_words,
        cast(measure_forecast as decimal(28, 6)) as stated_value,
        forecast_value
    from counted
)

select
    stated.measure_id,
    stated.area_code,
    closing.period as cut_month,
    'manual' as method,
    stated.figure_unit,
    case when stated.forecast_value is null then 'prognosen är inte angiven' end as reason,
    stated.stated_unit,
    stated.responsible,
    stated.dated_on,
    stated.reason_words,
    stated.stated_value,
    stated.forecast_value
from stated
cross join build.closing as closing
union all
select
    measure_id,
    area_code,
    cut_month,
    'manual' as method,
    figure_unit,
    cast(null as varchar) as reason,
    cast(null as varchar) as stated_unit,
    cast(null as varchar) as responsible,
    cast(null as date) as dated_on,
    cast(null as varchar) as reason_words,
    cast(null as decimal(28, 6)) as stated_value,
    forecast_value
from build.earlier_forecast
