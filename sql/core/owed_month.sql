-- The months of January…period, of the closed year and the year before, for which a unit owes rows in an extract.
-- Grain: one row per extract, unit and month.
-- Key: extract, unit_code, month
-- A unit owes where it is in force on any day of the month, its type is expected in the extract then, and the extract existed.
select distinct
    expected.extract,
    registered.unit_code,
    months.month
from staging.expected_delivery as expected
inner join core.unit_as_was as registered
    on expected.activity_type = registered.activity_type
inner join build.month as months
    on
        months.is_to_date
        and registered.valid_from <= months.month_end
        and (registered.valid_to is null or registered.valid_to >= months.month)
        and expected.valid_from <= months.month_end
        and (expected.valid_to is null or expected.valid_to >= months.month)
inner join reference.extracts as declared
    on
        expected.extract = declared.extract
        and months.month >= declared.first_period
        and (declared.last_period is null or months.month <= declared.last_period)
