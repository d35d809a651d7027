-- Volumes by unit, month and kind: what was counted; a missing month is missing, with the reason.
-- Grain: one row per measure, unit, month and kind.
-- Key: measure_id, unit_code, month, volume_kind
-- January…period of the closed year and of the year before, in the organisation as it was. A flow may be added over months, a stock
-- (places, on the month's last day) may not. A kind without a row in a month for which its unit has rows is 0. Estimates stand in
-- marts.volume_to_date only.
with kinds as (
    select distinct
        year_offset,
        extract,
        measure_id,
        unit_code,
        volume_kind
    from core.volume_observation
),

-- A unit that has delivered nothing all year has no kind to be missing; one that has is not asked for measures it never counted.
units_with_rows as (
    select distinct
        year_offset,
        extract,
        unit_code
    from kinds
),

flows as (
    select
        months.measure_id,
        months.unit_code,
        months.month,
        months.volume_kind,
        months.year_offset,
        months.area_code,
        months.volume,
        case
            when not months.is_at_hand then 'missing'
            when months.is_preliminary then 'preliminary'
            else 'actual'
        end as value_status,
        months.reason
    from core.volume_kind_month as months
    left join kinds
        on
            months.year_offset = kinds.year_offset
            and months.measure_id = kinds.measure_id
            and months.unit_code = kinds.unit_code
            and months.volume_kind = kinds.volume_kind
    left join units_with_rows
        on
            months.year_offset = units_with_rows.year_offset
            and months.extract = units_with_rows.extract
            and months.unit_code = units_with_rows.unit_code
    where kinds.unit_code is not null or units_with_rows.unit_code is null
),

stocks as (
    select
        places.measure_id,
        places.unit_code,
        places.month,
        places.place_kind as volume_kind,
        places.year_offset,
        in_force.area_code,
        places.volume,
        case when places.volume is null then 'missing' else 'actual' end as value_status,
        places.reason
    from core.place_month as places
    left join core.unit_month as in_force
        on
            places.unit_code = in_force.unit_code
            and places.month = in_force.month
),

volumes as (
    select * from flows
    union all
    select * from stocks
)

select
    volumes.measure_id,
    volumes.unit_code,
    volumes.month,
    volumes.volume_kind,
    volumes.year_offset,
    volumes.area_code,
    measures.measure_kind,
    measures.figure_unit,
    volumes.value_status,
    volumes.reason,
    cast(volumes.volume as decimal(28, 6)) as volume
from volumes
inner join reference.measures as measures
    on volumes.measure_id = measures.measure_id
