-- Sick hours against ordinary hours of the same employment and month, counted by unit.
-- Grain: one row per month and unit with sick hours.
-- Key: month, unit_code
-- Employments without ordinary hours (hourly staff) are outside the measure, and outside this. Counted: no employment is named.
with sick as (
    select
        month,
        employment_id,
        sum(absence_hours) as sick_hours
    from staging.absence
    where absence_code = 'SJK'
    group by month, employment_id
)

select
    worked.month,
    coalesce(worked.unit_code, '') as unit_code,
    count(*) as employments,
    count(*) filter (where sick.sick_hours > worked.ordinary_hours + tolerated.threshold_value) as employments_over
from staging.working_time as worked
inner join sick
    on
        worked.month = sick.month
        and worked.employment_id = sick.employment_id
inner join core.threshold as tolerated
    on tolerated.threshold_id = 'sick_hours_over_ordinary'
where worked.ordinary_hours > 0
group by
    worked.month,
    coalesce(worked.unit_code, '')
