-- The ledger's vouchers.
-- Source: ekonomi_sie, #VER.
-- Grain: one row per voucher.
-- Key: delivery_id, line
-- Series and number are not unique and may be empty: the line is the voucher's key. Its text may name persons and stays in raw.
select
    entered.delivery_id,
    entered.line,
    entered.series as voucher_series,
    entered.number as voucher_number,
    entered.voucher_date,
    cast(date_trunc('month', entered.voucher_date) as date) as month
from raw.sie_voucher as entered
inner join build.closing_deliveries as applied
    on entered.delivery_id = applied.delivery_id
