-- The last day of each month on which units have shifts: a month that stops on the 23rd is no whole month.
-- Grain: one row per month and last day; units that stop on the same day stand together.
-- Key: month, last_day
-- The months are those delivered, not those expected: a month without any shift is missing, and told elsewhere.
with last_days as (
    select
        month,
        coalesce(unit_code, '') as unit_code,
        max(dated_on) as last_day
    from staging.shift
    group by
        month,
        coalesce(unit_code, '')
),

numbered as (
    select
        month,
        unit_code,
        last_day,
        row_number() over (partition by month, last_day order by unit_code) as unit_number
    from last_days
)

select
    numbered.month,
    numbered.last_day,
    string_agg(case when numbered.unit_number <= 5 then numbered.unit_code end, ', ' order by numbered.unit_code)
    || case when count(*) > 5 then ' …' else '' end as unit_list,
    count(*) as stopped_units,
    date_diff('day', numbered.last_day, month.month_end) as silent_days,
    date_diff('day', numbered.last_day, month.month_end) > most.threshold_value as is_cut_short
from numbered
inner join build.month as month
    on numbered.month = month.month
inner join core.threshold as most
    on most.threshold_id = 'silent_days_at_end'
group by
    numbered.month,
    numbered.last_day,
    month.month_end,
    most.threshold_value
