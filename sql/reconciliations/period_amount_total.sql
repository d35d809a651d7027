-- The `{}` totals of PSALDO and PBUDGET against the rows that area figures add up.
-- Grain: one row per ledger file, record, account and month with a total.
-- Key: delivery_id, period_record, account, month
-- Expected the total row, actual the sum of the rows by ansvar. Only for accounts of the result and of investments, on which an ansvar
-- is required: a balance account may well have a total alone.
with totals as (
    select
        delivery_id,
        period_record,
        account,
        month,
        sum(amount_sek) as amount_sek
    from staging.ledger_period_amount
    where is_total and year_no = 0
    group by delivery_id, period_record, account, month
),

by_ansvar as (
    select
        rows_used.delivery_id,
        rows_used.period_record,
        rows_used.account,
        rows_used.month,
        sum(rows_used.amount_sek) as amount_sek
    from core.period_amount as rows_used
    group by rows_used.delivery_id, rows_used.period_record, rows_used.account, rows_used.month
),

-- Whatever the day: an account that ever belongs to a group of the result.
result_accounts as (
    select distinct totals.account
    from totals
    inner join staging.account_group as registered
        on
            substr(totals.account, 1, length(registered.account_from)) >= registered.account_from
            and substr(totals.account, 1, length(registered.account_to)) <= registered.account_to
    inner join reference.account_group_parts as parts
        on registered.account_group = parts.account_group
),

compared as (
    select
        totals.delivery_id,
        totals.period_record,
        totals.account,
        totals.month,
        cast(totals.amount_sek as decimal(28, 6)) as expected,
        cast(coalesce(by_ansvar.amount_sek, 0) as decimal(28, 6)) as actual
    from totals
    inner join result_accounts
        on totals.account = result_accounts.account
    left join by_ansvar
        on
            totals.delivery_id = by_ansvar.delivery_id
            and totals.period_record = by_ansvar.period_record
            and totals.account = by_ansvar.account
            and totals.month = by_ansvar.month
)

select
    delivery_id,
    period_record,
    account,
    month,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
