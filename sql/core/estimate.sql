-- Every method's estimates together.
-- Grain: one row per year, measure, unit, kind and method.
-- Key: year_offset, measure_id, unit_code, volume_kind, method
-- A new method is a file of its own (core.estimate_<method>), a row in reference.methods and a line here.
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    factor_numerator,
    factor_denominator,
    estimated_volume
from core.estimate_months
union all
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    factor_numerator,
    factor_denominator,
    estimated_volume
from core.estimate_days
union all
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    factor_numerator,
    factor_denominator,
    estimated_volume
from core.estimate_budget_profile
union all
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    factor_numerator,
    factor_denominator,
    estimated_volume
from core.estimate_same_share_last_year
