-- Ordinary hours against what the grade of employment allows and demands, counted by unit.
-- Grain: one row per month and unit with monthly paid employments.
-- Key: month, unit_code
-- Too few is asked only of those employed the whole month. Counted: no employment is named.
with monthly_paid as (
    select
        employment.month,
        employment.unit_code,
        employment.grade_percent,
        worked.ordinary_hours,
        employment.employed_from <= employment.month
        and coalesce(employment.employed_to, month.month_end) >= month.month_end as is_whole_month
    from staging.employment as employment
    inner join staging.working_time as worked
        on
            employment.month = worked.month
            and employment.employment_id = worked.employment_id
    inner join build.month as month
        on employment.month = month.month
    where
        employment.pay_form = 'MAN'
        and employment.grade_percent > 0
        and worked.ordinary_hours is not null
)

select
    paid.month,
    coalesce(paid.unit_code, '') as unit_code,
    count(*) as employments,
    count(*) filter (
        where
        paid.ordinary_hours * 100 > paid.grade_percent * most.threshold_value
        or (paid.is_whole_month and paid.ordinary_hours * 100 < paid.grade_percent * least.threshold_value)
    ) as employments_off
from monthly_paid as paid
inner join core.threshold as most
    on most.threshold_id = 'full_time_month_hours_most'
inner join core.threshold as least
    on least.threshold_id = 'full_time_month_hours_least'
group by
    paid.month,
    coalesce(paid.unit_code, '')
