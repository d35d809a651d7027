-- Each measure of a monthly extract, by unit, month and kind: counted, or missing with the reason.
-- Grain: one row per measure, unit, kind and month of January…period, of the closed year and the year before.
-- Key: measure_id, unit_code, month, volume_kind
-- A unit has the kinds that it delivered a row of in January…period of the year; '' where it delivered none of the measure's.
-- At hand: the unit has rows in the extract that month, and this kind's is not without its number. A kind without a row in a month for
-- which its unit has rows is 0. A month that a unit owes and has no rows for is missing, for every kind; a number that lacks is missing
-- for its own kind alone: what the others counted that month is known.
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

-- Files that the register expects of no type in particular, and that did not come.
absent_files as (
    select distinct
        expected.extract,
        months.month,
        months.year_offset
    from staging.expected_delivery as expected
    inner join build.month as months
        on
            months.is_to_date
            and expected.valid_from <= months.month_end
            and (expected.valid_to is null or expected.valid_to >= months.month)
    inner join reference.extracts as declared
        on
            expected.extract = declared.extract
            and months.month >= declared.first_period
            and (declared.last_period is null or months.month <= declared.last_period)
    left join build.closing_deliveries as applied
        on
            expected.extract = applied.extract
            and months.month = applied.period
    where
        coalesce(expected.activity_type, '') = ''
        and applied.extract is null
),

-- Where no type owes an extract, its units are those that the year's other files have rows of: without them a month that never came
-- would count as 0.
unowed_months as (
    select distinct
        absent_files.extract,
        in_force.unit_code,
        absent_files.month
    from absent_files
    inner join core.volume_observation as counted
        on
            absent_files.extract = counted.extract
            and absent_files.year_offset = counted.year_offset
    inner join core.unit_month as in_force
        on
            counted.unit_code = in_force.unit_code
            and absent_files.month = in_force.month
    where
        absent_files.extract not in (select owed.extract from core.owed_month as owed)
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
    from unowed_months
    union
    select
        extract,
        unit_code,
        month
    from core.owed_month
),

kinds as (
    select distinct
        year_offset,
        measure_id,
        unit_code,
        volume_kind
    from core.volume_observation
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
    coalesce(kinds.volume_kind, '') as volume_kind,
    unit_months.extract,
    months.year_offset,
    months.days,
    in_force.area_code,
    in_force.unit_code is not null as is_due,
    delivered.unit_code is not null and (counted.unit_code is null or counted.volume is not null) as is_at_hand,
    coalesce(counted.delivery_status = 'PREL', false) as is_preliminary,
    withheld.extract is not null as is_withheld,
    case
        when delivered.unit_code is not null and counted.unit_code is null then cast(0 as decimal(28, 6))
        else counted.volume
    end as volume,
    case
        when delivered.unit_code is null or (counted.unit_code is not null and counted.volume is null)
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
left join kinds
    on
        months.year_offset = kinds.year_offset
        and measures.measure_id = kinds.measure_id
        and unit_months.unit_code = kinds.unit_code
left join core.volume_observation as counted
    on
        measures.measure_id = counted.measure_id
        and unit_months.unit_code = counted.unit_code
        and unit_months.month = counted.month
        and kinds.volume_kind = counted.volume_kind
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
