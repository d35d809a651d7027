-- Every account that something is booked, budgeted or adjusted on, and whether the chart holds it.
-- Grain: one row per account and year.
-- Key: account, year
-- An account without a group stands in no figure of the report: its amount is missing from the result.
with entries as (
    select
        account,
        month,
        account_group,
        amount_sek
    from core.ledger_entry
    union all
    select
        account,
        month,
        account_group,
        amount_sek
    from core.budget_entry
    union all
    select
        account,
        month,
        account_group,
        amount_sek
    from core.adjustment_entry
)

select
    entry.account,
    month.year,
    count(*) as entries,
    count(*) filter (where entry.account_group is null) as entries_without_group,
    coalesce(sum(entry.amount_sek) filter (where entry.account_group is null), 0) as amount_without_group_sek
from entries as entry
inner join build.month as month
    on entry.month = month.month
group by
    entry.account,
    month.year
