-- The computed ratios of the organisation as figures.
-- Grain: one row per measure, year and view of the organisation.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- A ratio keeps its numerator and denominator; it is divided once, where it is printed.
-- Ratios of money are there in both views; the utilisation of home care, whose months are judged unit by unit, as it was.
-- What adjustments make of a ratio is the difference to the ledger's own, in millionths.
with ratios as (
    select
        ratios.organisation_view,
        ratios.year_offset,
        ratios.measure_id,
        ratios.numerator,
        ratios.denominator,
        ratios.ledger_numerator,
        ratios.ledger_denominator,
        ratios.value_status,
        cast(null as varchar) as months,
        ratios.reason,
        results.organisation_tag
    from marts.economic_ratio as ratios
    left join core.figure_result as results
        on
            ratios.year_offset = results.year_offset
            and results.subject_id = 'result'
            and results.quantity = 'actual'
            and results.area_code = ''
            and ratios.organisation_view = results.organisation_view
    union all
    select
        '' as organisation_view,
        ratios.year_offset,
        ratios.measure_id,
        ratios.numerator,
        ratios.denominator,
        ratios.numerator as ledger_numerator,
        ratios.denominator as ledger_denominator,
        ratios.value_status,
        ratios.months,
        ratios.reason,
        hours.organisation_tag
    from marts.home_care_utilisation as ratios
    left join core.figure_volume as hours
        on
            ratios.year_offset = hours.year_offset
            and hours.subject_id = 'home_care_hours'
            and hours.area_code = ''
            and hours.organisation_view = 'as_was'
),

-- In öre and whole numbers: a decimal divided is a binary fraction.
adjusted as (
    select
        organisation_view,
        year_offset,
        measure_id,
        case when numerator < 0 then -1 else 1 end * (
            cast(abs(numerator) * 100 as bigint) // cast(denominator * 100 as bigint) * 1000000
            + cast(abs(numerator) * 100 as bigint) % cast(denominator * 100 as bigint) * 1000000 // cast(denominator * 100 as bigint)
        )
        - case when ledger_numerator < 0 then -1 else 1 end * (
            cast(abs(ledger_numerator) * 100 as bigint) // cast(ledger_denominator * 100 as bigint) * 1000000
            + cast(abs(ledger_numerator) * 100 as bigint) % cast(ledger_denominator * 100 as bigint) * 1000000
            // cast(ledger_denominator * 100 as bigint)
        ) as millionths
    from ratios
    where
        (numerator <> ledger_numerator or denominator <> ledger_denominator)
        and denominator > 0
        and ledger_denominator > 0
)

select
    ratios.measure_id as subject_id,
    '' as area_code,
    'T' as sex,
    'actual' as quantity,
    ratios.year_offset,
    ratios.organisation_view,
    ratios.measure_id,
    cast(null as decimal(28, 6)) as figure_value,
    case when ratios.value_status <> 'missing' then ratios.numerator end as numerator,
    case when ratios.value_status <> 'missing' then ratios.denominator end as denominator,
    case
        when ratios.value_status <> 'missing' then cast(nullif(adjusted.millionths, 0) * 0.000001 as decimal(28, 6))
    end as adjustment_value,
    cast(null as varchar) as words,
    'ratio' as figure_unit,
    ratios.value_status,
    cast(null as varchar) as method,
    ratios.months,
    ratios.reason,
    ratios.organisation_tag
from ratios
left join adjusted
    on
        ratios.organisation_view = adjusted.organisation_view
        and ratios.year_offset = adjusted.year_offset
        and ratios.measure_id = adjusted.measure_id
