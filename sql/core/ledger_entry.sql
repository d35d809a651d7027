-- What was booked, with its account group, the unit that its ansvar belonged to on the voucher's date, and that unit's area then.
-- Grain: one row per transaction line; of a file without vouchers, per PSALDO row.
-- Key: delivery_id, line
-- Ledger sign: cost and expenditure +, revenue −. `ledger_part`: revenue and cost make the result; investment_expenditure and
-- investment_income (an income account on an investment project) do not; '' is balance accounts, the year's result and accounts without
-- a group. `is_one_off`: the register of one-offs claims the line. An ansvar in no unit leaves unit and area unknown: it is shown as
-- belonging to no area, so that totals tie. Adjustments are no part of it: core.adjustment_entry.
with files_with_vouchers as (
    select distinct delivery_id
    from staging.ledger_voucher
),

booked as (
    select
        delivery_id,
        line,
        month,
        voucher_date as dated_on,
        account,
        coalesce(ansvar, '') as ansvar,
        coalesce(projekt, '') as projekt,
        amount_sek
    from staging.ledger_transaction
    union all
    select
        delivery_id,
        line,
        month,
        dated_on,
        account,
        ansvar,
        projekt,
        amount_sek
    from core.period_amount
    where
        period_record = 'PSALDO'
        and delivery_id not in (select files_with_vouchers.delivery_id from files_with_vouchers)
)

select
    booked.delivery_id,
    booked.line,
    booked.month,
    booked.dated_on,
    booked.account,
    booked.ansvar,
    booked.projekt,
    units.unit_code,
    units.area_code,
    accounts.account_group,
    case
        when accounts.group_part in ('revenue', 'cost') and accounts.may_be_investment_income and projects.projekt is not null
            then 'investment_income'
        else coalesce(accounts.group_part, '')
    end as ledger_part,
    projects.projekt is not null as is_investment_project,
    one_offs.one_off_id,
    one_offs.one_off_id is not null as is_one_off,
    booked.amount_sek
from booked
left join core.ansvar_day as units
    on
        booked.ansvar = units.ansvar
        and booked.dated_on = units.dated_on
left join core.account_day as accounts
    on
        booked.account = accounts.account
        and booked.dated_on = accounts.dated_on
left join build.month as months
    on booked.month = months.month
left join core.investment_project as projects
    on
        months.year_offset = projects.year_offset
        and booked.projekt = projects.projekt
left join core.one_off_line as one_offs
    on
        booked.delivery_id = one_offs.delivery_id
        and booked.line = one_offs.line
