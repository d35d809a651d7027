-- What was booked on each investment project, against what of it fell in an area that the controllers' input names for the project.
-- Grain: one row per project.
-- Key: projekt
-- Expected all that was booked (expenditure less income), actual what stands in the input's areas. The outcome follows the voucher.
with named as (
    select distinct
        input.projekt,
        areas.area_code
    from staging.investment_input as input
    inner join build.closing as closing
        on input.month = closing.period
    left join core.area as areas
        on input.area = areas.area
),

compared as (
    select
        booked.projekt,
        sum(booked.expenditure_actual_sek - booked.income_actual_sek) as expected,
        coalesce(sum(booked.expenditure_actual_sek - booked.income_actual_sek) filter (where named.projekt is not null), 0) as actual
    from marts.investment as booked
    left join named
        on
            booked.projekt = named.projekt
            and booked.area_code = named.area_code
    group by booked.projekt
)

select
    projekt,
    cast(expected as decimal(28, 6)) as expected,
    cast(actual as decimal(28, 6)) as actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
