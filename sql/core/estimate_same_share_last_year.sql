-- The method same_share_last_year: what the missing months of a unit's kind are estimated at, by last year's months.
-- Grain: one row per year, measure, unit and kind with missing months, at least one at hand and a whole profile.
-- Key: year_offset, measure_id, unit_code, volume_kind
-- Months at hand × last year's months due ÷ last year's same months. A unit that was not there last year has no estimate by this method.
-- The factors are volumes, not numbers of months: they stand in core.volume_profile, and units' estimates are added as they are.
-- Computed always; reference.measure_method says which method a measure uses.
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    cast(null as integer) as factor_numerator,
    cast(null as integer) as factor_denominator,
    estimated_volume
from core.volume_profile
where method = 'same_share_last_year'
