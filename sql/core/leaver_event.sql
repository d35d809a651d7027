-- Employments that ended in January…period of the closed year or the year before, and what each ending counts as.
-- Grain: one row per employment_id, left_on.
-- Key: employment_id, left_on
-- External turnover: a TV employment, external by the flag (whatever the type), and the person holds no TV employment the day
-- after. For one who leaves on the window's last day, the day after is read from the window's last file: it knows who had not left.
-- An employment that the leaver extract has ended is over, whatever end the file of employments knew when it was taken out.
-- Sex is the leaver extract's own; the age group is by the age on leaving, in completed years.
-- An employment that no file of employments knows is treated as protected: who it is cannot be told.
with
leaving as (
    -- The file that knows of the day after: that day's month, but never one after the window.
    select
        leaver.delivery_id,
        leaver.line,
        leaver.month,
        month.year_offset,
        leaver.employment_id,
        coalesce(person.person_key, leaver.employment_id) as person_key,
        coalesce(person.is_protected, true) as is_protected,
        leaver.unit_code,
        leaver.employment_form,
        leaver.sex,
        leaver.left_on,
        leaver.leaving_type,
        leaver.is_external,
        leaver.age_years,
        cast(leaver.left_on + interval 1 day as date) as day_after,
        least(
            cast(date_trunc('month', cast(leaver.left_on + interval 1 day as date)) as date), window_end.month
        ) as day_after_read_in
    from staging.leaver as leaver
    inner join build.month as month
        on leaver.month = month.month and month.is_to_date
    cross join build.closing as closing
    inner join build.month as window_end
        on month.year_offset = window_end.year_offset and closing.month_number = window_end.month_number
    left join core.employment_person as person
        on leaver.employment_id = person.employment_id
),

still_permanent as (
    -- Leavers who hold a TV employment the day after.
    select distinct
        leaving.employment_id,
        leaving.left_on
    from leaving
    inner join core.employment_month as employment
        on
            leaving.person_key = employment.person_key
            and leaving.day_after_read_in = employment.month
            and employment.employment_form = 'TV'
            and leaving.day_after >= employment.employed_from
            and (employment.employed_to is null or leaving.day_after <= employment.employed_to)
    left join staging.leaver as ended
        on
            employment.employment_id = ended.employment_id
            and employment.employed_from <= ended.left_on
            and leaving.left_on >= ended.left_on
    where ended.employment_id is null
)

select
    leaving.employment_id,
    leaving.left_on,
    leaving.delivery_id,
    leaving.line,
    leaving.month,
    leaving.year_offset,
    leaving.person_key,
    leaving.unit_code,
    unit_area.area_code,
    leaving.sex,
    age_group.age_group,
    leaving.is_protected,
    leaving.leaving_type = 'PENSION' as is_pension,
    leaving.employment_form = 'TV' and leaving.is_external and still_permanent.employment_id is null as is_external_turnover,
    leaving.age_years
from leaving
left join still_permanent
    on leaving.employment_id = still_permanent.employment_id and leaving.left_on = still_permanent.left_on
left join core.unit_month as unit_area
    on leaving.month = unit_area.month and leaving.unit_code = unit_area.unit_code
left join core.age_group as age_group
    on
        floor(leaving.age_years) >= coalesce(age_group.age_from, 0)
        and (age_group.age_to is null or floor(leaving.age_years) <= age_group.age_to)
