-- Every unit that an extract names, and whether the register knows it in the months it is named for.
-- Grain: one row per extract and unit.
-- Key: extract, unit_code
-- Rows of an unknown unit land: they are in the organisation's totals and in no area's.
with named_months as (
    select
        extract,
        month,
        unit_code,
        delivered_rows
    from quality.delivered_month
    where unit_code <> ''
    union all
    select
        'platser_register' as extract,
        closing.period as month,
        place.unit_code,
        1 as delivered_rows
    from staging.place as place
    cross join build.closing as closing
    union all
    select
        'verksamhet_budget' as extract,
        budget.budget_month as month,
        budget.unit_code,
        1 as delivered_rows
    from staging.measure_budget as budget
    where coalesce(budget.unit_code, '') <> ''
),

known_units as (
    select distinct unit_code from staging.unit
),

judged_months as (
    -- a register of places keeps the places of units long closed: only the code itself must be known there
    select
        named.extract,
        named.unit_code,
        named.month,
        sum(named.delivered_rows) as delivered_rows,
        known_units.unit_code is null as is_unknown,
        known_units.unit_code is not null
        and in_force.unit_code is null
        and named.extract <> 'platser_register' as is_out_of_force
    from named_months as named
    inner join build.month as month
        on named.month = month.month
    left join known_units
        on named.unit_code = known_units.unit_code
    left join core.unit_month as in_force
        on
            named.unit_code = in_force.unit_code
            and named.month = in_force.month
    group by
        named.extract,
        named.unit_code,
        named.month,
        known_units.unit_code,
        in_force.unit_code
)

select
    judged.extract,
    judged.unit_code,
    described.label,
    described.source,
    string_agg(strftime(judged.month, '%Y-%m'), ',' order by judged.month)
    filter (where judged.is_unknown or judged.is_out_of_force) as month_list,
    cast(sum(judged.delivered_rows) as bigint) as delivered_rows,
    count(*) filter (where judged.is_unknown) as months_of_unknown_unit,
    count(*) filter (where judged.is_out_of_force) as months_out_of_force
from judged_months as judged
inner join reference.extracts as described
    on judged.extract = described.extract
group by
    judged.extract,
    judged.unit_code,
    described.label,
    described.source
