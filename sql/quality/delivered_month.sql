-- What each monthly extract holds, by unit and month: the rows at hand, how many of them are preliminary or lack their measure.
-- Grain: one row per extract, month and unit that the extract has rows of ('' where a row belongs to no unit).
-- Key: extract, month, unit_code
-- A measure given as a word ("i.u", "-") is NULL in staging: that unit and month is missing, as if its row had not come.
with delivered_rows as (
    -- the measure that the month is asked for, per extract; hourly paid staff has no grade, and only a pension is asked an age
    select
        'heroma_anstallning' as extract,
        month,
        unit_code,
        pay_form = 'MAN' and grade_percent is null as is_unknown,
        false as is_preliminary
    from staging.employment
    union all
    select
        'heroma_arbetstid' as extract,
        month,
        unit_code,
        ordinary_hours is null or worked_hours is null or hourly_paid_hours is null as is_unknown,
        false as is_preliminary
    from staging.working_time
    union all
    -- a spell names no unit: its employment's is the spell's
    select
        'heroma_franvaro' as extract,
        absence.month,
        employment.unit_code,
        absence.absence_hours is null as is_unknown,
        false as is_preliminary
    from staging.absence as absence
    left join staging.employment as employment
        on
            absence.month = employment.month
            and absence.employment_id = employment.employment_id
    union all
    select
        'heroma_avgang' as extract,
        month,
        unit_code,
        leaving_type = 'PENSION' and age_years is null as is_unknown,
        false as is_preliminary
    from staging.leaver
    union all
    select
        'timecare_pass' as extract,
        month,
        unit_code,
        performed_hours is null as is_unknown,
        false as is_preliminary
    from staging.shift
    union all
    select
        'treserva_hemtjanst' as extract,
        month,
        unit_code,
        performed_hours is null as is_unknown,
        delivery_status = 'PREL' as is_preliminary
    from staging.home_care
    union all
    select
        'treserva_boende' as extract,
        month,
        unit_code,
        occupied_days is null as is_unknown,
        delivery_status = 'PREL' as is_preliminary
    from staging.housing
    union all
    select
        'treserva_assistans' as extract,
        month,
        unit_code,
        assistance_hours is null as is_unknown,
        delivery_status = 'PREL' as is_preliminary
    from staging.assistance
    union all
    select
        'kost_maltider' as extract,
        month,
        unit_code,
        portions is null as is_unknown,
        false as is_preliminary
    from staging.meal
)

select
    extract,
    month,
    coalesce(unit_code, '') as unit_code,
    count(*) as delivered_rows,
    count(*) filter (where is_unknown) as unknown_rows,
    count(*) filter (where is_preliminary) as preliminary_rows
from delivered_rows
group by all
