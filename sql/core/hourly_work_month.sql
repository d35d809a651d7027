-- Worked and hourly paid hours by employment and month.
-- Grain: one row per month, employment_id.
-- Key: month, employment_id
-- Age is the one on the window's last day, as for sick leave: months add up to the window.
-- An employment that no file of employments knows is treated as protected: who it is cannot be told.
select
    working_time.month,
    working_time.employment_id,
    working_time.delivery_id,
    working_time.line,
    month.year_offset,
    coalesce(person.person_key, working_time.employment_id) as person_key,
    working_time.unit_code,
    unit_area.area_code,
    person_window.sex,
    person_window.age_group,
    coalesce(person.is_protected, true) as is_protected,
    working_time.worked_hours,
    working_time.hourly_paid_hours
from staging.working_time as working_time
inner join build.month as month
    on working_time.month = month.month and month.is_to_date
left join core.employment_person as person
    on working_time.employment_id = person.employment_id
left join core.person_window as person_window
    on month.year_offset = person_window.year_offset and person.person_key = person_window.person_key
left join core.unit_month as unit_area
    on working_time.month = unit_area.month and working_time.unit_code = unit_area.unit_code
