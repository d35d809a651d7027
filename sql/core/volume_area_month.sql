-- In which area each month of a unit's volume counts, in either view of the organisation.
-- Grain: one row per view, measure, unit, month, kind and area.
-- Key: organisation_view, measure_id, unit_code, month, volume_kind, area_code
-- `area_code` '' is the organisation, '-' what belongs to no area: a month is added under one of the two, never both. as_was: the area that
-- the unit had in the month (in a month without it: the last it had in January…period). restated: the areas of the close, by the shares of
-- its successors; the year before of a unit that has left is in none. A stock has the row of its own day. `share` is of the unit's sum:
-- multiply the sum, never the line.
with flows as (
    select
        measure_id,
        unit_code,
        month,
        volume_kind,
        year_offset,
        area_code,
        is_due,
        is_at_hand,
        is_preliminary,
        reason,
        volume
    from core.volume_kind_month
),

stocks as (
    select
        places.measure_id,
        places.unit_code,
        places.month,
        places.place_kind as volume_kind,
        places.year_offset,
        cast(null as varchar) as area_code,
        true as is_due,
        places.volume is not null as is_at_hand,
        false as is_preliminary,
        places.reason,
        places.volume
    from core.place_month as places
    cross join build.closing as closing
    where places.month in (closing.period, closing.previous_year_period)
),

months as (
    select * from flows
    union all
    select * from stocks
),

-- The unit's area on its last day in January…period.
last_areas as (
    select
        year_offset,
        unit_code,
        area_code
    from core.unit_month
    where is_to_date
    qualify row_number() over (partition by year_offset, unit_code order by month desc) = 1
),

as_was as (
    select
        'as_was' as organisation_view,
        months.* exclude (area_code),
        coalesce(months.area_code, last_areas.area_code, '-') as area_code,
        cast(1 as decimal(18, 12)) as share
    from months
    left join last_areas
        on
            months.year_offset = last_areas.year_offset
            and months.unit_code = last_areas.unit_code
),

-- A unit that the register does not know belongs to no area, then as now.
restated as (
    select
        'restated' as organisation_view,
        months.* exclude (area_code),
        coalesce(successors.area_code, '-') as area_code,
        coalesce(successors.share, 1) as share
    from months
    left join core.unit_restated as successors
        on months.unit_code = successors.unit_code
    where not (months.year_offset < 0 and coalesce(successors.restatement_tag, 'same') = 'left')
),

counted as (
    select * from as_was
    union all
    select * from restated
),

areas as (
    select area_code from core.known_area
    union
    select '-' as area_code
    union
    select '' as area_code
)

select
    counted.organisation_view,
    counted.measure_id,
    counted.unit_code,
    counted.month,
    counted.volume_kind,
    areas.area_code,
    counted.year_offset,
    counted.is_due,
    counted.is_at_hand,
    counted.is_preliminary,
    counted.reason,
    cast(sum(counted.share) as decimal(18, 12)) as share,
    counted.volume
from counted
inner join areas
    on counted.area_code = areas.area_code or areas.area_code = ''
group by all
