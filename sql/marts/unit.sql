-- The units: what each code was called last by the close.
-- Grain: one row per unit that has begun by the period's last day.
-- Key: unit_code
-- `area_code` is the area that the unit had last; where its accounts are now is another matter (restated_unit_code in marts.result).
select
    registered.unit_code,
    registered.unit_name,
    registered.ansvar,
    registered.area_code,
    registered.activity_type
from core.unit_as_was as registered
cross join build.closing as closing
where registered.valid_from <= closing.period_end
qualify row_number() over (partition by registered.unit_code order by registered.valid_from desc) = 1
