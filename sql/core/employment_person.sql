-- The person behind each employment: the newest number, followed from the numbers it replaced.
-- Grain: one row per employment_id.
-- Key: employment_id
-- Where an employment's number changes, the newest one is the person's, also on the person's other employments that ended
-- under the old number. An old number that somebody still uses after the change was a correction, not a replacement.
-- A person who was protected in any month that is read counts as protected in all of them.
with
employment_number as (
    -- The numbers of one employment, month by month, as known in the period being closed.
    select
        employment.employment_id,
        employment.month,
        employment.person_key
    from staging.employment as employment
    cross join build.closing as closing
    where employment.month <= closing.period
),

newest_number as (
    select
        employment_id,
        person_key
    from employment_number
    qualify row_number() over (partition by employment_id order by month desc) = 1
),

number_last_used as (
    -- Over all employments, so that a number still in use elsewhere shows.
    select
        person_key,
        max(month) as last_used_in
    from employment_number
    group by person_key
),

number_change as (
    -- An employment's older number, beside the newest one and the month in which that one came.
    select
        older.employment_id,
        older.person_key as old_person_key,
        newest.person_key as new_person_key,
        min(arrived.month) as changed_in
    from employment_number as older
    inner join newest_number as newest
        on older.employment_id = newest.employment_id and older.person_key <> newest.person_key
    inner join employment_number as arrived
        on newest.employment_id = arrived.employment_id and newest.person_key = arrived.person_key
    group by older.employment_id, older.person_key, newest.person_key
),

replaced_number as (
    -- One successor a number: the latest change decides, and of two in one month the employment's number, which stays what
    -- it is when every person gets another key.
    select
        number_change.old_person_key,
        number_change.new_person_key
    from number_change
    inner join number_last_used
        on number_change.old_person_key = number_last_used.person_key
    where number_last_used.last_used_in < number_change.changed_in
    qualify
        row_number() over (
            partition by number_change.old_person_key
            order by number_change.changed_in desc, number_change.employment_id asc
        ) = 1
),

employment_with_person as (
    -- A number may have been replaced on another employment, and once more: three changes in two years are the most we follow.
    select
        newest.employment_id,
        coalesce(third_change.new_person_key, second_change.new_person_key, first_change.new_person_key, newest.person_key) as person_key
    from newest_number as newest
    left join replaced_number as first_change
        on newest.person_key = first_change.old_person_key
    left join replaced_number as second_change
        on first_change.new_person_key = second_change.old_person_key
    left join replaced_number as third_change
        on second_change.new_person_key = third_change.old_person_key
),

protected_person as (
    select
        employment_with_person.person_key,
        bool_or(employment.is_protected) as is_protected
    from employment_with_person
    inner join staging.employment as employment
        on employment_with_person.employment_id = employment.employment_id
    cross join build.closing as closing
    where employment.month <= closing.period
    group by employment_with_person.person_key
)

select
    employment_with_person.employment_id,
    employment_with_person.person_key,
    coalesce(protected_person.is_protected, false) as is_protected
from employment_with_person
left join protected_person
    on employment_with_person.person_key = protected_person.person_key
