-- The ledger's personnel cost of an area and month against the hours that payroll has as worked.
-- Grain: one row per area and month of January…period that has both.
-- Key: area_code, month
-- Expected is the month's hours at the price that the whole of that year's January…period comes to. `is_within_tolerance`: the
-- difference is at most the threshold's share of the expected.
with costs as (
    select
        area_code,
        month,
        sum(amount_sek) as cost_sek
    from core.ledger_entry
    where
        account_group = 'PERSONAL'
        and ledger_part = 'cost'
        and area_code is not null
    group by area_code, month
),

hours as (
    select
        area_code,
        month,
        sum(worked_hours) as worked_hours
    from core.hourly_work_month
    where area_code is not null
    group by area_code, month
    having count(*) = count(worked_hours)
),

both_known as (
    select
        costs.area_code,
        costs.month,
        costs.cost_sek,
        hours.worked_hours,
        sum(costs.cost_sek) over (partition by costs.area_code, month.year) as year_cost_sek,
        sum(hours.worked_hours) over (partition by costs.area_code, month.year) as year_hours
    from costs
    inner join hours
        on
            costs.area_code = hours.area_code
            and costs.month = hours.month
    inner join build.month as month
        on
            costs.month = month.month
            and month.is_to_date
),

priced as (
    -- in öre and hundredths of an hour: whole numbers divide exactly alike everywhere
    select
        area_code,
        month,
        cast(cost_sek as decimal(28, 6)) as actual,
        cast(
            cast(
                -- the quotient first, then what remains: 64 bits hold every step
                cast(year_cost_sek * 100 as bigint) // nullif(cast(year_hours * 100 as bigint), 0) * cast(worked_hours * 100 as bigint)
                + cast(year_cost_sek * 100 as bigint) % nullif(cast(year_hours * 100 as bigint), 0) * cast(worked_hours * 100 as bigint)
                // nullif(cast(year_hours * 100 as bigint), 0)
                as decimal(38, 0)
            ) * 0.01 as decimal(28, 6)
        ) as expected
    from both_known
)

select
    priced.area_code,
    priced.month,
    priced.expected,
    priced.actual,
    cast(priced.actual - priced.expected as decimal(28, 6)) as difference,
    abs(priced.actual - priced.expected) * 100 <= abs(priced.expected) * tolerated.threshold_value as is_within_tolerance
from priced
inner join core.threshold as tolerated
    on tolerated.threshold_id = 'personnel_cost_per_hour'
