-- The figures that cannot be made because an extract they stand on was refused, with nothing before it in force.
-- Grain: one row per measure, quantity and year.
-- Key: measure_id, quantity, year_offset
-- A month's file withholds its own year; a file that all years are read from (a register, the period's own input) withholds them all.
with refused as (
    select
        withheld.extract,
        withheld.reason,
        case when declared.needed in ('history', 'optional_history') then months.year_offset end as year_offset
    from build.withheld_extract as withheld
    left join reference.extracts as declared
        on withheld.extract = declared.extract
    left join build.month as months
        on withheld.period = months.month
),

years as (
    select distinct year_offset
    from build.month
    union
    select distinct year_offset
    from core.report_key
),

quantities as (
    select quantity
    from reference.quantities
)

select
    sources.measure_id,
    quantities.quantity,
    years.year_offset,
    string_agg(distinct refused.reason, '; ' order by refused.reason) as reason
from refused
inner join reference.measure_sources as sources
    on refused.extract = sources.extract
inner join quantities
    on sources.quantity is null or sources.quantity = quantities.quantity
inner join years
    on refused.year_offset is null or refused.year_offset = years.year_offset
group by sources.measure_id, quantities.quantity, years.year_offset
