-- The sum of the areas' figures against the organisation's, for every amount that is given by area.
-- Grain: one row per subject, quantity, year and view of the organisation.
-- Key: subject_id, quantity, year_offset, organisation_view
-- Expected the organisation's own figure, actual the areas' and that of no area. Only money and only where every part has a number.
with parts as (
    select
        subject_id,
        quantity,
        year_offset,
        organisation_view,
        sum(case when area_code = '' then figure_value end) as expected,
        sum(case when area_code <> '' then figure_value end) as actual
    from marts.figure
    where figure_unit = 'sek'
    group by subject_id, quantity, year_offset, organisation_view
    having
        count(*) = count(figure_value)
        and count(*) filter (where area_code = '') = 1
        and count(*) filter (where area_code <> '') > 0
)

select
    subject_id,
    quantity,
    year_offset,
    organisation_view,
    cast(expected as decimal(28, 6)) as expected,
    cast(actual as decimal(28, 6)) as actual,
    cast(actual - expected as decimal(28, 6)) as difference
from parts
