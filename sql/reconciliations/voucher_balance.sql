-- The vouchers that do not sum to 0.
-- Grain: one row per voucher out of balance, by the line of its #VER.
-- Key: delivery_id, line
-- Expected 0. Vouchers in balance are not listed: an empty table says that every one of them is.
with summed as (
    select
        vouchers.delivery_id,
        vouchers.line,
        vouchers.voucher_series,
        vouchers.voucher_number,
        vouchers.month,
        cast(coalesce(sum(booked.amount_sek), 0) as decimal(28, 6)) as actual
    from staging.ledger_voucher as vouchers
    inner join staging.ledger_transaction as booked
        on
            vouchers.delivery_id = booked.delivery_id
            and vouchers.line = booked.voucher_line
    group by vouchers.delivery_id, vouchers.line, vouchers.voucher_series, vouchers.voucher_number, vouchers.month
    having sum(booked.amount_sek) <> 0
)

select
    delivery_id,
    line,
    voucher_series,
    voucher_number,
    month,
    cast(0 as decimal(28, 6)) as expected,
    actual,
    actual as difference
from summed
