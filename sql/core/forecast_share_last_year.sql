-- The method share_last_year: the year grows from January to the cut as last year did.
-- Grain: one row per measure, area and cut.
-- Key: measure_id, area_code, cut_month
-- To date × last year's whole ÷ last year's same months, × first, ÷ after, at six decimals, half away from zero. Last year's months must
-- all be known; what they came to together cannot be 0. Two amounts multiplied need more than 64 bits: the product is divided as by
-- hand, digit by digit of the first, in millionths (exact up to 100 billion).
with recursive bases as (
    select
        *,
        case when to_date_value < 0 then -1 else 1 end
        * case when last_year_value < 0 then -1 else 1 end
        * case when last_year_to_date_value < 0 then -1 else 1 end as forecast_sign,
        cast(abs(to_date_value) * 1000000 as bigint) as multiplicand,
        cast(abs(last_year_value) * 1000000 as bigint) as multiplier,
        cast(abs(last_year_to_date_value) * 1000000 as bigint) as divisor
    from core.forecast_basis
),

divided as (
    select
        measure_id,
        area_code,
        cut_month,
        multiplicand as digits_left,
        multiplier,
        divisor,
        cast(1000000000000000000 as bigint) as place,
        cast(0 as decimal(38, 0)) as quotient,
        cast(0 as bigint) as remainder
    from bases
    where multiplicand is not null and multiplier is not null and divisor > 0
    union all
    select
        measure_id,
        area_code,
        cut_month,
        digits_left % place as digits_left,
        multiplier,
        divisor,
        place // 10 as place,
        cast(quotient * 10 + (remainder * 10 + digits_left // place * multiplier) // divisor as decimal(38, 0)) as quotient,
        (remainder * 10 + digits_left // place * multiplier) % divisor as remainder
    from divided
    where place > 0
),

rounded as (
    select
        measure_id,
        area_code,
        cut_month,
        quotient + case when 2 * remainder >= divisor then 1 else 0 end as millionths
    from divided
    where place = 0
),

forecasts as (
    select
        bases.measure_id,
        bases.area_code,
        bases.cut_month,
        bases.figure_unit,
        coalesce(bases.to_date_reason, bases.last_year_reason) as reason,
        bases.forecast_sign,
        -- Nearly nothing last year makes a forecast beyond any amount.
        case when rounded.millionths < 1000000000000000000 then rounded.millionths end as millionths
    from bases
    left join rounded
        on
            bases.measure_id = rounded.measure_id
            and bases.area_code = rounded.area_code
            and bases.cut_month = rounded.cut_month
)

select
    measure_id,
    area_code,
    cut_month,
    'share_last_year' as method,
    figure_unit,
    case when millionths is null then coalesce(reason, 'samma månader i fjol kom till noll eller nästan noll') end as reason,
    cast(cast(forecast_sign * millionths as decimal(38, 0)) * 0.000001 as decimal(28, 6)) as forecast_value
from forecasts
