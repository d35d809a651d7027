-- Hours below zero: a credit for an earlier month, or a sign that has gone wrong.
-- Grain: one row per extract, column, month and unit with any.
-- Key: extract, column_name, month, unit_code
-- Counted: no employment and no shift is named. An absence names no unit, so its employment's is its own.
with negative as (
    select
        'heroma_arbetstid' as extract,
        'ordinarie_timmar' as column_name,
        month,
        unit_code
    from staging.working_time
    where ordinary_hours < 0
    union all
    select
        'heroma_arbetstid' as extract,
        'arbetade_timmar' as column_name,
        month,
        unit_code
    from staging.working_time
    where worked_hours < 0
    union all
    select
        'heroma_arbetstid' as extract,
        'timlon_timmar' as column_name,
        month,
        unit_code
    from staging.working_time
    where hourly_paid_hours < 0
    union all
    select
        'heroma_franvaro' as extract,
        'timmar_period' as column_name,
        absence.month,
        employment.unit_code
    from staging.absence as absence
    left join staging.employment as employment
        on
            absence.month = employment.month
            and absence.employment_id = employment.employment_id
    where absence.absence_hours < 0
    union all
    select
        'timecare_pass' as extract,
        'planerade_timmar' as column_name,
        month,
        unit_code
    from staging.shift
    where planned_hours < 0
    union all
    select
        'timecare_pass' as extract,
        'utforda_timmar' as column_name,
        month,
        unit_code
    from staging.shift
    where performed_hours < 0
    union all
    select
        'treserva_hemtjanst' as extract,
        'utforda_timmar' as column_name,
        month,
        unit_code
    from staging.home_care
    where performed_hours < 0
    union all
    select
        'treserva_assistans' as extract,
        'timmar' as column_name,
        month,
        unit_code
    from staging.assistance
    where assistance_hours < 0
)

select
    negative.extract,
    negative.column_name,
    negative.month,
    coalesce(negative.unit_code, '') as unit_code,
    described.label,
    described.source,
    count(*) as negative_rows
from negative
inner join reference.extracts as described
    on negative.extract = described.extract
group by
    negative.extract,
    negative.column_name,
    negative.month,
    coalesce(negative.unit_code, ''),
    described.label,
    described.source
