-- Vouchers against the ledger's own period balances: ΣTRANS against PSALDO.
-- Grain: one row per ledger file, account and month.
-- Key: delivery_id, account, month
-- Only files that have both vouchers and PSALDO are compared; an account that one of the two leaves out has 0 there.
with files as (
    select delivery_id from staging.ledger_voucher
    intersect
    select delivery_id from staging.ledger_period_amount
    where period_record = 'PSALDO'
),

booked as (
    select
        delivery_id,
        account,
        month,
        sum(amount_sek) as amount_sek
    from staging.ledger_transaction
    group by delivery_id, account, month
),

pairs as (
    select
        delivery_id,
        account,
        month
    from booked
    union
    select
        delivery_id,
        account,
        month
    from core.period_balance
),

compared as (
    select
        pairs.delivery_id,
        pairs.account,
        pairs.month,
        cast(coalesce(balances.amount_sek, 0) as decimal(28, 6)) as expected,
        cast(coalesce(booked.amount_sek, 0) as decimal(28, 6)) as actual
    from pairs
    inner join files
        on pairs.delivery_id = files.delivery_id
    left join core.period_balance as balances
        on
            pairs.delivery_id = balances.delivery_id
            and pairs.account = balances.account
            and pairs.month = balances.month
    left join booked
        on
            pairs.delivery_id = booked.delivery_id
            and pairs.account = booked.account
            and pairs.month = booked.month
)

select
    delivery_id,
    account,
    month,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
