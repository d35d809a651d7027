-- What may be wrong with an adjustment that can be read.
-- Grain: one row per adjustment with an amount, of every month up to the period.
-- Key: delivery_id, line
-- `is_reversal_too_early`: taken back in its own month or before, so it is never taken back. `is_never_reversed`: no month is named.
-- `is_outside_result`: its account belongs to a group that is no part of the result, so it moves nothing. `is_booked_too`: a line of its
-- own month has the same ansvar, account and amount, so it may count twice. An unknown ansvar or account: quality.ansvar_reference and
-- quality.account_reference.
with own_months as (
    select distinct
        delivery_id,
        line,
        account_group,
        ledger_part
    from core.adjustment_entry
    where posting_kind = 'adjustment'
),

booked as (
    select distinct
        month,
        ansvar,
        account,
        amount_sek
    from core.ledger_entry
)

select
    given.delivery_id,
    given.line,
    applied.extract,
    applied.file_name,
    given.month,
    given.sequence_number,
    given.ansvar,
    given.account,
    given.amount_sek,
    given.reversed_in_month,
    given.responsible,
    coalesce(given.reversed_in_month <= given.month, false) as is_reversal_too_early,
    given.reversed_in_month is null as is_never_reversed,
    coalesce(own_months.account_group is not null and own_months.ledger_part not in ('revenue', 'cost'), false) as is_outside_result,
    booked.account is not null as is_booked_too
from staging.adjustment as given
inner join build.closing_deliveries as applied
    on given.delivery_id = applied.delivery_id
left join own_months
    on
        given.delivery_id = own_months.delivery_id
        and given.line = own_months.line
left join booked
    on
        given.month = booked.month
        and given.ansvar = booked.ansvar
        and given.account = booked.account
        and given.amount_sek = booked.amount_sek
where given.amount_sek is not null
