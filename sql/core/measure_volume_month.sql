-- Each volume by month and area, as it was: whole, or missing with the reason.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and month that the close reads.
-- Key: measure_id, area_code, month
-- Of the year before all twelve months, of which nobody owes those after the period (`is_read_whole` false): they are there where they
-- came. A month in which any unit of the area owes rows and has none, or left a number out, is missing. Nobody's row in a month whose
-- file came is none; without the file it is unknown.
with applied as (
    select distinct
        extract,
        period as month
    from build.closing_deliveries
),

asked_months as (
    select *
    from build.month
    where year_offset < 0 or is_to_date
),

volumes as (
    select
        measures.measure_id,
        measures.figure_unit,
        measures.volume_extract as extract,
        months.month,
        months.is_to_date
    from reference.measures as measures
    cross join asked_months as months
    where measures.volume_extract is not null
),

owing as (
    select distinct
        expected.extract,
        in_force.unit_code,
        in_force.month
    from core.unit_month as in_force
    inner join staging.expected_delivery as expected
        on
            in_force.activity_type = expected.activity_type
            and in_force.month_end >= expected.valid_from
            and (expected.valid_to is null or in_force.month <= expected.valid_to)
),

delivering as (
    select distinct
        extract,
        unit_code,
        month
    from core.volume_delivered
),

unit_months as (
    select * from owing
    union
    select * from delivering
),

counted as (
    select
        measure_id,
        unit_code,
        month,
        count(*) = count(volume) as is_whole,
        bool_or(delivery_status = 'PREL') as is_preliminary,
        sum(volume) as volume
    from core.volume_delivered
    group by measure_id, unit_code, month
),

unit_values as (
    select
        volumes.measure_id,
        volumes.month,
        coalesce(in_force.area_code, '-') as own_area,
        delivering.unit_code is not null and coalesce(counted.is_whole, true) as is_known,
        coalesce(counted.is_preliminary, false) as is_preliminary,
        coalesce(counted.volume, 0) as volume
    from unit_months
    inner join volumes
        on
            unit_months.extract = volumes.extract
            and unit_months.month = volumes.month
    left join delivering
        on
            unit_months.extract = delivering.extract
            and unit_months.unit_code = delivering.unit_code
            and unit_months.month = delivering.month
    left join counted
        on
            unit_months.unit_code = counted.unit_code
            and unit_months.month = counted.month
            and volumes.measure_id = counted.measure_id
    left join core.unit_month as in_force
        on
            unit_months.unit_code = in_force.unit_code
            and unit_months.month = in_force.month
),

area_values as (
    select
        *,
        own_area as area_code
    from unit_values
    union all
    select
        *,
        '' as area_code
    from unit_values
),

summed as (
    select
        measure_id,
        month,
        area_code,
        bool_and(is_known) as is_known,
        bool_or(is_preliminary) as is_preliminary,
        sum(volume) as volume
    from area_values
    group by measure_id, month, area_code
),

gaps as (
    select
        registered.extract,
        months.month,
        string_agg(distinct registered.gap_reason, '; ' order by registered.gap_reason) as reason
    from staging.gap as registered
    inner join asked_months as months
        on
            registered.gap_from <= months.month
            and (registered.gap_to is null or registered.gap_to >= months.month)
    group by registered.extract, months.month
),

stated as (
    select
        volumes.measure_id,
        coalesce(summed.area_code, '') as area_code,
        volumes.month,
        volumes.extract,
        volumes.figure_unit,
        volumes.is_to_date,
        coalesce(summed.is_known, applied.extract is not null) as is_known,
        coalesce(summed.is_preliminary, false) as is_preliminary,
        coalesce(summed.volume, 0) as volume
    from volumes
    left join summed
        on
            volumes.measure_id = summed.measure_id
            and volumes.month = summed.month
    left join applied
        on
            volumes.extract = applied.extract
            and volumes.month = applied.month
)

select
    stated.measure_id,
    stated.area_code,
    stated.month,
    stated.figure_unit,
    stated.is_to_date as is_read_whole,
    case
        when not stated.is_known then 'missing'
        when stated.is_preliminary then 'preliminary'
        else 'actual'
    end as value_status,
    case
        when not stated.is_known
            then
                coalesce(
                    withheld.reason,
                    gaps.reason,
                    case when stated.is_to_date then 'saknas utan rad i luckregistret' else 'inga uppgifter levererade' end
                )
    end as reason,
    cast(case when stated.is_known then stated.volume end as decimal(28, 6)) as measure_value
from stated
left join gaps
    on
        stated.extract = gaps.extract
        and stated.month = gaps.month
left join core.withheld_month as withheld
    on
        stated.extract = withheld.extract
        and stated.month = withheld.month
