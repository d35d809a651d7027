-- Why each figure that adjustments move is adjusted, in the words meant for print.
-- Grain: one row per measure, area, quantity, year and view of the organisation that an adjustment moves.
-- Key: measure_id, area_code, quantity, year_offset, organisation_view
-- An adjustment that has been taken back within the figure's months moves it no longer. Words that were withheld (they looked personal)
-- leave the reason unknown.
with entries as (
    select
        entry.delivery_id,
        entry.line,
        months.year_offset,
        months.is_to_date,
        entry.ledger_part,
        coalesce(entry.area_code, '-') as area_as_was,
        coalesce(restated.area_code, '-') as area_restated,
        coalesce(restated.restatement_tag, 'same') as restatement_tag,
        entry.adjustment_reason,
        entry.amount_sek
    from core.adjustment_entry as entry
    inner join build.month as months
        on entry.month = months.month
    left join core.unit_restated as restated
        on entry.unit_code = restated.unit_code
    where entry.ledger_part in ('revenue', 'cost')
),

viewed as (
    select
        'restated' as organisation_view,
        area_restated as area_code,
        delivery_id,
        line,
        year_offset,
        is_to_date,
        ledger_part,
        adjustment_reason,
        amount_sek
    from entries
    where not (year_offset < 0 and restatement_tag = 'left')
    union all
    select
        'as_was' as organisation_view,
        area_as_was as area_code,
        delivery_id,
        line,
        year_offset,
        is_to_date,
        ledger_part,
        adjustment_reason,
        amount_sek
    from entries
),

with_total as (
    select * from viewed
    union all
    select
        organisation_view,
        '' as area_code,
        delivery_id,
        line,
        year_offset,
        is_to_date,
        ledger_part,
        adjustment_reason,
        amount_sek
    from viewed
),

-- Which figures a part of the ledger is in. The ratios are the organisation's alone.
measures as (
    select
        'result' as measure_id,
        'revenue' as ledger_part,
        false as is_ratio
    union all
    select
        'result' as measure_id,
        'cost' as ledger_part,
        false as is_ratio
    union all
    select
        'revenue' as measure_id,
        'revenue' as ledger_part,
        false as is_ratio
    union all
    select
        'cost' as measure_id,
        'cost' as ledger_part,
        false as is_ratio
    union all
    select
        'economic_result_ratio' as measure_id,
        'revenue' as ledger_part,
        true as is_ratio
    union all
    select
        'economic_result_ratio' as measure_id,
        'cost' as ledger_part,
        true as is_ratio
    union all
    select
        'personnel_cost_share' as measure_id,
        'cost' as ledger_part,
        true as is_ratio
),

quantities as (
    select
        'actual' as quantity,
        true as is_to_date_only
    union all
    select
        'annual_accounts' as quantity,
        false as is_to_date_only
),

-- One adjustment with what has been taken back of it.
left_over as (
    select
        measures.measure_id,
        with_total.organisation_view,
        with_total.area_code,
        quantities.quantity,
        with_total.year_offset,
        with_total.delivery_id,
        with_total.line,
        min(with_total.adjustment_reason) as adjustment_reason
    from with_total
    inner join measures
        on with_total.ledger_part = measures.ledger_part
    inner join quantities
        on with_total.is_to_date or not quantities.is_to_date_only
    where
        (quantities.is_to_date_only or with_total.year_offset < 0)
        and (not measures.is_ratio or with_total.area_code = '')
    group by
        measures.measure_id,
        with_total.organisation_view,
        with_total.area_code,
        quantities.quantity,
        with_total.year_offset,
        with_total.delivery_id,
        with_total.line
    having sum(with_total.amount_sek) <> 0
)

select
    measure_id,
    area_code,
    quantity,
    year_offset,
    organisation_view,
    string_agg(distinct adjustment_reason, '; ' order by adjustment_reason) as adjustment_reason
from left_over
group by measure_id, area_code, quantity, year_offset, organisation_view
