-- The method of forecast that the catalogue names for each measure, and for an area where it names one.
-- Grain: one row per measure and area ('' every area and the organisation).
-- Key: measure_id, area_code
-- In force on the period's last day; where two rows are, the one that began last counts.
select
    chosen.measure_id,
    coalesce(chosen.area_code, '') as area_code,
    chosen.method
from reference.measure_method as chosen
inner join reference.methods as methods
    on
        chosen.method = methods.method
        and methods.method_kind = 'forecast'
inner join build.closing as closing
    on
        chosen.valid_from <= closing.period_end
        and (chosen.valid_to is null or chosen.valid_to >= closing.period_end)
qualify row_number() over (partition by chosen.measure_id, coalesce(chosen.area_code, '') order by chosen.valid_from desc) = 1
