-- How many units have exactly the volume of the same month of the year before: when most have, last year's file came again.
-- Grain: one row per measure and month of the closed year that both years have at hand.
-- Key: measure_id, month
-- A zero that stays zero is no copy.
with compared as (
    select
        now.measure_id,
        now.month,
        now.unit_code,
        now.volume = before.volume as is_unchanged
    from core.volume_month as now
    inner join build.month as month
        on now.month = month.month
    inner join build.month as month_before
        on
            month.month_number = month_before.month_number
            and month_before.year_offset = -1
    inner join core.volume_month as before
        on
            now.measure_id = before.measure_id
            and now.unit_code = before.unit_code
            and month_before.month = before.month
    where
        now.year_offset = 0
        and now.volume <> 0
        and before.volume is not null
)

select
    compared.measure_id,
    compared.month,
    measure.label,
    described.source,
    count(*) as compared_units,
    count(*) filter (where compared.is_unchanged) as unchanged_units,
    count(*) filter (where compared.is_unchanged) * 100 > count(*) * most.threshold_value as is_last_years
from compared
inner join reference.measures as measure
    on compared.measure_id = measure.measure_id
inner join reference.extracts as described
    on measure.volume_extract = described.extract
inner join core.threshold as most
    on most.threshold_id = 'unchanged_share'
group by
    compared.measure_id,
    compared.month,
    measure.label,
    described.source,
    most.threshold_value
