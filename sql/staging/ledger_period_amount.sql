-- The ledger's change per account and month (PSALDO) and its budget (PBUDGET).
-- Source: ekonomi_sie, #PSALDO and #PBUDGET.
-- Grain: one row per record line.
-- Key: delivery_id, line
-- An amount is the change in that month, never accumulated. A row without objects (`is_total`) is the sum of the rows with objects
-- of the same account and month: adding both doubles the account.
select
    stated.delivery_id,
    stated.line,
    stated.record as period_record,
    stated.year_no,
    stated.month,
    stated.account,
    stated.ansvar,
    stated.projekt,
    stated.verksamhet,
    stated.other_objects,
    stated.is_total,
    stated.amount as amount_sek
from raw.sie_period_amount as stated
inner join build.closing_deliveries as applied
    on stated.delivery_id = applied.delivery_id
