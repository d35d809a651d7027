-- The method run_rate_days: a full year at the daily pace of January to the cut.
-- Grain: one row per measure, area and cut.
-- Key: measure_id, area_code, cut_month
-- To date × days of the year ÷ days to date: 366 in a leap year, its 29 February among the days gone. × first, ÷ after, at six decimals,
-- half away from zero.
-- Where January to the cut is missing there is no forecast, and the reason says why.
select
    basis.measure_id,
    basis.area_code,
    basis.cut_month,
    'run_rate_days' as method,
    basis.figure_unit,
    basis.to_date_reason as reason,
    -- In millionths and whole numbers, since a decimal divided is a binary fraction; the quotient is scaled before the remainder, so that
    -- no step is larger than the forecast itself and 64 bits hold it.
    cast(
        cast(
            case when basis.to_date_value < 0 then -1 else 1 end * (
                cast(abs(basis.to_date_value) * 1000000 as bigint) // nullif(basis.days_to_date, 0) * (basis.days_to_date + basis.days_left)
                + (
                    2
                    * (cast(abs(basis.to_date_value) * 1000000 as bigint) % nullif(basis.days_to_date, 0))
                    * (basis.days_to_date + basis.days_left)
                    + nullif(basis.days_to_date, 0)
                )
                // (2 * nullif(basis.days_to_date, 0))
            ) as decimal(38, 0)
        ) * 0.000001 as decimal(28, 6)
    ) as forecast_value
from core.forecast_basis as basis
