-- Which source is in for which month, as people are told it: the matrix of completeness with ledgers, registers, reasons and due days.
-- Grain: one row per owed extract and month ('' as unit), and one per unit in force whose type owes the extract.
-- Key: extract, unit_code, month
-- `delivery_state` is complete, preliminary, estimated, partly_missing, missing or withheld. A ledger holds every month of its year
-- up to its own; a register has no months and stands at the closed one, where an earlier period's may serve.
with estimated_years as (
    -- the extracts and years in which an estimate stands in for a gap
    select distinct
        windows.extract,
        windows.year_offset
    from core.volume_window as windows
    inner join core.estimate as estimates
        on
            windows.year_offset = estimates.year_offset
            and windows.measure_id = estimates.measure_id
            and windows.unit_code = estimates.unit_code
    where windows.months_missing > 0
),

gap_reasons as (
    -- a unit's own gap row says more than its file's, and a file's more than some unit's
    select
        owed.extract,
        owed.unit_code,
        owed.month,
        gap.gap_reason
    from quality.completeness as owed
    inner join staging.gap as gap
        on
            owed.extract = gap.extract
            and (coalesce(gap.unit_code, '') in ('', owed.unit_code) or owed.unit_code = '')
            and owed.month >= gap.gap_from
            and coalesce(gap.gap_to, owed.month) >= owed.month
    where owed.delivery_state in ('missing_with_gap', 'partly_missing')
    qualify row_number() over (
        partition by owed.extract, owed.unit_code, owed.month
        order by coalesce(gap.unit_code, '') = owed.unit_code desc, coalesce(gap.unit_code, '') desc, gap.gap_from desc
    ) = 1
),

due_days as (
    -- the working day of the month after by which the register expects the file, or the first of its units
    select
        month.month,
        expected.extract,
        min(expected.working_day) as working_day
    from staging.expected_delivery as expected
    inner join build.month as month
        on
            expected.valid_from <= month.month_end
            and coalesce(expected.valid_to, month.month_end) >= month.month
    group by all
),

owed_month_states as (
    select
        owed.extract,
        owed.unit_code,
        owed.month,
        case
            when owed.delivery_state = 'delivered' then 'complete'
            when owed.delivery_state = 'missing_with_gap' and estimated.extract is not null then 'estimated'
            when owed.delivery_state = 'missing_with_gap' then 'missing'
            else owed.delivery_state
        end as delivery_state,
        reasons.gap_reason,
        owed.case_number,
        owed.expected_day
    from quality.completeness as owed
    cross join build.closing as closing
    left join estimated_years as estimated
        on
            owed.extract = estimated.extract
            and owed.year - extract(year from closing.period) = estimated.year_offset
    left join gap_reasons as reasons
        on
            owed.extract = reasons.extract
            and owed.unit_code = reasons.unit_code
            and owed.month = reasons.month
),

ledger_months as (
    select
        needed.extract,
        month.month,
        coalesce(bool_or(applied.period >= month.month), false) as is_at_hand,
        count(withheld.extract) > 0 as is_withheld
    from build.month as month
    inner join reference.extracts as needed
        on
            needed.needed = 'ledger'
            and month.month >= needed.first_period
    left join build.closing_deliveries as applied
        on
            needed.extract = applied.extract
            and month.year = extract(year from applied.period)
    left join build.withheld_extract as withheld
        on
            needed.extract = withheld.extract
            and month.year = extract(year from withheld.period)
    where month.is_to_date
    group by all
),

registers as (
    select
        needed.extract,
        closing.period as month,
        count(applied.extract) > 0 as is_at_hand,
        count(withheld.extract) > 0 as is_withheld
    from reference.extracts as needed
    cross join build.closing as closing
    left join build.closing_deliveries as applied
        on needed.extract = applied.extract
    left join build.withheld_extract as withheld
        on needed.extract = withheld.extract
    where needed.needed = 'register'
    group by all
),

whole_files as (
    select
        extract,
        month,
        is_at_hand,
        is_withheld
    from ledger_months
    union all
    select
        extract,
        month,
        is_at_hand,
        is_withheld
    from registers
),

all_states as (
    select
        extract,
        unit_code,
        month,
        delivery_state,
        gap_reason,
        case_number,
        expected_day
    from owed_month_states
    union all
    select
        extract,
        '' as unit_code,
        month,
        case when is_at_hand then 'complete' when is_withheld then 'withheld' else 'missing' end as delivery_state,
        null as gap_reason,
        null as case_number,
        null as expected_day
    from whole_files
)

select
    states.extract,
    states.unit_code,
    states.month,
    described.label,
    described.source,
    states.delivery_state,
    states.gap_reason,
    states.case_number,
    states.expected_day,
    due.working_day
from all_states as states
inner join reference.extracts as described
    on states.extract = described.extract
left join due_days as due
    on
        states.extract = due.extract
        and states.month = due.month
