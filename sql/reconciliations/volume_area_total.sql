-- The sum of the areas' volumes against the organisation's, in each view of the organisation.
-- Grain: one row per measure, year and view of the organisation.
-- Key: measure_id, year_offset, organisation_view
-- Expected the organisation's own figure, actual the areas' and that of no area. What estimates and shares leave over at the sixth decimal
-- is no difference. Only where every part has a number.
with parts as (
    select
        measure_id,
        year_offset,
        organisation_view,
        sum(case when area_code = '' then figure_value end) as expected,
        sum(case when area_code <> '' then figure_value end) as actual
    from core.figure_volume
    group by measure_id, year_offset, organisation_view
    having
        count(*) = count(figure_value)
        and count(*) filter (where area_code <> '') > 0
)

select
    measure_id,
    year_offset,
    organisation_view,
    cast(expected as decimal(28, 6)) as expected,
    cast(actual as decimal(28, 6)) as actual,
    cast(cast(actual - expected as decimal(28, 3)) as decimal(28, 6)) as difference
from parts
