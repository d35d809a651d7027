-- What is not booked on the close day.
-- Source: justering.
-- Grain: one row per month, sequence_number.
-- Key: month, sequence_number
-- belopp has the ledger's sign: cost and expenditure positive, revenue negative.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.lopnr as sequence_number,
    delivered.ansvar,
    delivered.konto as account,
    delivered.belopp as amount_sek,
    delivered.orsak as adjustment_reason,
    delivered.aterfors as reversed_in_month,
    delivered.ansvarig as responsible,
    delivered.datum as dated_on
from raw.justering as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
