-- What the care systems and the kitchens counted in January…period, of the closed year and the year before.
-- Grain: one row per measure, unit, month and kind.
-- Key: measure_id, unit_code, month, volume_kind
-- An unknown `volume` is a number that the source left out: the unit's month is then missing, not 0.
select
    counted.measure_id,
    counted.unit_code,
    counted.month,
    counted.volume_kind,
    counted.delivery_id,
    counted.line,
    counted.extract,
    months.year_offset,
    counted.delivery_status,
    counted.volume
from core.volume_delivered as counted
inner join build.month as months
    on
        counted.month = months.month
        and months.is_to_date
