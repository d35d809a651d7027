-- The limits of the gate's rules that are in force at the period's end.
-- Grain: one row per limit.
-- Key: threshold_id
-- Where a decision has changed one, the row that began last counts.
select
    dated.threshold_id,
    dated.threshold_unit,
    dated.threshold_value
from reference.thresholds as dated
cross join build.closing as closing
where
    dated.valid_from <= closing.period_end
    and coalesce(dated.valid_to, closing.period_end) >= closing.period_end
qualify row_number() over (partition by dated.threshold_id order by dated.valid_from desc) = 1
