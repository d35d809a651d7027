-- Spells of sick leave: SJK rows of one employment that overlap or follow day on day, up to the window's last day.
-- Grain: one row per year_offset, employment_id, spell_from.
-- Key: year_offset, employment_id, spell_from
-- A row tells of its own month: what its end says of later days is a plan, and the later months' rows tell what came of it.
-- Rows of earlier months than the window lengthen a spell (as far as they are read); their hours do not count in it.
with
sick_day_range as (
    -- The days a row vouches for. An end before its beginning is a finding elsewhere; here the first day stands.
    select
        closing_window.year_offset,
        absence.employment_id,
        absence.absent_from,
        greatest(
            absence.absent_from, least(coalesce(absence.absent_to, last_day(absence.month)), last_day(absence.month))
        ) as absent_to
    from staging.absence as absence
    cross join build.closing as closing
    inner join build.month as closing_window
        on
            absence.month <= closing_window.month
            and closing.month_number = closing_window.month_number
    where absence.absence_code = 'SJK'
),

range_with_reach as (
    -- How far the rows before it, in order of beginning, reach.
    select
        year_offset,
        employment_id,
        absent_from,
        absent_to,
        max(absent_to) over (
            partition by year_offset, employment_id
            order by absent_from asc, absent_to asc
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from sick_day_range
),

numbered_range as (
    -- A day without sick leave in between begins a new spell.
    select
        year_offset,
        employment_id,
        absent_from,
        absent_to,
        sum(case when reached_before is null or date_diff('day', reached_before, absent_from) > 1 then 1 else 0 end) over (
            partition by year_offset, employment_id
            order by absent_from asc, absent_to asc
            rows between unbounded preceding and current row
        ) as spell_number
    from range_with_reach
),

spell as (
    select
        year_offset,
        employment_id,
        min(absent_from) as spell_from,
        max(absent_to) as spell_to
    from numbered_range
    group by year_offset, employment_id, spell_number
)

select
    spell.year_offset,
    spell.employment_id,
    spell.spell_from,
    spell.spell_to,
    cast(date_diff('day', spell.spell_from, spell.spell_to) + 1 as integer) as spell_days,
    date_diff('day', spell.spell_from, spell.spell_to) + 1 >= long_spell.parameter_value as is_long_spell
from spell
cross join build.closing as closing
inner join reference.staff_parameters as long_spell
    on
        long_spell.parameter_id = 'long_sick_leave_days'
        and closing.period_end >= long_spell.valid_from
        and (long_spell.valid_to is null or closing.period_end <= long_spell.valid_to)
