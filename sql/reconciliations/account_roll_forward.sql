-- Whether what is booked on each account leads from its opening to its closing balance, or to its result.
-- Grain: one row per ledger file, account and kind of comparison.
-- Key: delivery_id, account, reconciled_kind
-- balance: expected UB, actual IB + ΣTRANS. result: expected RES, actual ΣTRANS, for accounts that are not assets or debts. An account
-- counts as a balance account where the file gives it IB or UB, or says T or S of it. Of a file without vouchers PSALDO is what is booked,
-- as in the marts, and its result accounts alone are compared: a file that was cut has their RES and not all of their months.
with files_with_vouchers as (
    select distinct delivery_id
    from staging.ledger_voucher
),

booked_rows as (
    select
        delivery_id,
        account,
        amount_sek
    from staging.ledger_transaction
    union all
    select
        delivery_id,
        account,
        amount_sek
    from core.period_balance
    where delivery_id not in (select files_with_vouchers.delivery_id from files_with_vouchers)
),

booked as (
    select
        delivery_id,
        account,
        sum(amount_sek) as amount_sek
    from booked_rows
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
        coalesce(booked.amount_sek, 0) as booked_sek,
        files_with_vouchers.delivery_id is not null as has_vouchers
    from accounts
    left join files_with_vouchers
        on accounts.delivery_id = files_with_vouchers.delivery_id
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
    where has_vouchers or not is_balance
)

select
    delivery_id,
    account,
    reconciled_kind,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
