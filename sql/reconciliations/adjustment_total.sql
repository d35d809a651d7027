-- What the adjustments come to as they were delivered, against what the result holds of them.
-- Grain: one row per year.
-- Key: year_offset
-- Expected is taken from the delivered rows: each in its month, and off again in the month that it names. Actual is what the result's rows
-- carry as adjustment and what lies on accounts outside the result.
with signed as (
    select
        month,
        amount_sek
    from staging.adjustment
    union all
    select
        reversed_in_month as month,
        -amount_sek as amount_sek
    from staging.adjustment
    where reversed_in_month > month
),

delivered as (
    select
        months.year_offset,
        sum(signed.amount_sek) as amount_sek
    from signed
    inner join build.month as months
        on signed.month = months.month
    cross join build.closing as closing
    where signed.month <= closing.period
    group by months.year_offset
),

held as (
    select
        year_offset,
        sum(adjustment_sek) as amount_sek
    from marts.result
    group by year_offset
),

outside as (
    select
        months.year_offset,
        sum(entry.amount_sek) as amount_sek
    from core.adjustment_entry as entry
    inner join build.month as months
        on entry.month = months.month
    where entry.ledger_part not in ('revenue', 'cost')
    group by months.year_offset
),

years as (
    select distinct year_offset
    from build.month
),

compared as (
    select
        years.year_offset,
        cast(coalesce(delivered.amount_sek, 0) as decimal(28, 6)) as expected,
        cast(coalesce(held.amount_sek, 0) + coalesce(outside.amount_sek, 0) as decimal(28, 6)) as actual
    from years
    left join delivered
        on years.year_offset = delivered.year_offset
    left join held
        on years.year_offset = held.year_offset
    left join outside
        on years.year_offset = outside.year_offset
)

select
    year_offset,
    expected,
    actual,
    -- Shares leave millionths over, the ledger is in whole öre.
    cast(cast(actual - expected as decimal(28, 2)) as decimal(28, 6)) as difference
from compared
