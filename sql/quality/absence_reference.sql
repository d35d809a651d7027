-- The absence of each month against the employments of the same month.
-- Grain: one row per file of absence whose month has employments at hand.
-- Key: delivery_id
-- A spell belongs to an employment of its own (month, employment). The lines of the first few that have none are given,
-- never the employment.
with employed_months as (
    -- the months of absence that have employments at hand
    select distinct month from staging.employment
),

spells as (
    select
        absence.delivery_id,
        absence.month,
        absence.line,
        employment.employment_id is null as has_no_employment
    from staging.absence as absence
    inner join employed_months as at_hand
        on absence.month = at_hand.month
    left join staging.employment as employment
        on
            absence.month = employment.month
            and absence.employment_id = employment.employment_id
),

first_lines as (
    select
        delivery_id,
        line
    from spells
    where has_no_employment
    qualify row_number() over (partition by delivery_id order by line) <= 5
),

line_lists as (
    select
        delivery_id,
        min(line) as line,
        string_agg(cast(line as varchar), ', ' order by line) as line_list
    from first_lines
    group by delivery_id
)

select
    spell.delivery_id,
    spell.month,
    applied.extract,
    applied.file_name,
    lines.line,
    coalesce(lines.line_list, '') as line_list,
    count(*) as spells,
    count(*) filter (where spell.has_no_employment) as spells_without_employment
from spells as spell
inner join build.closing_deliveries as applied
    on spell.delivery_id = applied.delivery_id
left join line_lists as lines
    on spell.delivery_id = lines.delivery_id
group by
    spell.delivery_id,
    spell.month,
    applied.extract,
    applied.file_name,
    lines.line,
    lines.line_list
