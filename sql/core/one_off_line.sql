-- The lines of the ledger, and the adjustments, that are one-off as the register of one-offs says.
-- Grain: one row per line.
-- Key: delivery_id, line
-- A bound is compared with as many of the account's characters as the bound has. A line that two rows of the register claim belongs to the
-- one that began last. An adjustment is judged on the last day of its own month, and its reversal is what it is.
with accounts_of_row as (
    select
        accounts.account,
        registered.one_off_id,
        registered.ansvar,
        registered.projekt,
        registered.valid_from,
        registered.valid_to
    from (select distinct account from core.account_day) as accounts
    inner join staging.one_off as registered
        on
            substr(accounts.account, 1, length(registered.account_from)) >= registered.account_from
            and substr(accounts.account, 1, length(registered.account_to)) <= registered.account_to
),

candidates as (
    select
        delivery_id,
        line,
        voucher_date as dated_on,
        account,
        ansvar,
        projekt
    from staging.ledger_transaction
    union all
    select
        delivery_id,
        line,
        dated_on,
        account,
        ansvar,
        projekt
    from core.period_amount
    where period_record = 'PSALDO'
    union all
    select
        delivery_id,
        line,
        adjusted_on as dated_on,
        account,
        ansvar,
        cast(null as varchar) as projekt
    from core.adjustment_posting
    group by all
)

select
    candidates.delivery_id,
    candidates.line,
    registered.one_off_id
from candidates
inner join accounts_of_row as registered
    on
        candidates.account = registered.account
        and (registered.ansvar is null or candidates.ansvar = registered.ansvar)
        and (registered.projekt is null or candidates.projekt = registered.projekt)
        and candidates.dated_on >= registered.valid_from
        and (registered.valid_to is null or candidates.dated_on <= registered.valid_to)
qualify row_number() over (
    partition by candidates.delivery_id, candidates.line
    order by registered.valid_from desc, registered.one_off_id asc
) = 1
