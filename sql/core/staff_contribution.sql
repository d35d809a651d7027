-- What each person adds to a staff measure's numerator and denominator, by month and to date.
-- Grain: one row per span, measure_id, month, source_key, part.
-- Key: span, measure_id, month, source_key, part
-- span month: the row's own month. span to_date: the figure of January…period, or of its last day for a stock, on the window's
-- last month. External turnover to date is months × leavers / sum of month-end headcounts (= leavers / mean headcount), exactly.
-- source_key is the staging key within the month (employment or person): with month it leads back to the file's line.
with
month_contribution as (
    -- Permanent headcount: persons, in their main employment.
    select
        'permanent_headcount' as measure_id,
        'stock' as accrual,
        headcount.month,
        headcount.year_offset,
        headcount.person_key as source_key,
        'numerator' as part,
        headcount.person_key,
        headcount.unit_code,
        headcount.area_code,
        headcount.sex,
        headcount.age_group,
        headcount.is_protected,
        1 as numerator,
        cast(null as decimal(28, 6)) as denominator
    from core.permanent_employee_month as headcount

    union all

    -- Full-time share: employments, not persons. A grade that is not known is no contribution, see core.staff_gap.
    select
        'full_time_share' as measure_id,
        'stock' as accrual,
        employment.month,
        employment.year_offset,
        employment.employment_id as source_key,
        'both' as part,
        employment.person_key,
        employment.unit_code,
        employment.area_code,
        employment.sex,
        employment.age_group,
        employment.is_protected,
        case when employment.grade_percent >= full_time.parameter_value then 1 else 0 end as numerator,
        1 as denominator
    from core.employment_month as employment
    cross join build.closing as closing
    inner join reference.staff_parameters as full_time
        on
            full_time.parameter_id = 'full_time_grade'
            and closing.period_end >= full_time.valid_from
            and (full_time.valid_to is null or closing.period_end <= full_time.valid_to)
    where employment.is_in_force_at_month_end and employment.pay_form = 'MAN' and employment.grade_percent is not null

    union all

    select
        'sick_leave' as measure_id,
        'flow' as accrual,
        sick_leave.month,
        sick_leave.year_offset,
        sick_leave.employment_id as source_key,
        'both' as part,
        sick_leave.person_key,
        sick_leave.unit_code,
        sick_leave.area_code,
        sick_leave.sex,
        sick_leave.age_group,
        sick_leave.is_protected,
        sick_leave.sick_hours as numerator,
        sick_leave.ordinary_hours as denominator
    from core.sick_leave_month as sick_leave

    union all

    select
        'long_sick_leave_share' as measure_id,
        'flow' as accrual,
        sick_leave.month,
        sick_leave.year_offset,
        sick_leave.employment_id as source_key,
        'both' as part,
        sick_leave.person_key,
        sick_leave.unit_code,
        sick_leave.area_code,
        sick_leave.sex,
        sick_leave.age_group,
        sick_leave.is_protected,
        sick_leave.long_sick_hours as numerator,
        sick_leave.sick_hours as denominator
    from core.sick_leave_month as sick_leave

    union all

    select
        'hourly_staff_share' as measure_id,
        'flow' as accrual,
        hours.month,
        hours.year_offset,
        hours.employment_id as source_key,
        'both' as part,
        hours.person_key,
        hours.unit_code,
        hours.area_code,
        hours.sex,
        hours.age_group,
        hours.is_protected,
        hours.hourly_paid_hours as numerator,
        hours.worked_hours as denominator
    from core.hourly_work_month as hours

    union all

    -- Pension age: each ending of an employment with PENSION.
    select
        'pension_age' as measure_id,
        'flow' as accrual,
        leaver.month,
        leaver.year_offset,
        leaver.employment_id || ' ' || cast(leaver.left_on as varchar) as source_key,
        'both' as part,
        leaver.person_key,
        leaver.unit_code,
        leaver.area_code,
        leaver.sex,
        leaver.age_group,
        leaver.is_protected,
        leaver.age_years as numerator,
        1 as denominator
    from core.leaver_event as leaver
    where leaver.is_pension and leaver.age_years is not null

    union all

    -- Turnover's denominator accumulates the headcounts; its numerator does not, since a person leaves once in the window.
    select
        'external_turnover' as measure_id,
        'flow' as accrual,
        headcount.month,
        headcount.year_offset,
        headcount.person_key as source_key,
        'denominator' as part,
        headcount.person_key,
        headcount.unit_code,
        headcount.area_code,
        headcount.sex,
        headcount.age_group,
        headcount.is_protected,
        0 as numerator,
        1 as denominator
    from core.permanent_employee_month as headcount
),

leaver_of_month as (
    -- One row a person and month: the last ending.
    select *
    from core.leaver_event
    where is_external_turnover
    qualify row_number() over (partition by month, person_key order by left_on desc, employment_id asc) = 1
),

leaver_of_window as (
    -- One row a person and window: the last ending.
    select *
    from core.leaver_event
    where is_external_turnover
    qualify row_number() over (partition by year_offset, person_key order by left_on desc, employment_id asc) = 1
),

window_end as (
    select
        month.year_offset,
        month.month
    from build.month as month
    inner join build.closing as closing
        on month.month_number = closing.month_number
),

contribution as (
    select
        'month' as span,
        month_contribution.*
    from month_contribution

    union all

    -- To date, keyed by the month it comes from; a stock is only its last month's.
    select
        'to_date' as span,
        month_contribution.*
    from month_contribution
    inner join window_end
        on month_contribution.year_offset = window_end.year_offset
    where month_contribution.accrual = 'flow' or month_contribution.month = window_end.month

    union all

    select
        'month' as span,
        'external_turnover' as measure_id,
        'flow' as accrual,
        leaver.month,
        leaver.year_offset,
        leaver.person_key as source_key,
        'numerator' as part,
        leaver.person_key,
        leaver.unit_code,
        leaver.area_code,
        leaver.sex,
        leaver.age_group,
        leaver.is_protected,
        1 as numerator,
        0 as denominator
    from leaver_of_month as leaver

    union all

    select
        'to_date' as span,
        'external_turnover' as measure_id,
        'flow' as accrual,
        leaver.month,
        leaver.year_offset,
        leaver.person_key as source_key,
        'numerator' as part,
        leaver.person_key,
        leaver.unit_code,
        leaver.area_code,
        leaver.sex,
        leaver.age_group,
        leaver.is_protected,
        closing.month_number as numerator,
        0 as denominator
    from leaver_of_window as leaver
    cross join build.closing as closing
)

select
    contribution.span,
    contribution.measure_id,
    contribution.month,
    contribution.source_key,
    contribution.part,
    contribution.year_offset,
    case when contribution.span = 'to_date' then window_end.month else contribution.month end as shown_month,
    contribution.person_key,
    contribution.unit_code,
    contribution.area_code,
    contribution.sex,
    contribution.age_group,
    contribution.is_protected,
    cast(contribution.numerator as decimal(28, 6)) as numerator,
    cast(contribution.denominator as decimal(28, 6)) as denominator
from contribution
inner join window_end
    on contribution.year_offset = window_end.year_offset
