-- The months that are missing, gathered to what one sentence can say: "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)".
-- Grain: one row per extract, unit ('' = the whole file), year and whether the gap register knows of them; only where any is missing.
-- Key: extract, unit_code, year, has_gap
-- A unit's month is counted here only where its file is there for others; where all are missing, the file's row says it once.
with missing_by_level as (
    select
        missing.extract,
        missing.unit_code,
        missing.year,
        missing.month,
        missing.delivery_state = 'missing_with_gap' as has_gap,
        missing.case_number,
        missing.expected_day
    from quality.completeness as missing
    inner join quality.completeness as whole_file
        on
            missing.extract = whole_file.extract
            and missing.month = whole_file.month
            and whole_file.unit_code = ''
    where
        missing.delivery_state in ('missing', 'missing_with_gap')
        and (missing.unit_code = '' or whole_file.delivery_state = 'partly_missing')
),

owed_by_level as (
    select
        extract,
        unit_code,
        year,
        label,
        source,
        count(*) as expected_months
    from quality.completeness
    group by all
)

select
    missing.extract,
    missing.unit_code,
    missing.year,
    missing.has_gap,
    owed.label,
    owed.source,
    string_agg(strftime(missing.month, '%Y-%m'), ',' order by missing.month) as month_list,
    coalesce(max(missing.case_number), '') as case_number,
    max(missing.expected_day) as expected_day,
    owed.expected_months,
    count(*) as missing_months,
    count(*) filter (where missing.unit_code = '' and not missing.has_gap) as file_months_without_gap,
    count(*) filter (where missing.unit_code <> '' and not missing.has_gap) as unit_months_without_gap,
    count(*) filter (where missing.unit_code = '' and missing.has_gap) as file_months_with_gap,
    count(*) filter (where missing.unit_code <> '' and missing.has_gap) as unit_months_with_gap
from missing_by_level as missing
inner join owed_by_level as owed
    on
        missing.extract = owed.extract
        and missing.unit_code = owed.unit_code
        and missing.year = owed.year
group by
    missing.extract,
    missing.unit_code,
    missing.year,
    missing.has_gap,
    owed.label,
    owed.source,
    owed.expected_months
