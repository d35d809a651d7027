-- What the adjustments do month by month: each counts in its own month, and is taken back in the month that it names.
-- Grain: one row per adjustment, and one per reversal, in the closed year up to the period and in the year before.
-- Key: delivery_id, line, posting_kind
-- An adjustment of an earlier year is here where its reversal falls within. One that names no later month is never taken back by itself
-- (quality.adjustment says so). `dated_on`, on which organisation and chart are looked up, is the month's last day, at most the
-- period's; `adjusted_on` is the last day of the month that the adjustment was made for.
with given as (
    select
        delivery_id,
        line,
        month as adjusted_month,
        cast(cast(month + interval 1 month as date) - interval 1 day as date) as adjusted_on,
        reversed_in_month,
        ansvar,
        account,
        adjustment_reason,
        amount_sek
    from staging.adjustment
    where amount_sek is not null
),

postings as (
    select
        delivery_id,
        line,
        'adjustment' as posting_kind,
        adjusted_month as month,
        adjusted_month,
        adjusted_on,
        ansvar,
        account,
        adjustment_reason,
        amount_sek
    from given
    union all
    select
        delivery_id,
        line,
        'reversal' as posting_kind,
        reversed_in_month as month,
        adjusted_month,
        adjusted_on,
        ansvar,
        account,
        adjustment_reason,
        -amount_sek as amount_sek
    from given
    where reversed_in_month > adjusted_month
)

select
    postings.delivery_id,
    postings.line,
    postings.posting_kind,
    postings.month,
    least(months.month_end, closing.period_end) as dated_on,
    postings.adjusted_month,
    postings.adjusted_on,
    postings.ansvar,
    postings.account,
    postings.adjustment_reason,
    cast(postings.amount_sek as decimal(18, 2)) as amount_sek
from postings
inner join build.month as months
    on postings.month = months.month
cross join build.closing as closing
where postings.month <= closing.period
