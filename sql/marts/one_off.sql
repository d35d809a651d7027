-- Each one-off with what was booked on it, by area.
-- Grain: one row per year, one-off and area of the closed period's organisation ('-' what belongs to no area).
-- Key: year_offset, one_off_id, area_code
-- As results: a surplus is positive. January…period, restated, adjustments too.
with entries as (
    select
        month,
        unit_code,
        one_off_id,
        amount_sek
    from core.ledger_entry
    where is_one_off and ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        unit_code,
        one_off_id,
        amount_sek
    from core.adjustment_entry
    where is_one_off and ledger_part in ('revenue', 'cost')
),

-- Summed before any share is applied.
summed as (
    select
        months.year_offset,
        entries.one_off_id,
        entries.unit_code,
        cast(sum(entries.amount_sek) as decimal(20, 2)) as amount_sek
    from entries
    inner join build.month as months
        on entries.month = months.month
    where months.is_to_date
    group by months.year_offset, entries.one_off_id, entries.unit_code
),

named as (
    select
        one_off_id,
        one_off_name,
        decision_words
    from staging.one_off
    qualify row_number() over (partition by one_off_id order by valid_from desc, line asc) = 1
)

select
    summed.year_offset,
    summed.one_off_id,
    coalesce(restated.area_code, '-') as area_code,
    named.one_off_name,
    named.decision_words,
    cast(-sum(cast(summed.amount_sek * coalesce(restated.share, 1) as decimal(28, 6))) as decimal(28, 6)) as one_off_result_sek
from summed
left join core.unit_restated as restated
    on summed.unit_code = restated.unit_code
left join named
    on summed.one_off_id = named.one_off_id
where not (summed.year_offset < 0 and coalesce(restated.restatement_tag, 'same') = 'left')
group by summed.year_offset, summed.one_off_id, coalesce(restated.area_code, '-'), named.one_off_name, named.decision_words
