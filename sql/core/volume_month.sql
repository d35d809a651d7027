-- Each measure of a monthly extract, by unit and month: counted, or missing with the reason.
-- Grain: one row per measure, unit and month of January…period, of the closed year and the year before.
-- Key: measure_id, unit_code, month
-- At hand: the unit has rows in the extract that month, and none of this measure's is without its number. A kind without a row in a
-- month for which its unit has rows is 0. A month that a unit owes and has no rows for is missing; so is one that a number lacks in.
-- `is_due`: the unit is in force on a day of the month; only such months count when an estimate is made.
with measures as (
    select
        measure_id,
        volume_extract as extract
    from reference.measures
    where volume_extract is not null
),

delivered as (
    select distinct
        extract,
        unit_code,
        month
    from core.volume_observation
),

unit_months as (
    select
        extract,
        unit_code,
        month
    from delivered
    union
    select
        extract,
        unit_code,
        month
    from core.owed_month
),

counted as (
    select
        measure_id,
        unit_code,
        month,
        count(*) = count(volume) as is_whole,
        sum(volume) as volume,
        max(case when delivery_status = 'PREL' then 1 else 0 end) = 1 as is_preliminary
    from core.volume_observation
    group by measure_id, unit_code, month
),

-- The row that names the unit says more than one that holds for all.
gaps as (
    select
        unit_months.extract,
        unit_months.unit_code,
        unit_months.month,
        registered.gap_reason || coalesce(' (ärende ' || nullif(registered.case_number, '') || ')', '') as reason
    from unit_months
    inner join staging.gap as registered
        on
            unit_months.extract = registered.extract
            and coalesce(nullif(registered.unit_code, ''), unit_months.unit_code) = unit_months.unit_code
            and unit_months.month >= registered.gap_from
            and (registered.gap_to is null or unit_months.month <= registered.gap_to)
    qualify row_number() over (
        partition by unit_months.extract, unit_months.unit_code, unit_months.month
        order by coalesce(registered.unit_code, '') desc, registered.gap_from desc, registered.line asc
    ) = 1
)

select
    measures.measure_id,
    unit_months.unit_code,
    unit_months.month,
    unit_months.extract,
    months.year_offset,
    months.days,
    in_force.area_code,
    in_force.unit_code is not null as is_due,
    delivered.unit_code is not null and coalesce(counted.is_whole, true) as is_at_hand,
    coalesce(counted.is_preliminary, false) as is_preliminary,
    withheld.extract is not null as is_withheld,
    case
        when delivered.unit_code is not null and coalesce(counted.is_whole, true) then cast(coalesce(counted.volume, 0) as decimal(28, 6))
    end as volume,
    case
        when delivered.unit_code is null or not coalesce(counted.is_whole, true)
            then coalesce(withheld.reason, gaps.reason, 'saknas utan rad i luckregistret')
    end as reason
from unit_months
inner join measures
    on unit_months.extract = measures.extract
inner join build.month as months
    on unit_months.month = months.month
left join delivered
    on
        unit_months.extract = delivered.extract
        and unit_months.unit_code = delivered.unit_code
        and unit_months.month = delivered.month
left join counted
    on
        measures.measure_id = counted.measure_id
        and unit_months.unit_code = counted.unit_code
        and unit_months.month = counted.month
left join core.unit_month as in_force
    on
        unit_months.unit_code = in_force.unit_code
        and unit_months.month = in_force.month
left join gaps
    on
        unit_months.extract = gaps.extract
        and unit_months.unit_code = gaps.unit_code
        and unit_months.month = gaps.month
left join core.withheld_month as withheld
    on
        unit_months.extract = withheld.extract
        and unit_months.month = withheld.month
        and delivered.unit_code is null
