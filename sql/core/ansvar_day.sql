-- Which unit an ansvar belonged to on each day that something was booked, budgeted or adjusted on it.
-- Grain: one row per ansvar and day.
-- Key: ansvar, dated_on
-- One ansvar belongs to one unit on a day; where the register says two, the validity that began last counts (and the gate says so).
-- `unit_code` is unknown where the register has no unit for the ansvar on that day.
with dated as (
    select distinct
        ansvar,
        voucher_date as dated_on
    from staging.ledger_transaction
    where ansvar is not null
    union
    select distinct
        ansvar,
        dated_on
    from core.period_amount
    union
    select distinct
        ansvar,
        dated_on
    from core.adjustment_posting
    union
    select distinct
        ansvar,
        adjusted_on as dated_on
    from core.adjustment_posting
)

select
    dated.ansvar,
    dated.dated_on,
    registered.unit_code,
    registered.area_code
from dated
left join core.unit_as_was as registered
    on
        dated.ansvar = registered.ansvar
        and dated.dated_on >= registered.valid_from
        and (registered.valid_to is null or dated.dated_on <= registered.valid_to)
qualify row_number() over (
    partition by dated.ansvar, dated.dated_on
    order by registered.valid_from desc nulls last, registered.unit_code asc
) = 1
