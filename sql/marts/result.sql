-- The result's accounts by month: what was booked, what was adjusted beside it, and what was budgeted.
-- Grain: one row per month, ansvar, unit and area as it was, account group, and unit that has the accounts at the close.
-- Key: month, ansvar, unit_code, area_code, account_group, restated_unit_code
-- `actual_sek` is the ledger and the adjustments; `adjustment_sek` and `one_off_sek` are parts of it (of the one-off, adjustments too).
-- Ledger sign: cost +, revenue −; a result is −(sum). Balance accounts, investments and the year's result are not here, nor the income of
-- investment projects. A unit whose accounts were split has a row a successor, each with its share of the sum: adding the rows gives the
-- whole again. `area_code` is the area as it was, `restated_area_code` that of the closed period's organisation; unknown: no area.
with entries as (
    select
        month,
        ansvar,
        coalesce(unit_code, '') as unit_code,
        area_code,
        account_group,
        ledger_part,
        amount_sek as actual_sek,
        cast(0 as decimal(18, 2)) as adjustment_sek,
        case when is_one_off then amount_sek else 0 end as one_off_sek,
        cast(0 as decimal(18, 2)) as budget_sek
    from core.ledger_entry
    where ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        ansvar,
        coalesce(unit_code, '') as unit_code,
        area_code,
        account_group,
        ledger_part,
        amount_sek as actual_sek,
        amount_sek as adjustment_sek,
        case when is_one_off then amount_sek else 0 end as one_off_sek,
        cast(0 as decimal(18, 2)) as budget_sek
    from core.adjustment_entry
    where ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        ansvar,
        coalesce(unit_code, '') as unit_code,
        area_code,
        account_group,
        ledger_part,
        cast(0 as decimal(18, 2)) as actual_sek,
        cast(0 as decimal(18, 2)) as adjustment_sek,
        cast(0 as decimal(18, 2)) as one_off_sek,
        amount_sek as budget_sek
    from core.budget_entry
    where ledger_part in ('revenue', 'cost')
),

-- Summed before any share is applied.
summed as (
    select
        month,
        ansvar,
        unit_code,
        area_code,
        account_group,
        ledger_part,
        cast(sum(actual_sek) as decimal(20, 2)) as actual_sek,
        cast(sum(adjustment_sek) as decimal(20, 2)) as adjustment_sek,
        cast(sum(one_off_sek) as decimal(20, 2)) as one_off_sek,
        cast(sum(budget_sek) as decimal(20, 2)) as budget_sek
    from entries
    group by all
)

select
    summed.month,
    summed.ansvar,
    summed.unit_code,
    summed.area_code,
    summed.account_group,
    coalesce(restated.restated_unit_code, '') as restated_unit_code,
    months.year_offset,
    months.is_to_date,
    summed.ledger_part,
    restated.area_code as restated_area_code,
    coalesce(restated.restatement_tag, 'same') as restatement_tag,
    cast(coalesce(restated.share, 1) as decimal(18, 12)) as share,
    cast(summed.actual_sek * coalesce(restated.share, 1) as decimal(28, 6)) as actual_sek,
    cast(summed.adjustment_sek * coalesce(restated.share, 1) as decimal(28, 6)) as adjustment_sek,
    cast(summed.one_off_sek * coalesce(restated.share, 1) as decimal(28, 6)) as one_off_sek,
    cast(summed.budget_sek * coalesce(restated.share, 1) as decimal(28, 6)) as budget_sek
from summed
inner join build.month as months
    on summed.month = months.month
left join core.unit_restated as restated
    on summed.unit_code = restated.unit_code
