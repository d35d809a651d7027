-- The months and units whose staff figures lack something they are made of, and why.
-- Grain: one row per measure_id, month, unit_code ('' = all units).
-- Key: measure_id, month, unit_code
-- A month without a file of an extract that the measure stands on; a unit that owes rows (by the register of expected deliveries,
-- or by its own row in the gap register) and has none; a word in a number's place. Staff is never estimated: data win over a gap
-- row, and where there are none the cell is missing with the row's reason.
with
staff_source as (
    -- What the measures stand on to date; of the catalogue's measures those that have a limit for small groups are staff.
    select distinct
        source.measure_id,
        source.extract,
        described.content = 'month' as is_monthly
    from reference.measure_sources as source
    inner join reference.extracts as described
        on source.extract = described.extract
    where
        coalesce(source.quantity, 'actual') = 'actual'
        and source.measure_id in (select suppression.measure_id from reference.suppression as suppression)
),

source_month as (
    select
        staff_source.measure_id,
        staff_source.extract,
        month.month,
        month.month_end
    from staff_source
    cross join build.month as month
    where staff_source.is_monthly and month.is_to_date
),

absent_file as (
    select
        source_month.measure_id,
        source_month.extract,
        source_month.month
    from source_month
    left join build.closing_deliveries as delivery
        on source_month.extract = delivery.extract and source_month.month = delivery.period
    where delivery.delivery_id is null
),

refused_register as (
    -- A register has no months: without any version of it no month can be told.
    select distinct
        staff_source.measure_id,
        staff_source.extract,
        month.month,
        withheld.reason
    from staff_source
    inner join build.withheld_extract as withheld
        on staff_source.extract = withheld.extract
    cross join build.month as month
    where not staff_source.is_monthly and month.is_to_date
),

unit_with_rows as (
    -- Absence rows name no unit: the employment's is theirs.
    select
        'heroma_anstallning' as extract,
        month,
        unit_code
    from staging.employment
    union
    select
        'heroma_arbetstid' as extract,
        month,
        unit_code
    from staging.working_time
    union
    select
        'heroma_avgang' as extract,
        month,
        unit_code
    from staging.leaver
    union
    select
        'heroma_franvaro' as extract,
        absence.month,
        employment.unit_code
    from staging.absence as absence
    inner join staging.employment as employment
        on absence.month = employment.month and absence.employment_id = employment.employment_id
),

owing_unit as (
    select
        source_month.measure_id,
        source_month.extract,
        source_month.month,
        unit_month.unit_code
    from source_month
    inner join staging.expected_delivery as expected
        on
            source_month.extract = expected.extract
            and source_month.month_end >= expected.valid_from
            and (expected.valid_to is null or source_month.month <= expected.valid_to)
    inner join core.unit_month as unit_month
        on source_month.month = unit_month.month and expected.activity_type = unit_month.activity_type

    union

    select
        source_month.measure_id,
        source_month.extract,
        source_month.month,
        gap.unit_code
    from source_month
    inner join staging.gap as gap
        on
            source_month.extract = gap.extract
            and gap.unit_code <> ''
            and source_month.month >= gap.gap_from
            and (gap.gap_to is null or source_month.month <= gap.gap_to)
),

absent_unit as (
    select
        owing_unit.measure_id,
        owing_unit.extract,
        owing_unit.month,
        owing_unit.unit_code
    from owing_unit
    left join unit_with_rows
        on
            owing_unit.extract = unit_with_rows.extract
            and owing_unit.month = unit_with_rows.month
            and owing_unit.unit_code = unit_with_rows.unit_code
    where unit_with_rows.unit_code is null
),

absent_number as (
    -- A word ("i.u", "-") where the measure's number should be.
    select
        unnest(['sick_leave', 'long_sick_leave_share']) as measure_id,
        'heroma_arbetstid' as extract,
        month,
        unit_code
    from staging.working_time
    where ordinary_hours is null

    union

    select
        unnest(['sick_leave', 'long_sick_leave_share']) as measure_id,
        'heroma_franvaro' as extract,
        absence.month,
        coalesce(employment.unit_code, '') as unit_code
    from staging.absence as absence
    left join staging.employment as employment
        on absence.month = employment.month and absence.employment_id = employment.employment_id
    where absence.absence_code = 'SJK' and absence.absence_hours is null

    union

    select
        'hourly_staff_share' as measure_id,
        'heroma_arbetstid' as extract,
        month,
        unit_code
    from staging.working_time
    where worked_hours is null or hourly_paid_hours is null

    union

    select
        'full_time_share' as measure_id,
        'heroma_anstallning' as extract,
        month,
        unit_code
    from core.employment_month
    where is_in_force_at_month_end and pay_form = 'MAN' and grade_percent is null

    union

    select
        'pension_age' as measure_id,
        'heroma_avgang' as extract,
        month,
        unit_code
    from core.leaver_event
    where is_pension and age_years is null
),

absence_found as (
    select
        measure_id,
        extract,
        month,
        '' as unit_code,
        'ej tillgängligt' || coalesce(': ' || reason, '') as fallback_reason
    from refused_register
    union
    select
        measure_id,
        extract,
        month,
        '' as unit_code,
        'saknas utan rad i luckregistret' as fallback_reason
    from absent_file
    union
    select
        measure_id,
        extract,
        month,
        unit_code,
        'saknas utan rad i luckregistret' as fallback_reason
    from absent_unit
    union
    select
        absent_number.measure_id,
        absent_number.extract,
        absent_number.month,
        absent_number.unit_code,
        'uppgift saknas' as fallback_reason
    from absent_number
    inner join build.month as month
        on absent_number.month = month.month and month.is_to_date
),

reasoned_absence as (
    -- Refused today wins over the gap register, a unit's own gap row over the one for all, and both over our own words.
    select
        absence_found.measure_id,
        absence_found.extract,
        absence_found.month,
        absence_found.unit_code,
        case
            when withheld.extract is not null then 'ej tillgängligt' || coalesce(': ' || withheld.reason, '')
            when gap.extract is not null
                then coalesce(gap.gap_reason, 'känd lucka') || coalesce(' (ärende ' || gap.case_number || ')', '')
            else absence_found.fallback_reason
        end as reason
    from absence_found
    left join build.withheld_extract as withheld
        on
            absence_found.extract = withheld.extract
            and absence_found.month = withheld.period
            and absence_found.unit_code = ''
    left join staging.gap as gap
        on
            absence_found.extract = gap.extract
            and coalesce(gap.unit_code, '') in ('', absence_found.unit_code)
            and absence_found.month >= gap.gap_from
            and (gap.gap_to is null or absence_found.month <= gap.gap_to)
    qualify
        row_number() over (
            partition by
                absence_found.measure_id, absence_found.extract, absence_found.month, absence_found.unit_code
            order by coalesce(gap.unit_code, '') desc, gap.gap_from desc, absence_found.fallback_reason asc
        ) = 1
)

select
    measure_id,
    month,
    unit_code,
    string_agg(distinct reason, '; ' order by reason) as reason
from reasoned_absence
group by
    measure_id,
    month,
    unit_code
