-- Each person's sex and age in January…period of the closed year and of the year before.
-- Grain: one row per year_offset, person_key.
-- Key: year_offset, person_key
-- Where sex or birth date changes, the window's last month in which the person is employed holds, for all its months;
-- the age group is the one on the window's last day.
with
window_row as (
    -- The person's newest row of the window; of several employments in that month the lowest employment_id.
    select
        month.year_offset,
        person.person_key,
        person.is_protected,
        employment.sex,
        employment.birth_date
    from staging.employment as employment
    inner join build.month as month
        on employment.month = month.month and month.is_to_date
    inner join core.employment_person as person
        on employment.employment_id = person.employment_id
    qualify
        row_number() over (
            partition by month.year_offset, person.person_key
            order by employment.month desc, employment.employment_id asc
        ) = 1
),

window_age as (
    -- Whole years: the birthday itself counts, and one on 29 February is reached on 1 March in a common year.
    select
        window_row.year_offset,
        window_row.person_key,
        window_row.is_protected,
        window_row.sex,
        window_row.birth_date,
        year(last_month.month_end) - year(window_row.birth_date)
        - case
            when
                month(window_row.birth_date) * 100 + day(window_row.birth_date)
                > month(last_month.month_end) * 100 + day(last_month.month_end) then 1
            else 0
        end as age_completed_years
    from window_row
    cross join build.closing as closing
    inner join build.month as last_month
        on
            window_row.year_offset = last_month.year_offset
            and closing.month_number = last_month.month_number
)

select
    window_age.year_offset,
    window_age.person_key,
    window_age.sex,
    window_age.birth_date,
    window_age.is_protected,
    age_group.age_group
from window_age
left join core.age_group as age_group
    on
        window_age.age_completed_years >= coalesce(age_group.age_from, 0)
        and (age_group.age_to is null or window_age.age_completed_years <= age_group.age_to)
