-- What only grows over the year, month by month, and whether it fell: hours, days and meals by unit, revenue and cost by area.
-- Grain: one row per measure, unit or area, and month.
-- Key: measure_id, unit_code, area_code, month
-- A sum to date falls in a month that is negative: a credit larger than all else in it, or a sign that has gone wrong. Revenue is
-- positive here.
with flows as (
    select
        measure_id,
        unit_code,
        '' as area_code,
        month,
        volume as month_value
    from core.volume_month
    where volume is not null
    union all
    select
        ledger_part as measure_id,
        '' as unit_code,
        coalesce(area_code, '-') as area_code,
        month,
        sum(case when ledger_part = 'revenue' then -amount_sek else amount_sek end) as month_value
    from core.ledger_entry
    where ledger_part in ('revenue', 'cost')
    group by
        ledger_part,
        coalesce(area_code, '-'),
        month
)

select
    flows.measure_id,
    flows.unit_code,
    flows.area_code,
    flows.month,
    measure.label,
    cast(flows.month_value as decimal(28, 6)) as month_value,
    cast(
        sum(flows.month_value) over (
            partition by flows.measure_id, flows.unit_code, flows.area_code, month.year
            order by flows.month
        ) as decimal(28, 6)
    ) as value_to_date,
    flows.month_value < 0 as is_falling
from flows
inner join build.month as month
    on flows.month = month.month
inner join reference.measures as measure
    on flows.measure_id = measure.measure_id
where month.is_to_date
