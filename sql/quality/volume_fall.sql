-- Each unit's volume in a month against the mean of its last three months at hand and against the same month of the year before.
-- Grain: one row per measure, unit and month of the closed year with at least two months before it.
-- Key: measure_id, unit_code, month
-- A fall is told where it is one by both comparisons, by the first alone where there was nothing the year before. Shifts count as a
-- measure of their own. A month without rows is missing, and told elsewhere.
with volumes as (
    select
        measure_id,
        unit_code,
        month,
        volume
    from core.volume_month
    where volume is not null
    union all
    select
        'timecare_pass' as measure_id,
        unit_code,
        month,
        performed_hours as volume
    from core.shift_month
    where performed_hours is not null
),

with_trailing as (
    select
        volumes.measure_id,
        volumes.unit_code,
        volumes.month,
        month.month_number,
        month.year_offset,
        volumes.volume,
        sum(volumes.volume) over last_three as trailing_volume,
        count(*) over last_three as trailing_months
    from volumes
    inner join build.month as month
        on volumes.month = month.month
    window last_three as (
        partition by volumes.measure_id, volumes.unit_code
        order by volumes.month
        rows between 3 preceding and 1 preceding
    )
)

select
    now.measure_id,
    now.unit_code,
    now.month,
    coalesce(measure.label, described.label) as label,
    coalesce(described.source, of_measure.source) as source,
    cast(now.volume as decimal(28, 6)) as volume,
    cast(now.trailing_volume as decimal(28, 6)) as trailing_volume,
    now.trailing_months,
    cast(before.volume as decimal(28, 6)) as volume_year_before,
    now.volume * now.trailing_months * 100 < now.trailing_volume * (100 - fall.threshold_value)
    and (before.volume is null or now.volume * 100 < before.volume * (100 - fall_of_year.threshold_value)) as is_fall
from with_trailing as now
left join with_trailing as before
    on
        now.measure_id = before.measure_id
        and now.unit_code = before.unit_code
        and now.month_number = before.month_number
        and before.year_offset = -1
left join reference.measures as measure
    on now.measure_id = measure.measure_id
left join reference.extracts as of_measure
    on measure.volume_extract = of_measure.extract
left join reference.extracts as described
    on now.measure_id = described.extract
inner join core.threshold as fall
    on fall.threshold_id = 'volume_fall_trailing'
inner join core.threshold as fall_of_year
    on fall_of_year.threshold_id = 'volume_fall_year_before'
where
    now.year_offset = 0
    and now.trailing_months >= 2
