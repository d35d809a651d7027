-- The volume figures that a report may ask for, January…period: counted, or estimated by the method in force.
-- Grain: one row per measure, area and year.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- In the organisation as it was: an area's units are those it had when they last were in force in January…period. A unit, or a kind of
-- it, with no month at hand makes the figure missing. Estimates of equal factors are added before they are divided: thirds meet again.
-- `months` are the months at hand where the same months are missing for all; every month where only some units lack theirs.
with areas as (
    select area_code from core.known_area
    union
    select '' as area_code
),

measures as (
    select
        measure_id,
        measure_kind,
        figure_unit,
        volume_extract
    from reference.measures
    where volume_extract is not null or measure_kind = 'stock' and figure_unit = 'places'
),

chosen as (
    select
        volumes.*,
        areas.area_code as figure_area
    from marts.volume_to_date as volumes
    inner join areas
        on volumes.area_code = areas.area_code or areas.area_code = ''
    where volumes.is_chosen
),

by_factor as (
    select
        year_offset,
        measure_id,
        figure_area,
        factor_numerator,
        factor_denominator,
        sum(known_volume) as known_volume,
        sum(outside_volume) as outside_volume
    from chosen
    group by all
),

scaled as (
    select
        year_offset,
        measure_id,
        figure_area,
        cast(sum(outside_volume) as decimal(28, 6)) + cast(sum(
            -- In millionths and whole numbers, half away from zero, as core.estimate_<method> does: the quotient first, then the remainder.
            cast(
                case when known_volume < 0 then -1 else 1 end * (
                    cast(abs(known_volume) * 1000000 as bigint) // factor_denominator * factor_numerator
                    + (2 * (cast(abs(known_volume) * 1000000 as bigint) % factor_denominator) * factor_numerator + factor_denominator)
                    // (2 * factor_denominator)
                ) as decimal(38, 0)
            )
        ) * 0.000001 as decimal(28, 6)) as volume
    from by_factor
    where factor_denominator > 0
    group by year_offset, measure_id, figure_area
),

-- Each reason once, however many months and units share it. Why a figure is missing is asked of the units that make it so.
unit_reasons as (
    select
        chosen.year_offset,
        chosen.measure_id,
        chosen.figure_area,
        chosen.value_status,
        months.reason
    from chosen
    inner join core.volume_kind_month as months
        on
            chosen.year_offset = months.year_offset
            and chosen.measure_id = months.measure_id
            and chosen.unit_code = months.unit_code
            and chosen.volume_kind = months.volume_kind
    where months.reason is not null
    union
    select
        year_offset,
        measure_id,
        figure_area,
        value_status,
        reason
    from chosen
    where measure_kind = 'stock' and reason is not null
),

reasons as (
    select
        year_offset,
        measure_id,
        figure_area,
        string_agg(distinct reason, '; ' order by reason) as reason,
        string_agg(distinct reason, '; ' order by reason) filter (where value_status = 'missing') as missing_reason
    from unit_reasons
    group by year_offset, measure_id, figure_area
),

-- A month that is missing for some units and at hand for others describes no factor.
month_states as (
    select
        months.year_offset,
        months.measure_id,
        areas.area_code as figure_area,
        months.month,
        bool_and(not months.is_at_hand) as is_missing,
        bool_or(not months.is_at_hand) and bool_or(months.is_at_hand) as is_mixed
    from core.volume_kind_month as months
    inner join chosen
        on
            months.year_offset = chosen.year_offset
            and months.measure_id = chosen.measure_id
            and months.unit_code = chosen.unit_code
            and months.volume_kind = chosen.volume_kind
    inner join areas
        on chosen.figure_area = areas.area_code
    group by all
),

months_used as (
    select
        year_offset,
        measure_id,
        figure_area,
        case
            when bool_or(is_mixed) then string_agg(strftime(month, '%Y-%m'), ',' order by month)
            else string_agg(strftime(month, '%Y-%m'), ',' order by month) filter (where not is_missing)
        end as months
    from month_states
    group by year_offset, measure_id, figure_area
),

preliminary as (
    select
        chosen.year_offset,
        chosen.measure_id,
        chosen.figure_area,
        string_agg(distinct strftime(months.month, '%Y-%m'), ', ' order by strftime(months.month, '%Y-%m')) as months_preliminary
    from chosen
    inner join core.volume_kind_month as months
        on
            chosen.year_offset = months.year_offset
            and chosen.measure_id = months.measure_id
            and chosen.unit_code = months.unit_code
            and chosen.volume_kind = months.volume_kind
    where months.is_preliminary and months.is_at_hand
    group by chosen.year_offset, chosen.measure_id, chosen.figure_area
),

states as (
    select
        year_offset,
        measure_id,
        figure_area,
        max(case when value_status = 'missing' then 1 else 0 end) = 1 as is_missing,
        max(case when value_status = 'estimated' then 1 else 0 end) = 1 as is_estimated,
        max(case when value_status = 'estimated' then method end) as method
    from chosen
    group by year_offset, measure_id, figure_area
),

applied as (
    select distinct
        extract,
        period
    from build.closing_deliveries
),

years as (
    select distinct year_offset
    from build.month
),

-- "None" is a number where the file of every month came and nobody owed a row; without the files it is unknown.
files as (
    select
        measures.measure_id,
        months.year_offset,
        count(*) as months_asked,
        count(applied.extract) as months_delivered
    from measures
    inner join build.month as months
        on months.is_to_date
    left join applied
        on
            measures.volume_extract = applied.extract
            and months.month = applied.period
    where measures.volume_extract is not null
    group by measures.measure_id, months.year_offset
    union all
    select
        measures.measure_id,
        years.year_offset,
        1 as months_asked,
        case when exists (select 1 from staging.place) then 1 else 0 end as months_delivered
    from measures
    cross join years
    where measures.volume_extract is null
),

figures as (
    select
        measures.measure_id,
        areas.area_code,
        files.year_offset,
        measures.figure_unit,
        case
            when states.measure_id is null and files.months_delivered = files.months_asked then cast(0 as decimal(28, 6))
            when states.is_missing then null
            else scaled.volume
        end as figure_value,
        case
            when states.measure_id is null and files.months_delivered = files.months_asked then 'actual'
            when states.measure_id is null or states.is_missing then 'missing'
            when states.is_estimated then 'estimated'
            when preliminary.months_preliminary is not null then 'preliminary'
            else 'actual'
        end as value_status,
        case when states.is_estimated and not states.is_missing then states.method end as method,
        months_used.months,
        case
            when states.measure_id is null and files.months_delivered < files.months_asked then 'inga uppgifter levererade'
            when states.is_missing then reasons.missing_reason
            when states.is_estimated
                then reasons.reason || coalesce('; preliminära uppgifter ' || preliminary.months_preliminary, '')
            when preliminary.months_preliminary is not null then 'avser ' || preliminary.months_preliminary
        end as reason
    from measures
    cross join areas
    inner join files
        on measures.measure_id = files.measure_id
    left join states
        on
            measures.measure_id = states.measure_id
            and areas.area_code = states.figure_area
            and files.year_offset = states.year_offset
    left join reasons
        on
            measures.measure_id = reasons.measure_id
            and areas.area_code = reasons.figure_area
            and files.year_offset = reasons.year_offset
    left join scaled
        on
            measures.measure_id = scaled.measure_id
            and areas.area_code = scaled.figure_area
            and files.year_offset = scaled.year_offset
    left join months_used
        on
            measures.measure_id = months_used.measure_id
            and areas.area_code = months_used.figure_area
            and files.year_offset = months_used.year_offset
    left join preliminary
        on
            measures.measure_id = preliminary.measure_id
            and areas.area_code = preliminary.figure_area
            and files.year_offset = preliminary.year_offset
    -- An area without a unit that counts the measure has no figure of it.
    where areas.area_code = '' or states.measure_id is not null
)

select
    figures.measure_id as subject_id,
    figures.area_code,
    'T' as sex,
    'actual' as quantity,
    figures.year_offset,
    '' as organisation_view,
    figures.measure_id,
    cast(figures.figure_value as decimal(28, 6)) as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    figures.figure_unit,
    figures.value_status,
    figures.method,
    figures.months,
    figures.reason,
    case
        when figures.year_offset = 0 then ''
        when changes.is_changed then 'not_restated'
        else 'same'
    end as organisation_tag
from figures
left join core.organisation_change as changes
    on figures.area_code = changes.area_code
