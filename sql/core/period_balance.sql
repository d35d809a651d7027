-- The ledger's own change of each account in each month (PSALDO), once.
-- Grain: one row per ledger file, account and month.
-- Key: delivery_id, account, month
-- The `{}` row of the account and month is its total; without one its rows with the ansvar alone count, failing these those with more
-- dimensions. Adding total and parts would double the account.
with period_rows as (
    select
        delivery_id,
        account,
        month,
        amount_sek,
        case
            when is_total then 1
            when coalesce(projekt, '') = '' and coalesce(verksamhet, '') = '' and coalesce(other_objects, '') = '' then 2
            else 3
        end as precedence
    from staging.ledger_period_amount
    where period_record = 'PSALDO' and year_no = 0
),

counted as (
    select *
    from period_rows
    qualify precedence = min(precedence) over (partition by delivery_id, account, month)
)

select
    delivery_id,
    account,
    month,
    cast(sum(amount_sek) as decimal(18, 2)) as amount_sek
from counted
group by delivery_id, account, month
