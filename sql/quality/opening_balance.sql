-- The sum of a ledger's opening balances.
-- Grain: one row per ledger file with opening balances.
-- Key: delivery_id
-- Real ledgers do not always sum to 0 here: it is worth a question, not a stop.
select
    balance.delivery_id,
    applied.extract,
    applied.period as month,
    applied.file_name,
    count(*) as accounts,
    sum(balance.amount_sek) as opening_balance_sek
from staging.ledger_balance as balance
inner join build.closing_deliveries as applied
    on balance.delivery_id = applied.delivery_id
where
    balance.balance_record = 'IB'
    and balance.year_no = 0
group by
    balance.delivery_id,
    applied.extract,
    applied.period,
    applied.file_name
