-- The sum of the areas against the whole, for every result figure.
-- Grain: one row per measure, quantity, year and view of the organisation.
-- Key: measure_id, quantity, year_offset, organisation_view
-- Expected is taken from the lines of ledger and adjustments, without units or areas; actual is the sum of the areas and of what belongs
-- to no area and, for the year before restated, also of the units that have left the organisation since, which are out of its comparatives.
-- The ledger is in whole öre: what shares leave over at the sixth decimal is no difference.
with entries as (
    select
        month,
        ledger_part,
        amount_sek,
        'booked' as source
    from core.ledger_entry
    where ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        ledger_part,
        amount_sek,
        'booked' as source
    from core.adjustment_entry
    where ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        ledger_part,
        amount_sek,
        'budgeted' as source
    from core.budget_entry
    where ledger_part in ('revenue', 'cost')
),

left_since as (
    select
        month,
        ledger_part,
        actual_sek,
        budget_sek
    from marts.result
    where year_offset < 0 and restatement_tag = 'left'
),

signs as (
    select
        'result' as measure_id,
        'revenue' as ledger_part,
        -1 as sign_of_part
    union all
    select
        'result' as measure_id,
        'cost' as ledger_part,
        -1 as sign_of_part
    union all
    select
        'cost' as measure_id,
        'cost' as ledger_part,
        1 as sign_of_part
    union all
    select
        'revenue' as measure_id,
        'revenue' as ledger_part,
        -1 as sign_of_part
),

quantities as (
    select
        'actual' as quantity,
        'booked' as source,
        true as is_to_date_only
    union all
    select
        'annual_accounts' as quantity,
        'booked' as source,
        false as is_to_date_only
    union all
    select
        'budget_to_date' as quantity,
        'budgeted' as source,
        true as is_to_date_only
    union all
    select
        'budget_full_year' as quantity,
        'budgeted' as source,
        false as is_to_date_only
),

from_ledger as (
    select
        signs.measure_id,
        quantities.quantity,
        months.year_offset,
        sum(entries.amount_sek * signs.sign_of_part) as amount
    from entries
    inner join build.month as months
        on entries.month = months.month
    inner join signs
        on entries.ledger_part = signs.ledger_part
    inner join quantities
        on
            entries.source = quantities.source
            and (months.is_to_date or not quantities.is_to_date_only)
    group by signs.measure_id, quantities.quantity, months.year_offset
),

from_left as (
    select
        signs.measure_id,
        quantities.quantity,
        months.year_offset,
        sum(case quantities.source when 'booked' then left_since.actual_sek else left_since.budget_sek end * signs.sign_of_part) as amount
    from left_since
    inner join build.month as months
        on left_since.month = months.month
    inner join signs
        on left_since.ledger_part = signs.ledger_part
    inner join quantities
        on months.is_to_date or not quantities.is_to_date_only
    group by signs.measure_id, quantities.quantity, months.year_offset
),

from_areas as (
    select
        measure_id,
        quantity,
        year_offset,
        organisation_view,
        sum(figure_value) as amount
    from core.figure_result
    where area_code <> ''
    group by measure_id, quantity, year_offset, organisation_view
    having count(*) = count(figure_value)
),

compared as (
    select
        from_areas.measure_id,
        from_areas.quantity,
        from_areas.year_offset,
        from_areas.organisation_view,
        cast(coalesce(from_ledger.amount, 0) as decimal(28, 6)) as expected,
        cast(from_areas.amount + coalesce(from_left.amount, 0) as decimal(28, 6)) as actual
    from from_areas
    left join from_ledger
        on
            from_areas.measure_id = from_ledger.measure_id
            and from_areas.quantity = from_ledger.quantity
            and from_areas.year_offset = from_ledger.year_offset
    left join from_left
        on
            from_areas.measure_id = from_left.measure_id
            and from_areas.quantity = from_left.quantity
            and from_areas.year_offset = from_left.year_offset
            and from_areas.organisation_view = 'restated'
)

select
    measure_id,
    quantity,
    year_offset,
    organisation_view,
    expected,
    actual,
    cast(cast(actual - expected as decimal(28, 2)) as decimal(28, 6)) as difference
from compared
