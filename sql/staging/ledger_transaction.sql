-- The ledger's vouchers, line by line: what was booked.
-- Source: ekonomi_sie, #TRANS under #VER.
-- Grain: one row per transaction line.
-- Key: delivery_id, line
-- A transaction belongs to its voucher's date (`voucher_date`), also where the line has a date of its own.
-- Struck (#BTRANS) and added (#RTRANS) lines are the audit trail, not bookings: an added line stands again as #TRANS.
select
    booked.delivery_id,
    booked.line,
    booked.voucher_line,
    voucher.series as voucher_series,
    voucher.number as voucher_number,
    voucher.voucher_date,
    cast(date_trunc('month', voucher.voucher_date) as date) as month,
    booked.account,
    booked.ansvar,
    booked.projekt,
    booked.verksamhet,
    booked.amount as amount_sek
from raw.sie_transaction as booked
inner join build.closing_deliveries as applied
    on booked.delivery_id = applied.delivery_id
inner join raw.sie_voucher as voucher
    on
        booked.delivery_id = voucher.delivery_id
        and booked.voucher_line = voucher.line
where booked.record = 'TRANS'
