-- The units in force on any day of a month, with what they were on their last day in it.
-- Grain: one row per unit and month of the closed year and the year before.
-- Key: unit_code, month
select
    registered.unit_code,
    months.month,
    registered.delivery_id,
    registered.line,
    months.year_offset,
    months.month_end,
    months.days,
    months.is_to_date,
    registered.ansvar,
    registered.area_code,
    registered.activity_type,
    registered.district
from core.unit_as_was as registered
inner join build.month as months
    on
        registered.valid_from <= months.month_end
        and (registered.valid_to is null or registered.valid_to >= months.month)
qualify row_number() over (partition by registered.unit_code, months.month order by registered.valid_from desc) = 1
