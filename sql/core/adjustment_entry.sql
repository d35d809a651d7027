-- The adjustments and their reversals as entries beside the ledger's: with account group, unit and area.
-- Grain: one row per adjustment, and one per reversal.
-- Key: delivery_id, line, posting_kind
-- Ledger sign, the same parts as core.ledger_entry. A reversal goes where a voucher of its month would go, so that it meets what is booked
-- then; where nobody has the ansvar any more (or no range the account), it goes where the adjustment went: nothing is left over.
select
    postings.delivery_id,
    postings.line,
    postings.posting_kind,
    postings.month,
    postings.dated_on,
    postings.adjusted_month,
    postings.account,
    postings.ansvar,
    coalesce(units.unit_code, units_then.unit_code) as unit_code,
    case when units.unit_code is not null then units.area_code else units_then.area_code end as area_code,
    coalesce(accounts.account_group, accounts_then.account_group) as account_group,
    case
        when accounts.account_group is not null then coalesce(accounts.group_part, '')
        else coalesce(accounts_then.group_part, '')
    end as ledger_part,
    one_offs.one_off_id,
    one_offs.one_off_id is not null as is_one_off,
    postings.adjustment_reason,
    postings.amount_sek
from core.adjustment_posting as postings
left join core.ansvar_day as units
    on
        postings.ansvar = units.ansvar
        and postings.dated_on = units.dated_on
left join core.ansvar_day as units_then
    on
        postings.ansvar = units_then.ansvar
        and postings.adjusted_on = units_then.dated_on
left join core.account_day as accounts
    on
        postings.account = accounts.account
        and postings.dated_on = accounts.dated_on
left join core.account_day as accounts_then
    on
        postings.account = accounts_then.account
        and postings.adjusted_on = accounts_then.dated_on
left join core.one_off_line as one_offs
    on
        postings.delivery_id = one_offs.delivery_id
        and postings.line = one_offs.line
