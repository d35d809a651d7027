-- Persons permanently employed on the month's last day, each in the main one of their employments.
-- Grain: one row per month, person_key.
-- Key: month, person_key
-- Main: of the TV employments in force that day the one of highest grade, then of lowest employment_id.
select
    employment.month,
    employment.person_key,
    employment.employment_id,
    employment.year_offset,
    employment.unit_code,
    employment.area_code,
    employment.sex,
    employment.age_group,
    employment.is_protected
from core.employment_month as employment
where employment.employment_form = 'TV' and employment.is_in_force_at_month_end
qualify
    row_number() over (
        partition by employment.month, employment.person_key
        order by employment.grade_percent desc nulls last, employment.employment_id asc
    ) = 1
