-- Spells of absence of one employment that overlap and together are more than the whole person, counted by unit.
-- Grain: one row per month and unit with such spells.
-- Key: month, unit_code
-- Half sick leave beside half parental leave is as it should be. A spell counts once, however many it overlaps; it names no unit, so
-- its employment's is its own.
with ranges as (
    -- the days of the month alone: what a row says of later days is a plan
    select
        absence.month,
        absence.employment_id,
        absence.line,
        absence.delivery_id,
        absence.extent_percent,
        absence.absent_from,
        least(coalesce(absence.absent_to, month.month_end), month.month_end) as absent_to
    from staging.absence as absence
    inner join build.month as month
        on absence.month = month.month
),

overlapping as (
    select
        one.month,
        one.employment_id,
        count(distinct one.line) as spells
    from ranges as one
    inner join ranges as other
        on
            one.month = other.month
            and one.employment_id = other.employment_id
            and one.delivery_id = other.delivery_id
            and one.line <> other.line
    inner join core.threshold as most
        on most.threshold_id = 'absence_extent_most'
    where
        one.absent_from <= other.absent_to
        and other.absent_from <= one.absent_to
        and coalesce(one.extent_percent, 100) + coalesce(other.extent_percent, 100) > most.threshold_value
    group by one.month, one.employment_id
)

select
    overlapping.month,
    coalesce(employment.unit_code, '') as unit_code,
    cast(sum(overlapping.spells) as bigint) as overlapping_spells
from overlapping
left join staging.employment as employment
    on
        overlapping.month = employment.month
        and overlapping.employment_id = employment.employment_id
group by
    overlapping.month,
    coalesce(employment.unit_code, '')
