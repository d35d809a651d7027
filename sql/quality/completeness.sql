-- Which months of which extract are at hand, and how: the source × unit × month matrix of the close.
-- Grain: one row per owed extract and month ('' as unit), and one per unit in force whose type owes the extract.
-- Key: extract, unit_code, month
-- Only what a close needs: January…period of both years (or the period alone), within the extract's life, where the register of
-- expected deliveries has a row in force. A file whose every expected unit is missing alike is itself missing; a file of headers
-- alone is complete where no unit owes it. A unit that typed a word for its measure lacks that month like one without rows. A refused
-- delivery with nothing before it is withheld, not missing.
with owed_months as (
    -- a file is owed where any row of the register expects it, or rows in it, on any day of the month
    select distinct
        needed.extract,
        month.month,
        month.month_end,
        month.year
    from reference.extracts as needed
    cross join build.month as month
    cross join build.closing as closing
    inner join staging.expected_delivery as expected
        on
            needed.extract = expected.extract
            and month.month_end >= expected.valid_from
            and coalesce(expected.valid_to, month.month_end) >= month.month
    where
        needed.content = 'month'
        and month.month >= needed.first_period
        and month.month <= coalesce(needed.last_period, month.month)
        and (
            (needed.needed = 'history' and month.is_to_date)
            or (needed.needed = 'period' and month.month = closing.period)
        )
),

owing_units as (
    -- by the register; and a unit whose own row came with a word for its measure, in a file that is owed as a whole
    select
        owed.extract,
        owed.month,
        owed.year,
        unit.unit_code,
        true as is_expected
    from owed_months as owed
    inner join core.owed_month as unit
        on
            owed.extract = unit.extract
            and owed.month = unit.month
    union all
    select
        owed.extract,
        owed.month,
        owed.year,
        at_hand.unit_code,
        false as is_expected
    from owed_months as owed
    inner join quality.delivered_month as at_hand
        on
            owed.extract = at_hand.extract
            and owed.month = at_hand.month
            and at_hand.unit_code <> ''
            and at_hand.unknown_rows > 0
    left join core.owed_month as unit
        on
            at_hand.extract = unit.extract
            and at_hand.month = unit.month
            and at_hand.unit_code = unit.unit_code
    where unit.unit_code is null
),

owed_keys as (
    -- a file is looked up in the gap register like a unit
    select
        extract,
        month,
        unit_code
    from owing_units
    union all
    select
        extract,
        month,
        '' as unit_code
    from owed_months
),

covering_gaps as (
    -- a gap row without a unit covers them all; a unit's own row says more and wins
    select
        owing.extract,
        owing.month,
        owing.unit_code,
        gap.case_number,
        gap.expected_day
    from owed_keys as owing
    inner join staging.gap as gap
        on
            owing.extract = gap.extract
            and coalesce(gap.unit_code, '') in ('', owing.unit_code)
            and owing.month >= gap.gap_from
            and coalesce(gap.gap_to, owing.month) >= owing.month
    qualify row_number() over (
        partition by owing.extract, owing.month, owing.unit_code
        order by coalesce(gap.unit_code, '') desc, gap.gap_from desc
    ) = 1
),

withheld_months as (
    select distinct
        extract,
        period as month
    from build.withheld_extract
),

unit_months as (
    select
        owing.extract,
        owing.unit_code,
        owing.month,
        owing.year,
        owing.is_expected,
        case
            when at_hand.delivered_rows > 0 and at_hand.unknown_rows = 0 and at_hand.preliminary_rows > 0 then 'preliminary'
            when at_hand.delivered_rows > 0 and at_hand.unknown_rows = 0 then 'delivered'
            when withheld.extract is not null then 'withheld'
            when gap.extract is not null then 'missing_with_gap'
            else 'missing'
        end as delivery_state,
        gap.case_number,
        gap.expected_day
    from owing_units as owing
    left join quality.delivered_month as at_hand
        on
            owing.extract = at_hand.extract
            and owing.month = at_hand.month
            and owing.unit_code = at_hand.unit_code
    left join withheld_months as withheld
        on
            owing.extract = withheld.extract
            and owing.month = withheld.month
    left join covering_gaps as gap
        on
            owing.extract = gap.extract
            and owing.month = gap.month
            and owing.unit_code = gap.unit_code
),

units_of_files as (
    -- how the expected units of one file stand together
    select
        extract,
        month,
        count(*) filter (where is_expected) as owing_units,
        count(*) filter (where is_expected and delivery_state = 'missing') as missing_units,
        count(*) filter (where is_expected and delivery_state = 'missing_with_gap') as gap_units,
        count(*) filter (where is_expected and delivery_state = 'withheld') as withheld_units,
        count(*) filter (where is_expected and delivery_state = 'preliminary') as preliminary_units,
        count(*) filter (where delivery_state in ('missing', 'missing_with_gap', 'withheld')) as absent_units,
        max(case_number) as case_number,
        max(expected_day) as expected_day
    from unit_months
    group by all
),

applied_months as (
    select distinct
        extract,
        period as month
    from build.closing_deliveries
),

file_months as (
    select
        owed.extract,
        '' as unit_code,
        owed.month,
        owed.year,
        case
            when units.owing_units > 0 and units.withheld_units = units.owing_units then 'withheld'
            when units.owing_units > 0 and units.missing_units = units.owing_units then 'missing'
            when units.owing_units > 0 and units.gap_units = units.owing_units then 'missing_with_gap'
            when units.absent_units > 0 then 'partly_missing'
            when units.preliminary_units > 0 then 'preliminary'
            when units.owing_units > 0 then 'delivered'
            when applied.extract is not null then 'delivered'
            when withheld.extract is not null then 'withheld'
            when gap.extract is not null then 'missing_with_gap'
            else 'missing'
        end as delivery_state,
        coalesce(gap.case_number, units.case_number) as case_number,
        coalesce(gap.expected_day, units.expected_day) as expected_day
    from owed_months as owed
    left join units_of_files as units
        on
            owed.extract = units.extract
            and owed.month = units.month
    left join applied_months as applied
        on
            owed.extract = applied.extract
            and owed.month = applied.month
    left join withheld_months as withheld
        on
            owed.extract = withheld.extract
            and owed.month = withheld.month
    left join covering_gaps as gap
        on
            owed.extract = gap.extract
            and owed.month = gap.month
            and gap.unit_code = ''
),

all_months as (
    select
        extract,
        unit_code,
        month,
        year,
        delivery_state,
        case_number,
        expected_day
    from file_months
    union all
    select
        extract,
        unit_code,
        month,
        year,
        delivery_state,
        case_number,
        expected_day
    from unit_months
)

select
    owed.extract,
    owed.unit_code,
    owed.month,
    owed.year,
    described.label,
    described.source,
    owed.delivery_state,
    case when owed.delivery_state = 'missing_with_gap' then owed.case_number end as case_number,
    case when owed.delivery_state = 'missing_with_gap' then owed.expected_day end as expected_day
from all_months as owed
inner join reference.extracts as described
    on owed.extract = described.extract
