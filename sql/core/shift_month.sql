-- The hours performed by shift, summed by unit and month.
-- Grain: one row per unit and month.
-- Key: unit_code, month
-- Unknown where a shift lacks its hours: the unit's month is then missing, not less.
select
    unit_code,
    month,
    case when count(*) = count(performed_hours) then cast(sum(performed_hours) as decimal(18, 6)) end as performed_hours
from staging.shift
group by unit_code, month
