-- The method months: what the missing months of a unit's kind are estimated at, by the number of months.
-- Grain: one row per year, measure, unit and kind with missing months and at least one at hand.
-- Key: year_offset, measure_id, unit_code, volume_kind
-- Months at hand × months_due ÷ months_at_hand.
-- Thirds are exact as long as they are not divided: × first, ÷ after, at six decimals, half away from zero.
-- Computed always; reference.measure_method says which method a measure uses.
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    'months' as method,
    months_due as factor_numerator,
    months_at_hand as factor_denominator,
    -- In millionths and whole numbers, since a decimal divided is a binary fraction; the quotient is scaled before the remainder, so that
    -- no step is larger than the estimate itself and 64 bits hold it.
    cast(
        cast(
            case when known_volume < 0 then -1 else 1 end * (
                cast(abs(known_volume) * 1000000 as bigint) // months_at_hand * months_due
                + (2 * (cast(abs(known_volume) * 1000000 as bigint) % months_at_hand) * months_due + months_at_hand) // (2 * months_at_hand)
            ) as decimal(38, 0)
        ) * 0.000001 as decimal(28, 6)
    ) as estimated_volume
from core.volume_window
where
    months_missing > 0
    and months_at_hand > 0
