-- The staff cells that lack something they are made of, by place, and why: each reason with its months.
-- Grain: one row per span, month, level, area_code, unit_code, measure_id.
-- Key: span, month, level, area_code, unit_code, measure_id
-- A unit's gap is its area's and the organisation's too; a gap of all units is everybody's. To date a flow lacks what any of its
-- months lacks, a stock only what the last one does.
with
gap_of_span as (
    select
        'month' as span,
        gap.month,
        gap.month as gap_month,
        gap.measure_id,
        gap.unit_code,
        gap.reason
    from core.staff_gap as gap

    union all

    select
        'to_date' as span,
        window_end.month,
        gap.month as gap_month,
        gap.measure_id,
        gap.unit_code,
        gap.reason
    from core.staff_gap as gap
    inner join build.month as month
        on gap.month = month.month
    inner join build.month as window_end
        on month.year_offset = window_end.year_offset
    inner join build.closing as closing
        on window_end.month_number = closing.month_number
    where
        gap.month = window_end.month
        or gap.measure_id not in ('permanent_headcount', 'full_time_share')
),

place as (
    select distinct
        span,
        month,
        level,
        area_code,
        unit_code
    from core.staff_cell
),

gap_of_place as (
    select distinct
        place.span,
        place.month,
        place.level,
        place.area_code,
        place.unit_code,
        gap.measure_id,
        gap.gap_month,
        gap.reason
    from place
    inner join gap_of_span as gap
        on place.span = gap.span and place.month = gap.month
    left join core.unit_month as unit_month
        on gap.gap_month = unit_month.month and gap.unit_code = unit_month.unit_code
    where
        gap.unit_code = ''
        or place.level = 'organisation'
        or (place.level = 'area' and place.area_code = coalesce(unit_month.area_code, ''))
        or (place.level = 'unit' and place.unit_code = gap.unit_code)
),

gap_by_reason as (
    select
        span,
        month,
        level,
        area_code,
        unit_code,
        measure_id,
        reason,
        string_agg(distinct substr(cast(gap_month as varchar), 1, 7), ', ' order by substr(cast(gap_month as varchar), 1, 7))
            as gap_months
    from gap_of_place
    group by
        span,
        month,
        level,
        area_code,
        unit_code,
        measure_id,
        reason
)

select
    span,
    month,
    level,
    area_code,
    unit_code,
    measure_id,
    string_agg(reason || ': ' || gap_months, '; ' order by gap_months asc, reason asc) as reason
from gap_by_reason
group by
    span,
    month,
    level,
    area_code,
    unit_code,
    measure_id
