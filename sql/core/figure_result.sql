-- The result figures that a report may ask for: result, cost and revenue by area, and for what belongs to no area ('-').
-- Grain: one row per measure, area, quantity, year and view of the organisation.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- restated: in the organisation of the period's last day, comparatives too. A unit that left the organisation is out of the year before;
-- what it booked in the closed year belongs to no area, so that the year's accounts tie to the ledger. as_was: every amount in the area
-- that its unit had on the day.
-- `adjustment_value` is what the adjustments make of the figure; those that have been taken back within it leave none.
-- result = −(sum), cost = sum of costs, revenue = −(sum of revenues). Quantities that the delivered ledgers do not reach are missing.
with areas as (
    select area_code from core.known_area
    union
    select '-' as area_code
    union
    select '' as area_code
),

-- How far the ledger of each year goes: its file is named for its last month.
ledgers as (
    select
        months.year_offset,
        max(applied.period) as ledger_to
    from build.closing_deliveries as applied
    inner join build.month as months
        on applied.period = months.month
    where applied.extract = 'ekonomi_sie'
    group by months.year_offset
),

years as (
    select
        months.year_offset,
        max(months.month) as last_month,
        max(case when months.is_to_date then months.month end) as last_month_to_date,
        max(ledgers.ledger_to) as ledger_to
    from build.month as months
    left join ledgers
        on months.year_offset = ledgers.year_offset
    group by months.year_offset
),

counted as (
    select
        year_offset,
        is_to_date,
        ledger_part,
        coalesce(area_code, '-') as area_as_was,
        coalesce(restated_area_code, '-') as area_restated,
        restatement_tag,
        share,
        actual_sek,
        adjustment_sek,
        budget_sek
    from marts.result
),

-- Each amount in both views. The shares of a unit that was split add up to its amount as it was.
kept as (
    select
        'restated' as organisation_view,
        area_restated as own_area,
        year_offset,
        is_to_date,
        ledger_part,
        actual_sek,
        adjustment_sek,
        budget_sek
    from counted
    where not (year_offset < 0 and restatement_tag = 'left')
    union all
    select
        'as_was' as organisation_view,
        area_as_was as own_area,
        year_offset,
        is_to_date,
        ledger_part,
        actual_sek,
        adjustment_sek,
        budget_sek
    from counted
),

views as (
    select 'restated' as organisation_view
    union all
    select 'as_was' as organisation_view
),

summed as (
    select
        views.organisation_view,
        years.year_offset,
        areas.area_code,
        years.last_month,
        years.last_month_to_date,
        years.ledger_to,
        coalesce(sum(kept.actual_sek) filter (where kept.ledger_part = 'revenue' and kept.is_to_date), 0) as revenue_to_date,
        coalesce(sum(kept.actual_sek) filter (where kept.ledger_part = 'cost' and kept.is_to_date), 0) as cost_to_date,
        coalesce(sum(kept.actual_sek) filter (where kept.ledger_part = 'revenue'), 0) as revenue_year,
        coalesce(sum(kept.actual_sek) filter (where kept.ledger_part = 'cost'), 0) as cost_year,
        coalesce(sum(kept.adjustment_sek) filter (where kept.ledger_part = 'revenue' and kept.is_to_date), 0) as revenue_adjusted_to_date,
        coalesce(sum(kept.adjustment_sek) filter (where kept.ledger_part = 'cost' and kept.is_to_date), 0) as cost_adjusted_to_date,
        coalesce(sum(kept.adjustment_sek) filter (where kept.ledger_part = 'revenue'), 0) as revenue_adjusted_year,
        coalesce(sum(kept.adjustment_sek) filter (where kept.ledger_part = 'cost'), 0) as cost_adjusted_year,
        coalesce(sum(kept.budget_sek) filter (where kept.ledger_part = 'revenue' and kept.is_to_date), 0) as revenue_budget_to_date,
        coalesce(sum(kept.budget_sek) filter (where kept.ledger_part = 'cost' and kept.is_to_date), 0) as cost_budget_to_date,
        coalesce(sum(kept.budget_sek) filter (where kept.ledger_part = 'revenue'), 0) as revenue_budget_year,
        coalesce(sum(kept.budget_sek) filter (where kept.ledger_part = 'cost'), 0) as cost_budget_year
    from years
    cross join areas
    cross join views
    left join kept
        on
            years.year_offset = kept.year_offset
            and views.organisation_view = kept.organisation_view
            and (areas.area_code = kept.own_area or areas.area_code = '')
    group by views.organisation_view, years.year_offset, areas.area_code, years.last_month, years.last_month_to_date, years.ledger_to
),

-- The organisation has changed where something came to an area, or went from it, between then and the close.
moved as (
    select distinct
        year_offset,
        area_restated as area_code,
        share < 1 as is_split
    from counted
    where area_as_was <> area_restated
    union
    select distinct
        year_offset,
        area_as_was as area_code,
        share < 1 as is_split
    from counted
    where area_as_was <> area_restated
    union
    select distinct
        year_offset,
        '' as area_code,
        share < 1 as is_split
    from counted
    where year_offset < 0 and restatement_tag = 'left'
),

-- What a unit did before it came from outside is in nobody's comparative.
arrived as (
    select
        areas.area_code,
        -1 as year_offset
    from core.unit_arrival as arrivals
    inner join areas
        on coalesce(arrivals.area_code, '-') = areas.area_code or areas.area_code = ''
),

changed as (
    select * from moved
    union all
    select
        year_offset,
        area_code,
        false as is_split
    from arrived
),

tags as (
    select
        year_offset,
        area_code,
        case when max(case when is_split then 1 else 0 end) = 1 then 'restated_share' else 'restated' end as organisation_tag
    from changed
    group by year_offset, area_code
),

amounts as (
    select
        organisation_view,
        year_offset,
        area_code,
        'actual' as quantity,
        'actual' as value_status,
        coalesce(ledger_to >= last_month_to_date, false) as is_reached,
        revenue_to_date as revenue,
        cost_to_date as cost,
        revenue_adjusted_to_date as revenue_adjusted,
        cost_adjusted_to_date as cost_adjusted
    from summed
    union all
    select
        organisation_view,
        year_offset,
        area_code,
        'annual_accounts' as quantity,
        'actual' as value_status,
        coalesce(ledger_to >= last_month, false) as is_reached,
        revenue_year as revenue,
        cost_year as cost,
        revenue_adjusted_year as revenue_adjusted,
        cost_adjusted_year as cost_adjusted
    from summed
    where year_offset < 0
    union all
    select
        organisation_view,
        year_offset,
        area_code,
        'budget_to_date' as quantity,
        'budget' as value_status,
        ledger_to is not null as is_reached,
        revenue_budget_to_date as revenue,
        cost_budget_to_date as cost,
        0 as revenue_adjusted,
        0 as cost_adjusted
    from summed
    union all
    select
        organisation_view,
        year_offset,
        area_code,
        'budget_full_year' as quantity,
        'budget' as value_status,
        ledger_to is not null as is_reached,
        revenue_budget_year as revenue,
        cost_budget_year as cost,
        0 as revenue_adjusted,
        0 as cost_adjusted
    from summed
),

figures as (
    select
        *,
        'result' as measure_id,
        -(revenue + cost) as amount,
        -(revenue_adjusted + cost_adjusted) as adjusted
    from amounts
    union all
    select
        *,
        'cost' as measure_id,
        cost as amount,
        cost_adjusted as adjusted
    from amounts
    union all
    select
        *,
        'revenue' as measure_id,
        -revenue as amount,
        -revenue_adjusted as adjusted
    from amounts
)

select
    figures.measure_id as subject_id,
    figures.area_code,
    'T' as sex,
    figures.quantity,
    figures.year_offset,
    figures.organisation_view,
    figures.measure_id,
    case when figures.is_reached then cast(figures.amount as decimal(28, 6)) end as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    case when figures.is_reached then cast(nullif(figures.adjusted, 0) as decimal(28, 6)) end as adjustment_value,
    cast(null as varchar) as words,
    'sek' as figure_unit,
    case when figures.is_reached then figures.value_status else 'missing' end as value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    case when not figures.is_reached then 'huvudboken är inte levererad för hela tiden' end as reason,
    case
        when figures.year_offset = 0 then ''
        when tags.area_code is null then 'same'
        when figures.organisation_view = 'as_was' then 'not_restated'
        else tags.organisation_tag
    end as organisation_tag
from figures
left join tags
    on
        figures.year_offset = tags.year_offset
        and figures.area_code = tags.area_code
