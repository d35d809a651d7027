-- Utilisation of home care: hours performed at the clients' (Treserva) over hours worked on shift (TimeCare), by district.
-- Grain: one row per year and district's measure.
-- Key: year_offset, measure_id
-- Over the months of January…period in which both sources are actual for every home-care unit of the district in force; `months` says
-- which. The district is the unit's in the register, not the row's. A PREL month is not actual: its visits are registered late while its
-- shifts are whole, so that the ratio would only look low.
with owed as (
    select
        unit_code,
        month,
        year_offset,
        district
    from core.unit_month
    where activity_type = 'HEMTJANST' and is_to_date and district is not null
),

care as (
    select
        unit_code,
        month,
        is_at_hand and not is_preliminary as is_actual,
        volume
    from core.volume_month
    where measure_id = 'home_care_hours'
),

both_sources as (
    select
        owed.year_offset,
        owed.district,
        owed.month,
        bool_and(coalesce(care.is_actual, false) and shifts.performed_hours is not null) as is_whole,
        sum(care.volume) as care_hours,
        sum(shifts.performed_hours) as shift_hours
    from owed
    left join care
        on
            owed.unit_code = care.unit_code
            and owed.month = care.month
    left join core.shift_month as shifts
        on
            owed.unit_code = shifts.unit_code
            and owed.month = shifts.month
    group by owed.year_offset, owed.district, owed.month
),

summed as (
    select
        year_offset,
        district,
        sum(care_hours) as care_hours,
        sum(shift_hours) as shift_hours,
        string_agg(strftime(month, '%Y-%m'), ',' order by month) as months
    from both_sources
    where is_whole
    group by year_offset, district
),

districts as (
    select
        'TATORT' as district,
        'home_care_utilisation_urban' as measure_id
    union all
    select
        'GLESBYGD' as district,
        'home_care_utilisation_rural' as measure_id
),

asked as (
    select
        years.year_offset,
        districts.district,
        districts.measure_id
    from (select distinct year_offset from build.month) as years
    cross join districts
)

select
    asked.year_offset,
    asked.measure_id,
    asked.district,
    case when coalesce(summed.shift_hours, 0) = 0 then 'missing' else 'actual' end as value_status,
    summed.months,
    case
        when summed.district is null then 'ingen månad har slutliga uppgifter från båda källorna för alla enheter'
        when summed.shift_hours = 0 then 'nämnaren är noll'
    end as reason,
    cast(summed.care_hours as decimal(28, 6)) as numerator,
    cast(summed.shift_hours as decimal(28, 6)) as denominator
from asked
left join summed
    on
        asked.year_offset = summed.year_offset
        and asked.district = summed.district
