-- The method run_rate_months: a full year at the monthly pace of January to the cut.
-- Grain: one row per measure, area and cut.
-- Key: measure_id, area_code, cut_month
-- To date × 12 ÷ months. × first, ÷ after, at six decimals, half away from zero.
-- Where January to the cut is missing there is no forecast, and the reason says why.
select
    basis.measure_id,
    basis.area_code,
    basis.cut_month,
    'run_rate_months' as method,
    basis.figure_unit,
    basis.to_date_reason as reason,
    -- In millionths and whole numbers, since a decimal divided is a binary fraction; the quotient is scaled before the remainder, so that
    -- no step is larger than the forecast itself and 64 bits hold it.
    cast(
        cast(
            case when basis.to_date_value < 0 then -1 else 1 end * (
                cast(abs(basis.to_date_value) * 1000000 as bigint) // basis.month_number * 12
                + (2 * (cast(abs(basis.to_date_value) * 1000000 as bigint) % basis.month_number) * 12 + basis.month_number)
                // (2 * basis.month_number)
            ) as decimal(38, 0)
        ) * 0.000001 as decimal(28, 6)
    ) as forecast_value
from core.forecast_basis as basis
