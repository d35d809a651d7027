-- Both ends of each bridge of the result against the figures that the report prints.
-- Grain: one row per comparison, area ('' the organisation) and end of the bridge.
-- Key: comparison, area_code, bridge_end
-- Expected is marts.figure, restated; actual is the sum of the bridge's rows. Ends that the ledgers do not reach have no figure to tie to.
with ends as (
    select
        'budget' as comparison,
        'start' as bridge_end,
        'budget_to_date' as quantity,
        0 as year_offset
    union all
    select
        'budget' as comparison,
        'end' as bridge_end,
        'actual' as quantity,
        0 as year_offset
    union all
    select
        'last_year' as comparison,
        'start' as bridge_end,
        'actual' as quantity,
        -1 as year_offset
    union all
    select
        'last_year' as comparison,
        'end' as bridge_end,
        'actual' as quantity,
        0 as year_offset
),

bridged as (
    select
        comparison,
        area_code,
        start_sek,
        end_sek
    from marts.result_bridge
    union all
    select
        comparison,
        '' as area_code,
        start_sek,
        end_sek
    from marts.result_bridge
),

summed as (
    select
        comparison,
        area_code,
        sum(start_sek) as start_sek,
        sum(end_sek) as end_sek
    from bridged
    group by comparison, area_code
),

compared as (
    select
        ends.comparison,
        figures.area_code,
        ends.bridge_end,
        figures.figure_value as expected,
        coalesce(case ends.bridge_end when 'start' then summed.start_sek else summed.end_sek end, 0) as actual
    from ends
    inner join marts.figure as figures
        on
            figures.subject_id = 'result'
            and ends.quantity = figures.quantity
            and ends.year_offset = figures.year_offset
            and figures.organisation_view = 'restated'
            and figures.figure_value is not null
    left join summed
        on
            ends.comparison = summed.comparison
            and figures.area_code = summed.area_code
)

select
    comparison,
    area_code,
    bridge_end,
    cast(expected as decimal(28, 6)) as expected,
    cast(actual as decimal(28, 6)) as actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
