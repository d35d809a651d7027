-- Investment expenditure of the closed year, January…period, outside every project that the controllers' input names.
-- Grain: one row per project (or '' where the voucher has none), ansvar, account and month.
-- Key: projekt, ansvar, account, month
-- Expected 0: such amounts are in no investment figure, and in no result either.
with outside as (
    select
        entry.projekt,
        entry.ansvar,
        entry.account,
        entry.month,
        cast(sum(entry.amount_sek) as decimal(28, 6)) as actual
    from core.ledger_entry as entry
    inner join build.month as months
        on
            entry.month = months.month
            and months.year_offset = 0
            and months.is_to_date
    where
        entry.ledger_part = 'investment_expenditure'
        and not entry.is_investment_project
    group by entry.projekt, entry.ansvar, entry.account, entry.month
)

select
    projekt,
    ansvar,
    account,
    month,
    cast(0 as decimal(28, 6)) as expected,
    actual,
    actual as difference
from outside
