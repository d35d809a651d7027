-- Result, cost and revenue by month and area, as it was: what the ledger has, and its budget.
-- Grain: one row per measure, area ('' the organisation, '-' what belongs to no area) and month of the 24.
-- Key: measure_id, area_code, month
-- Revenue and cost are positive, result = revenue − cost. The ledger alone, without adjustments: a month of the past has been booked
-- since. A month that no ledger reaches is missing; one that has not come stands here for its budget (`value_status` budget). A year
-- without any budget has none, rather than one of 0.
with applied as (
    select distinct
        extract,
        period as month
    from build.closing_deliveries
),

ledgers as (
    select
        months.year_offset,
        max(applied.month) as ledger_to
    from applied
    inner join build.month as months
        on applied.month = months.month
    where applied.extract = 'ekonomi_sie'
    group by months.year_offset
),

booked as (
    select
        month,
        coalesce(area_code, '-') as own_area,
        ledger_part,
        amount_sek as booked_sek,
        cast(null as decimal(18, 2)) as budgeted_sek
    from core.ledger_entry
    where ledger_part in ('revenue', 'cost')
    union all
    select
        month,
        coalesce(area_code, '-') as own_area,
        ledger_part,
        cast(null as decimal(18, 2)) as booked_sek,
        amount_sek as budgeted_sek
    from core.budget_entry
    where ledger_part in ('revenue', 'cost')
),

budgeted_years as (
    select distinct months.year_offset
    from booked
    inner join build.month as months
        on booked.month = months.month
    where booked.budgeted_sek is not null
),

-- An area stands in every month in which it has a unit, a booking or a budget; the organisation in all.
money_areas as (
    select
        own_area as area_code,
        month
    from booked
    union
    select
        area_code,
        month
    from core.unit_month
    where area_code is not null
    union
    select
        '' as area_code,
        month
    from build.month
),

booked_areas as (
    select
        month,
        own_area as area_code,
        ledger_part,
        sum(booked_sek) as booked_sek,
        sum(budgeted_sek) as budgeted_sek
    from booked
    group by month, own_area, ledger_part
    union all
    select
        month,
        '' as area_code,
        ledger_part,
        sum(booked_sek) as booked_sek,
        sum(budgeted_sek) as budgeted_sek
    from booked
    group by month, ledger_part
),

money_parts as (
    select
        money_areas.area_code,
        money_areas.month,
        coalesce(money_areas.month <= ledgers.ledger_to, false) as is_reached,
        budgeted_years.year_offset is not null as is_budgeted,
        coalesce(sum(booked_areas.booked_sek) filter (where booked_areas.ledger_part = 'revenue'), 0) as revenue_sek,
        coalesce(sum(booked_areas.booked_sek) filter (where booked_areas.ledger_part = 'cost'), 0) as cost_sek,
        coalesce(sum(booked_areas.budgeted_sek) filter (where booked_areas.ledger_part = 'revenue'), 0) as revenue_budget_sek,
        coalesce(sum(booked_areas.budgeted_sek) filter (where booked_areas.ledger_part = 'cost'), 0) as cost_budget_sek
    from money_areas
    inner join build.month as months
        on money_areas.month = months.month
    left join booked_areas
        on
            money_areas.area_code = booked_areas.area_code
            and money_areas.month = booked_areas.month
    left join ledgers
        on months.year_offset = ledgers.year_offset
    left join budgeted_years
        on months.year_offset = budgeted_years.year_offset
    group by money_areas.area_code, money_areas.month, money_areas.month <= ledgers.ledger_to, budgeted_years.year_offset is not null
),

money_measures as (
    select
        *,
        'revenue' as measure_id,
        -revenue_sek as amount,
        -revenue_budget_sek as budget_amount
    from money_parts
    union all
    select
        *,
        'cost' as measure_id,
        cost_sek as amount,
        cost_budget_sek as budget_amount
    from money_parts
    union all
    select
        *,
        'result' as measure_id,
        -(revenue_sek + cost_sek) as amount,
        -(revenue_budget_sek + cost_budget_sek) as budget_amount
    from money_parts
)

select
    money.measure_id,
    money.area_code,
    money.month,
    'sek' as figure_unit,
    case
        when money.is_reached then 'actual'
        when months.year_offset < 0 or months.is_to_date then 'missing'
        else 'budget'
    end as value_status,
    case
        when not money.is_reached and (months.year_offset < 0 or months.is_to_date) then 'huvudboken är inte levererad för hela tiden'
    end as reason,
    cast(case when money.is_reached then money.amount end as decimal(28, 6)) as measure_value,
    cast(case when money.is_budgeted then money.budget_amount end as decimal(28, 6)) as month_budget_value
from money_measures as money
inner join build.month as months
    on money.month = months.month
