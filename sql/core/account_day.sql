-- Which group an account belonged to on each day that something was booked, budgeted or adjusted on it, and its part in the result.
-- Grain: one row per account and day.
-- Key: account, dated_on
-- A range's bound is compared with as many of the account's characters as the bound has: 30–39 holds 3001 as well as 39.
-- `account_group` is unknown where no range holds the account on that day.
with dated as (
    select distinct
        account,
        voucher_date as dated_on
    from staging.ledger_transaction
    union
    select distinct
        account,
        dated_on
    from core.period_amount
    union
    select distinct
        account,
        dated_on
    from core.adjustment_posting
    union
    select distinct
        account,
        adjusted_on as dated_on
    from core.adjustment_posting
),

-- Compared once an account, not once a line.
ranges_of_account as (
    select
        accounts.account,
        registered.account_group,
        registered.account_from,
        registered.valid_from,
        registered.valid_to
    from (select distinct account from dated) as accounts
    inner join staging.account_group as registered
        on
            substr(accounts.account, 1, length(registered.account_from)) >= registered.account_from
            and substr(accounts.account, 1, length(registered.account_to)) <= registered.account_to
),

incomes_of_account as (
    select
        accounts.account,
        roles.valid_from,
        roles.valid_to
    from (select distinct account from dated) as accounts
    inner join reference.account_roles as roles
        on
            substr(accounts.account, 1, length(roles.account_from)) >= roles.account_from
            and substr(accounts.account, 1, length(roles.account_to)) <= roles.account_to
    where roles.account_role = 'investment_income'
),

grouped as (
    select
        dated.account,
        dated.dated_on,
        ranges_of_account.account_group
    from dated
    left join ranges_of_account
        on
            dated.account = ranges_of_account.account
            and dated.dated_on >= ranges_of_account.valid_from
            and (ranges_of_account.valid_to is null or dated.dated_on <= ranges_of_account.valid_to)
    qualify row_number() over (
        partition by dated.account, dated.dated_on
        order by
            length(ranges_of_account.account_from) desc nulls last, ranges_of_account.valid_from desc, ranges_of_account.account_from asc
    ) = 1
)

select
    grouped.account,
    grouped.dated_on,
    grouped.account_group,
    coalesce(roles.ledger_part, '') as group_part,
    exists(
        select 1
        from incomes_of_account
        where
            incomes_of_account.account = grouped.account
            and grouped.dated_on >= incomes_of_account.valid_from
            and (incomes_of_account.valid_to is null or grouped.dated_on <= incomes_of_account.valid_to)
    ) as may_be_investment_income
from grouped
left join reference.account_group_parts as roles
    on
        grouped.account_group = roles.account_group
        and grouped.dated_on >= roles.valid_from
        and (roles.valid_to is null or grouped.dated_on <= roles.valid_to)
