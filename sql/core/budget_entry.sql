-- The budget by account, month and ansvar, with account group, unit and area on the month's last day (at most the period's).
-- Grain: one row per PBUDGET row that area figures use.
-- Key: delivery_id, line
-- Ledger sign. The same parts as core.ledger_entry; a budgeted income of an investment project is no result either.
select
    budgeted.delivery_id,
    budgeted.line,
    budgeted.month,
    budgeted.dated_on,
    budgeted.account,
    budgeted.ansvar,
    budgeted.projekt,
    units.unit_code,
    units.area_code,
    accounts.account_group,
    case
        when accounts.group_part in ('revenue', 'cost') and accounts.may_be_investment_income and projects.projekt is not null
            then 'investment_income'
        else coalesce(accounts.group_part, '')
    end as ledger_part,
    budgeted.amount_sek
from core.period_amount as budgeted
left join core.ansvar_day as units
    on
        budgeted.ansvar = units.ansvar
        and budgeted.dated_on = units.dated_on
left join core.account_day as accounts
    on
        budgeted.account = accounts.account
        and budgeted.dated_on = accounts.dated_on
left join build.month as months
    on budgeted.month = months.month
left join core.investment_project as projects
    on
        months.year_offset = projects.year_offset
        and budgeted.projekt = projects.projekt
where budgeted.period_record = 'PBUDGET'
