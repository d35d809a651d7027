-- The ledger's audit trail: lines added to or struck from a voucher after it was booked.
-- Source: ekonomi_sie, #RTRANS and #BTRANS.
-- Grain: one row per added or struck line.
-- Key: delivery_id, line
select
    changed.delivery_id,
    changed.line,
    changed.voucher_line,
    changed.record as audit_record,
    changed.account,
    changed.ansvar,
    changed.amount as amount_sek
from raw.sie_transaction as changed
inner join build.closing_deliveries as applied
    on changed.delivery_id = applied.delivery_id
where changed.record in ('RTRANS', 'BTRANS')
