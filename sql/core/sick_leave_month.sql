-- Ordinary and sick hours by employment and month, of the employments that sick leave is measured over.
-- Grain: one row per month, employment_id.
-- Key: month, employment_id
-- Those whose ordinary hours in January…period are above 0, in numerator and denominator alike: hourly staff without a schedule
-- fall out with their sick hours. The unit is the one the hours are booked on, failing that the employment's.
-- Age is the one on the window's last day, for all its months, so that months add up to the window.
-- An employment that no file of employments knows is treated as protected: who it is cannot be told.
with
measured_employment as (
    select
        month.year_offset,
        working_time.employment_id
    from staging.working_time as working_time
    inner join build.month as month
        on working_time.month = month.month and month.is_to_date
    group by month.year_offset, working_time.employment_id
    having sum(working_time.ordinary_hours) > 0
),

employment_hours as (
    -- Contracted hours and sick hours, still in rows of their own.
    select
        working_time.month,
        working_time.employment_id,
        working_time.unit_code,
        working_time.ordinary_hours,
        0 as sick_hours,
        0 as long_sick_hours
    from staging.working_time as working_time

    union all

    select
        absence.month,
        absence.employment_id,
        null as unit_code,
        0 as ordinary_hours,
        absence.absence_hours as sick_hours,
        case when spell.is_long_spell then absence.absence_hours else 0 end as long_sick_hours
    from staging.absence as absence
    inner join build.month as month
        on absence.month = month.month and month.is_to_date
    inner join core.sick_leave_spell as spell
        on
            month.year_offset = spell.year_offset
            and absence.employment_id = spell.employment_id
            and absence.absent_from >= spell.spell_from
            and absence.absent_from <= spell.spell_to
    where absence.absence_code = 'SJK'
),

measured_month as (
    select
        month.month,
        month.year_offset,
        employment_hours.employment_id,
        max(employment_hours.unit_code) as unit_code,
        sum(employment_hours.ordinary_hours) as ordinary_hours,
        sum(employment_hours.sick_hours) as sick_hours,
        sum(employment_hours.long_sick_hours) as long_sick_hours
    from employment_hours
    inner join build.month as month
        on employment_hours.month = month.month and month.is_to_date
    inner join measured_employment
        on
            month.year_offset = measured_employment.year_offset
            and employment_hours.employment_id = measured_employment.employment_id
    group by month.month, month.year_offset, employment_hours.employment_id
)

select
    measured_month.month,
    measured_month.employment_id,
    measured_month.year_offset,
    coalesce(person.person_key, measured_month.employment_id) as person_key,
    coalesce(measured_month.unit_code, employment.unit_code) as unit_code,
    unit_area.area_code,
    person_window.sex,
    person_window.age_group,
    coalesce(person.is_protected, true) as is_protected,
    cast(measured_month.ordinary_hours as decimal(18, 6)) as ordinary_hours,
    cast(measured_month.sick_hours as decimal(18, 6)) as sick_hours,
    cast(measured_month.long_sick_hours as decimal(18, 6)) as long_sick_hours
from measured_month
left join core.employment_person as person
    on measured_month.employment_id = person.employment_id
left join core.person_window as person_window
    on measured_month.year_offset = person_window.year_offset and person.person_key = person_window.person_key
left join core.employment_month as employment
    on measured_month.month = employment.month and measured_month.employment_id = employment.employment_id
left join core.unit_month as unit_area
    on
        measured_month.month = unit_area.month
        and coalesce(measured_month.unit_code, employment.unit_code) = unit_area.unit_code
