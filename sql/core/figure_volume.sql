-- The volume figures that a report may ask for, January…period: counted, or estimated by the method in force.
-- Grain: one row per measure, area, year and view of the organisation.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- A unit, or a kind of it, with no month at hand makes the figure missing, in every area that it counts in. Estimates of equal factors are
-- added before they are divided: thirds meet again. A split unit's shares are applied to its sum at hand; an estimate stays one, method and
-- months kept. Unit by unit: marts.volume_part.
-- `months` are the months at hand where the same months are missing for all; every month where only some units lack theirs.
-- `organisation_tag`: same where no unit that counts the measure came to the area, went from it, or arrived from outside.
with areas as (
    select area_code from core.known_area
    union
    select '-' as area_code
    union
    select '' as area_code
),

views as (
    select 'restated' as organisation_view
    union all
    select 'as_was' as organisation_view
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

-- Shares meet the unit's sums here, at six decimals.
shared as (
    select
        organisation_view,
        year_offset,
        measure_id,
        area_code as figure_area,
        case when is_scaled then factor_numerator else 1 end as factor_numerator,
        case when is_scaled then factor_denominator else 1 end as factor_denominator,
        case
            when is_scaled then cast(cast(known_volume as decimal(20, 6)) * share as decimal(28, 6)) else 0
        end as scaled_volume,
        case
            when is_scaled then cast(cast(outside_volume as decimal(20, 6)) * share as decimal(28, 6))
            else cast(cast(part_volume as decimal(20, 6)) * share as decimal(28, 6))
        end as exact_volume
    from marts.volume_part
),

by_factor as (
    select
        organisation_view,
        year_offset,
        measure_id,
        figure_area,
        factor_numerator,
        factor_denominator,
        sum(scaled_volume) as scaled_volume,
        sum(exact_volume) as exact_volume
    from shared
    group by all
),

scaled as (
    select
        organisation_view,
        year_offset,
        measure_id,
        figure_area,
        cast(sum(exact_volume) as decimal(28, 6)) + cast(sum(
            -- In millionths and whole numbers, half away from zero, as core.estimate_<method> does: the quotient first, then the remainder.
            cast(
                case when scaled_volume < 0 then -1 else 1 end * (
                    cast(abs(scaled_volume) * 1000000 as bigint) // factor_denominator * factor_numerator
                    + (2 * (cast(abs(scaled_volume) * 1000000 as bigint) % factor_denominator) * factor_numerator + factor_denominator)
                    // (2 * factor_denominator)
                ) as decimal(38, 0)
            )
        ) * 0.000001 as decimal(28, 6)) as volume
    from by_factor
    where factor_denominator > 0
    group by organisation_view, year_offset, measure_id, figure_area
),

months as (
    select
        counted.organisation_view,
        counted.year_offset,
        counted.measure_id,
        counted.area_code as figure_area,
        counted.month,
        counted.is_at_hand,
        counted.is_preliminary,
        counted.reason,
        whole.value_status
    from core.volume_area_month as counted
    inner join marts.volume_part as whole
        on
            counted.year_offset = whole.year_offset
            and counted.measure_id = whole.measure_id
            and counted.unit_code = whole.unit_code
            and counted.volume_kind = whole.volume_kind
            and whole.area_code = ''
            and whole.organisation_view = 'as_was'
),

-- Each reason once, however many months and units share it. Why a figure is missing is asked of the units that make it so.
reasons as (
    select
        organisation_view,
        year_offset,
        measure_id,
        figure_area,
        string_agg(distinct reason, '; ' order by reason) as reason,
        string_agg(distinct reason, '; ' order by reason) filter (where value_status = 'missing') as missing_reason
    from months
    where reason is not null
    group by organisation_view, year_offset, measure_id, figure_area
),

-- A month that is missing for some units and at hand for others describes no factor.
month_states as (
    select
        organisation_view,
        year_offset,
        measure_id,
        figure_area,
        month,
        bool_and(not is_at_hand) as is_missing,
        bool_or(not is_at_hand) and bool_or(is_at_hand) as is_mixed
    from months
    group by all
),

months_used as (
    select
        states.organisation_view,
        states.year_offset,
        states.measure_id,
        states.figure_area,
        case
            when bool_or(states.is_mixed) then string_agg(strftime(states.month, '%Y-%m'), ',' order by states.month)
            else string_agg(strftime(states.month, '%Y-%m'), ',' order by states.month) filter (where not states.is_missing)
        end as months
    from month_states as states
    inner join measures
        on states.measure_id = measures.measure_id
    where measures.measure_kind <> 'stock'
    group by states.organisation_view, states.year_offset, states.measure_id, states.figure_area
),

preliminary as (
    select
        organisation_view,
        year_offset,
        measure_id,
        figure_area,
        string_agg(distinct strftime(month, '%Y-%m'), ', ' order by strftime(month, '%Y-%m')) as months_preliminary
    from months
    where is_preliminary and is_at_hand
    group by organisation_view, year_offset, measure_id, figure_area
),

states as (
    select
        organisation_view,
        year_offset,
        measure_id,
        area_code as figure_area,
        max(case when part_status = 'missing' then 1 else 0 end) = 1 as is_missing,
        max(case when part_status = 'estimated' then 1 else 0 end) = 1 as is_estimated,
        max(case when part_status = 'estimated' then method end) as method
    from marts.volume_part
    group by organisation_view, year_offset, measure_id, area_code
),

split_units as (
    select distinct unit_code
    from core.unit_restated
    where share < 1
),

-- A unit's month that counts in an area in one of the views only, or with a share: the views differ there.
differing as (
    select
        year_offset,
        measure_id,
        area_code,
        unit_code in (select split_units.unit_code from split_units) as is_split
    from core.volume_area_month
    group by year_offset, measure_id, unit_code, volume_kind, month, area_code
    having count(*) = 1 or min(share) <> max(share)
),

moved as (
    select
        year_offset,
        measure_id,
        area_code,
        bool_or(is_split) as is_split
    from differing
    group by year_offset, measure_id, area_code
),

arrived as (
    select distinct
        counted.measure_id,
        areas.area_code
    from core.volume_area_month as counted
    inner join core.unit_arrival as arrivals
        on counted.unit_code = arrivals.unit_code
    inner join areas
        on coalesce(arrivals.area_code, '-') = areas.area_code or areas.area_code = ''
),

years as (
    select distinct year_offset
    from build.month
),

tags as (
    select
        measures.measure_id,
        areas.area_code,
        years.year_offset,
        case
            when moved.is_split then 'restated_share'
            when moved.measure_id is not null or arrived.measure_id is not null then 'restated'
            else 'same'
        end as restated_tag
    from measures
    cross join areas
    cross join years
    left join moved
        on
            measures.measure_id = moved.measure_id
            and areas.area_code = moved.area_code
            and years.year_offset = moved.year_offset
    left join arrived
        on
            measures.measure_id = arrived.measure_id
            and areas.area_code = arrived.area_code
),

applied as (
    select distinct
        extract,
        period
    from build.closing_deliveries
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

-- Where a unit counted anything, an area that counted nothing has none.
years_counted as (
    select
        files.measure_id,
        files.year_offset,
        files.months_delivered = files.months_asked or bool_or(states.measure_id is not null) as is_counted
    from files
    left join states
        on
            files.measure_id = states.measure_id
            and files.year_offset = states.year_offset
    group by files.measure_id, files.year_offset, files.months_delivered, files.months_asked
),

-- An area without a unit that counts the measure, in either view or year, has no figure of it.
areas_counted as (
    select distinct
        measure_id,
        figure_area as area_code
    from states
    union
    select
        measure_id,
        '' as area_code
    from measures
),

figures as (
    select
        measures.measure_id,
        areas.area_code,
        years_counted.year_offset,
        views.organisation_view,
        measures.figure_unit,
        case
            when states.measure_id is null and years_counted.is_counted then cast(0 as decimal(28, 6))
            when states.is_missing then null
            else scaled.volume
        end as figure_value,
        case
            when states.measure_id is null and years_counted.is_counted then 'actual'
            when states.measure_id is null or states.is_missing then 'missing'
            when states.is_estimated then 'estimated'
            when preliminary.months_preliminary is not null then 'preliminary'
            else 'actual'
        end as value_status,
        case when states.is_estimated and not states.is_missing then states.method end as method,
        months_used.months,
        case
            when states.measure_id is null and not years_counted.is_counted then 'inga uppgifter levererade'
            when states.is_missing then reasons.missing_reason
            when states.is_estimated
                then reasons.reason || coalesce('; preliminära uppgifter ' || preliminary.months_preliminary, '')
            when preliminary.months_preliminary is not null then 'avser ' || preliminary.months_preliminary
        end as reason
    from measures
    cross join views
    inner join areas_counted as areas
        on measures.measure_id = areas.measure_id
    inner join years_counted
        on measures.measure_id = years_counted.measure_id
    left join states
        on
            measures.measure_id = states.measure_id
            and areas.area_code = states.figure_area
            and years_counted.year_offset = states.year_offset
            and views.organisation_view = states.organisation_view
    left join reasons
        on
            measures.measure_id = reasons.measure_id
            and areas.area_code = reasons.figure_area
            and years_counted.year_offset = reasons.year_offset
            and views.organisation_view = reasons.organisation_view
    left join scaled
        on
            measures.measure_id = scaled.measure_id
            and areas.area_code = scaled.figure_area
            and years_counted.year_offset = scaled.year_offset
            and views.organisation_view = scaled.organisation_view
    left join months_used
        on
            measures.measure_id = months_used.measure_id
            and areas.area_code = months_used.figure_area
            and years_counted.year_offset = months_used.year_offset
            and views.organisation_view = months_used.organisation_view
    left join preliminary
        on
            measures.measure_id = preliminary.measure_id
            and areas.area_code = preliminary.figure_area
            and years_counted.year_offset = preliminary.year_offset
            and views.organisation_view = preliminary.organisation_view
)

select
    figures.measure_id as subject_id,
    figures.area_code,
    'T' as sex,
    'actual' as quantity,
    figures.year_offset,
    figures.organisation_view,
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
        when tags.restated_tag = 'same' then 'same'
        when figures.organisation_view = 'as_was' then 'not_restated'
        else tags.restated_tag
    end as organisation_tag
from figures
inner join tags
    on
        figures.measure_id = tags.measure_id
        and figures.area_code = tags.area_code
        and figures.year_offset = tags.year_offset
