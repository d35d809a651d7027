-- The ledger's PSALDO and PBUDGET rows that area figures use.
-- Grain: one row per record line.
-- Key: delivery_id, line
-- Of the rows of one account, month and ansvar those with the ansvar alone count, failing these those with the ansvar and more
-- dimensions. Rows without an ansvar, the `{}` totals among them, are never added. `dated_on`, the day on which the organisation and
-- the chart are looked up, is the month's last day, at most the period's.
with of_own_year as (
    select
        delivery_id,
        line,
        period_record,
        month,
        account,
        ansvar,
        coalesce(projekt, '') as projekt,
        amount_sek,
        coalesce(projekt, '') = '' and coalesce(verksamhet, '') = '' and coalesce(other_objects, '') = '' as is_ansvar_alone
    from staging.ledger_period_amount
    where
        year_no = 0
        and not is_total
        and coalesce(ansvar, '') <> ''
),

chosen as (
    select *
    from of_own_year
    qualify is_ansvar_alone = max(is_ansvar_alone) over (partition by delivery_id, period_record, account, month, ansvar)
)

select
    chosen.delivery_id,
    chosen.line,
    chosen.period_record,
    chosen.month,
    least(months.month_end, closing.period_end) as dated_on,
    chosen.account,
    chosen.ansvar,
    chosen.projekt,
    chosen.amount_sek
from chosen
inner join build.month as months
    on chosen.month = months.month
cross join build.closing as closing
