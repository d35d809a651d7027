-- January…period of each unit's volume, kind by kind: what is at hand, what is missing.
-- Grain: one row per year, measure, unit and kind.
-- Key: year_offset, measure_id, unit_code, volume_kind
-- `known_volume` and the counts stand on months in which the unit is in force; what was counted in other months is `outside_volume`,
-- which no estimate scales.
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    extract,
    cast(count(*) filter (where is_due) as integer) as months_due,
    cast(count(*) filter (where is_due and is_at_hand) as integer) as months_at_hand,
    cast(coalesce(sum(days) filter (where is_due), 0) as integer) as days_due,
    cast(coalesce(sum(days) filter (where is_due and is_at_hand), 0) as integer) as days_at_hand,
    cast(count(*) filter (where not is_at_hand) as integer) as months_missing,
    max(case when is_withheld then 1 else 0 end) = 1 as is_withheld,
    cast(coalesce(sum(volume) filter (where is_due and is_at_hand), 0) as decimal(28, 6)) as known_volume,
    cast(coalesce(sum(volume) filter (where not is_due and is_at_hand), 0) as decimal(28, 6)) as outside_volume,
    string_agg(strftime(month, '%Y-%m'), ',' order by month) filter (where is_at_hand) as months,
    string_agg(strftime(month, '%Y-%m'), ',' order by month) filter (where not is_at_hand) as months_not_at_hand,
    string_agg(strftime(month, '%Y-%m'), ',' order by month) filter (where is_preliminary and is_at_hand) as months_preliminary,
    string_agg(distinct reason, '; ' order by reason) as reason
from core.volume_kind_month
group by year_offset, measure_id, unit_code, volume_kind, extract
