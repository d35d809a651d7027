-- Every ansvar that something is booked, budgeted or adjusted on outside the balance accounts, and whether a unit has it.
-- Grain: one row per ansvar ('' where the entry has none) and year.
-- Key: ansvar, year
-- What belongs to no unit is in the totals, shown as "utan område", and in no area's result.
with entries as (
    select
        ansvar,
        month,
        unit_code,
        area_code,
        amount_sek
    from core.ledger_entry
    where ledger_part <> ''
    union all
    select
        ansvar,
        month,
        unit_code,
        area_code,
        amount_sek
    from core.budget_entry
    where ledger_part <> ''
    union all
    select
        ansvar,
        month,
        unit_code,
        area_code,
        amount_sek
    from core.adjustment_entry
    where ledger_part <> ''
)

select
    entry.ansvar,
    month.year,
    count(*) as entries,
    count(*) filter (where entry.unit_code is null and entry.ansvar = '') as entries_without_ansvar,
    count(*) filter (where entry.unit_code is null and entry.ansvar <> '') as entries_in_no_unit,
    coalesce(sum(entry.amount_sek) filter (where entry.unit_code is null), 0) as amount_in_no_unit_sek
from entries as entry
inner join build.month as month
    on entry.month = month.month
group by
    entry.ansvar,
    month.year
