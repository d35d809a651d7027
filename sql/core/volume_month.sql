-- Each measure of a monthly extract, by unit and month, its kinds together: counted whole, or missing with the reason.
-- Grain: one row per measure, unit and month of January…period, of the closed year and the year before.
-- Key: measure_id, unit_code, month
-- At hand only where every kind is: a sum that lacks one of its numbers is no volume to compare with another month's. What is known of
-- each kind stands in core.volume_kind_month, from which estimates are made.
select
    measure_id,
    unit_code,
    month,
    extract,
    year_offset,
    days,
    area_code,
    is_due,
    bool_and(is_at_hand) as is_at_hand,
    bool_or(is_preliminary) as is_preliminary,
    bool_or(is_withheld) as is_withheld,
    cast(case when bool_and(is_at_hand) then sum(volume) end as decimal(28, 6)) as volume,
    string_agg(distinct reason, '; ' order by reason) as reason
from core.volume_kind_month
group by
    measure_id,
    unit_code,
    month,
    extract,
    year_offset,
    days,
    area_code,
    is_due
