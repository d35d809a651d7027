-- Whether each account's vouchers lead from its opening to its closing balance, or to its result.
-- Grain: one row per ledger file, account and kind of comparison.
-- Key: delivery_id, account, reconciled_kind
-- balance: expected UB, actual IB + ΣTRANS. result: expected RES, actual ΣTRANS, for accounts that are not assets or debts. An account
-- counts as a balance account where the file gives it IB or UB, or says T or S of it. A file without vouchers is not compared.
with files as (
    select distinct delivery_id
    from staging.ledger_voucher
),

booked as (
    select
        delivery_id,
        account,
        sum(amount_sek) as amount_sek
    from staging.ledger_transaction
    group by delivery_id, account
),

stated as (
    select
        delivery_id,
        account,
        sum(amount_sek) filter (where balance_record = 'IB') as opening_sek,
        sum(amount_sek) filter (where balance_record = 'UB') as closing_sek,
        sum(amount_sek) filter (where balance_record = 'RES') as result_sek,
        count(*) filter (where balance_record in ('IB', 'UB')) > 0 as is_balance
    from staging.ledger_balance
    where year_no = 0 and balance_record in ('IB', 'UB', 'RES')
    group by delivery_id, account
),

accounts as (
    select
        delivery_id,
        account
    from booked
    union
    select
        delivery_id,
        account
    from stated
),

of_account as (
    select
        accounts.delivery_id,
        accounts.account,
        coalesce(stated.is_balance, false) or coalesce(named.account_type in ('T', 'S'), false) as is_balance,
        coalesce(stated.opening_sek, 0) as opening_sek,
        coalesce(stated.closing_sek, 0) as closing_sek,
        coalesce(stated.result_sek, 0) as result_sek,
        coalesce(booked.amount_sek, 0) as booked_sek
    from accounts
    inner join files
        on accounts.delivery_id = files.delivery_id
    left join stated
        on
            accounts.delivery_id = stated.delivery_id
            and accounts.account = stated.account
    left join booked
        on
            accounts.delivery_id = booked.delivery_id
            and accounts.account = booked.account
    left join staging.ledger_account as named
        on
            accounts.delivery_id = named.delivery_id
            and accounts.account = named.account
),

compared as (
    select
        delivery_id,
        account,
        case when is_balance then 'balance' else 'result' end as reconciled_kind,
        cast(case when is_balance then closing_sek else result_sek end as decimal(28, 6)) as expected,
        cast(case when is_balance then opening_sek + booked_sek else booked_sek end as decimal(28, 6)) as actual
    from of_account
)

select
    delivery_id,
    account,
    reconciled_kind,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
