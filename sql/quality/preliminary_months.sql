-- The months in which units have sent preliminary rows: they are in the sums, marked, until the definitive ones come.
-- Grain: one row per extract and year with any preliminary month.
-- Key: extract, year
with preliminary_rows as (
    select
        at_hand.extract,
        month.year,
        at_hand.month,
        at_hand.unit_code
    from quality.delivered_month as at_hand
    inner join build.month as month
        on at_hand.month = month.month
    where
        month.is_to_date
        and at_hand.preliminary_rows > 0
),

preliminary_by_month as (
    select
        extract,
        year,
        month,
        count(*) as units
    from preliminary_rows
    group by all
)

select
    preliminary.extract,
    preliminary.year,
    described.label,
    described.source,
    string_agg(strftime(preliminary.month, '%Y-%m'), ',' order by preliminary.month) as month_list,
    count(*) as preliminary_months,
    max(preliminary.units) as most_units
from preliminary_by_month as preliminary
inner join reference.extracts as described
    on preliminary.extract = described.extract
group by
    preliminary.extract,
    preliminary.year,
    described.label,
    described.source
