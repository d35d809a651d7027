-- The hours of a unit's own shifts in TimeCare against the hours that payroll has as worked.
-- Grain: one row per unit and month that both have.
-- Key: unit_code, month
-- Hired staff is in no payroll, so its shifts are left out. `is_within_tolerance`: the difference is at most the threshold's share of
-- the expected.
with own_shifts as (
    select
        unit_code,
        month,
        sum(performed_hours) as performed_hours
    from staging.shift
    where coalesce(staffed_by, '') <> 'INHYRD'
    group by unit_code, month
    having count(*) = count(performed_hours)
),

payroll as (
    select
        unit_code,
        month,
        sum(worked_hours) as worked_hours
    from staging.working_time
    group by unit_code, month
    having count(*) = count(worked_hours)
)

select
    payroll.unit_code,
    payroll.month,
    cast(payroll.worked_hours as decimal(28, 6)) as expected,
    cast(own_shifts.performed_hours as decimal(28, 6)) as actual,
    cast(own_shifts.performed_hours - payroll.worked_hours as decimal(28, 6)) as difference,
    abs(own_shifts.performed_hours - payroll.worked_hours) * 100 <= abs(payroll.worked_hours) * tolerated.threshold_value
        as is_within_tolerance
from payroll
inner join own_shifts
    on
        payroll.unit_code = own_shifts.unit_code
        and payroll.month = own_shifts.month
inner join core.threshold as tolerated
    on tolerated.threshold_id = 'shift_against_worked'
