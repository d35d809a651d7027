-- Each row of the gap register against what has since come, and against what the registers know.
-- Grain: one row per gap row.
-- Key: extract, unit_code, gap_from
-- Data win over a gap row: the estimate is no longer used for the months listed, and the row can be closed. A closed row whose months
-- lie before the close is history, and is not looked at.
with arrived_months as (
    select
        gap.extract,
        coalesce(gap.unit_code, '') as unit_code,
        gap.gap_from,
        string_agg(strftime(at_hand.month, '%Y-%m'), ',' order by at_hand.month) as month_list,
        count(*) as arrived_months
    from staging.gap as gap
    inner join quality.completeness as at_hand
        on
            gap.extract = at_hand.extract
            and coalesce(gap.unit_code, '') = at_hand.unit_code
            and gap.gap_from <= at_hand.month
            and coalesce(gap.gap_to, at_hand.month) >= at_hand.month
    where at_hand.delivery_state in ('delivered', 'preliminary')
    group by
        gap.extract,
        coalesce(gap.unit_code, ''),
        gap.gap_from
),

missing_gaps as (
    -- the rows that a month of today's close still needs
    select distinct
        gap.extract,
        coalesce(gap.unit_code, '') as unit_code,
        gap.gap_from
    from staging.gap as gap
    inner join quality.completeness as missing
        on
            gap.extract = missing.extract
            and coalesce(gap.unit_code, '') in ('', missing.unit_code)
            and gap.gap_from <= missing.month
            and coalesce(gap.gap_to, missing.month) >= missing.month
    where missing.delivery_state = 'missing_with_gap'
),

known_units as (
    select distinct unit_code from staging.unit
)

select
    gap.extract,
    coalesce(gap.unit_code, '') as unit_code,
    gap.gap_from,
    coalesce(described.label, gap.extract) as label,
    coalesce(described.source, '') as source,
    gap.expected_day,
    coalesce(arrived.month_list, '') as month_list,
    coalesce(arrived.arrived_months, 0) as arrived_months,
    described.extract is not null as is_known_extract,
    coalesce(gap.unit_code, '') = '' or known_units.unit_code is not null as is_known_unit,
    gap.expected_day is not null
    and gap.expected_day < closing.as_of
    and coalesce(gap.gap_to, closing.period) >= closing.previous_year_start
    and still_missing.extract is not null as is_promise_passed
from staging.gap as gap
cross join build.closing as closing
left join reference.extracts as described
    on gap.extract = described.extract
left join known_units
    on gap.unit_code = known_units.unit_code
left join arrived_months as arrived
    on
        gap.extract = arrived.extract
        and coalesce(gap.unit_code, '') = arrived.unit_code
        and gap.gap_from = arrived.gap_from
left join missing_gaps as still_missing
    on
        gap.extract = still_missing.extract
        and coalesce(gap.unit_code, '') = still_missing.unit_code
        and gap.gap_from = still_missing.gap_from
