-- The ledger's opening and closing balances and results per account.
-- Source: ekonomi_sie, #IB, #UB, #RES, #OIB and #OUB.
-- Grain: one row per record line.
-- Key: delivery_id, line
-- year_no 0 is the file's fiscal year, -1 the one before.
select
    stated.delivery_id,
    stated.line,
    stated.record as balance_record,
    stated.year_no,
    stated.account,
    stated.ansvar,
    stated.amount as amount_sek
from raw.sie_balance as stated
inner join build.closing_deliveries as applied
    on stated.delivery_id = applied.delivery_id
