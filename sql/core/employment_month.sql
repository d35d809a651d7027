-- Employments month by month, with the person, the area as was and the age group on the month's last day.
-- Grain: one row per month, employment_id.
-- Key: month, employment_id
-- Only January…period of the closed year and of the year before. Sex is the window's last, see core.person_window.
with
employment_age as (
    -- Whole years on the month's last day.
    select
        employment.delivery_id,
        employment.line,
        employment.month,
        month.month_end,
        month.year_offset,
        employment.employment_id,
        person.person_key,
        employment.unit_code,
        employment.employment_form,
        employment.pay_form,
        employment.grade_percent,
        employment.employed_from,
        employment.employed_to,
        person_window.sex,
        person_window.is_protected,
        year(month.month_end) - year(person_window.birth_date)
        - case
            when
                month(person_window.birth_date) * 100 + day(person_window.birth_date)
                > month(month.month_end) * 100 + day(month.month_end) then 1
            else 0
        end as age_completed_years
    from staging.employment as employment
    inner join build.month as month
        on employment.month = month.month and month.is_to_date
    inner join core.employment_person as person
        on employment.employment_id = person.employment_id
    inner join core.person_window as person_window
        on month.year_offset = person_window.year_offset and person.person_key = person_window.person_key
)

select
    employment_age.month,
    employment_age.employment_id,
    employment_age.delivery_id,
    employment_age.line,
    employment_age.year_offset,
    employment_age.person_key,
    employment_age.unit_code,
    unit_area.area_code,
    employment_age.employment_form,
    employment_age.pay_form,
    employment_age.sex,
    age_group.age_group,
    employment_age.employed_from,
    employment_age.employed_to,
    employment_age.is_protected,
    employment_age.employed_from <= employment_age.month_end
    and (employment_age.employed_to is null or employment_age.employed_to >= employment_age.month_end)
        as is_in_force_at_month_end,
    employment_age.grade_percent
from employment_age
left join core.unit_month as unit_area
    on employment_age.month = unit_area.month and employment_age.unit_code = unit_area.unit_code
left join core.age_group as age_group
    on
        employment_age.age_completed_years >= coalesce(age_group.age_from, 0)
        and (age_group.age_to is null or employment_age.age_completed_years <= age_group.age_to)
