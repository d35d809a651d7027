-- Units that send rows in an extract where rows are expected by unit, and whether theirs are.
-- Grain: one row per extract and unit in force at the period's end.
-- Key: extract, unit_code
-- A unit whose type nobody expects can fall silent without its month being missing.
with senders as (
    select
        at_hand.extract,
        at_hand.unit_code,
        count(*) as delivered_months
    from quality.delivered_month as at_hand
    inner join build.month as month
        on at_hand.month = month.month
    where
        at_hand.unit_code <> ''
        and month.is_to_date
    group by at_hand.extract, at_hand.unit_code
),

expected_types as (
    select distinct
        expected.extract,
        expected.activity_type
    from staging.expected_delivery as expected
    cross join build.closing as closing
    where
        coalesce(expected.activity_type, '') <> ''
        and expected.valid_from <= closing.period_end
        and coalesce(expected.valid_to, closing.period_end) >= closing.period_end
),

extracts_by_unit as (
    select distinct extract
    from expected_types
)

select
    senders.extract,
    senders.unit_code,
    described.label,
    described.source,
    unit.activity_type,
    senders.delivered_months,
    of_type.extract is not null as is_expected
from senders
inner join extracts_by_unit as by_unit
    on senders.extract = by_unit.extract
inner join reference.extracts as described
    on senders.extract = described.extract
cross join build.closing as closing
inner join core.unit_month as unit
    on
        senders.unit_code = unit.unit_code
        and closing.period = unit.month
left join expected_types as of_type
    on
        senders.extract = of_type.extract
        and unit.activity_type = of_type.activity_type
