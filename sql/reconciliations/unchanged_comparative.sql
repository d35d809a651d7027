-- The comparatives that are said to stand in one and the same organisation, in both views: they must be one figure.
-- Grain: one row per comparative tagged same that is there in both views.
-- Key: subject_id, area_code, sex, quantity, year_offset
-- Expected the restated, actual the one as it was. A difference is an organisation that changed without anybody being told; what shares and
-- estimates leave over at the sixth decimal is none.
select
    restated.subject_id,
    restated.area_code,
    restated.sex,
    restated.quantity,
    restated.year_offset,
    restated.figure_value as expected,
    as_was.figure_value as actual,
    cast(cast(as_was.figure_value - restated.figure_value as decimal(28, 3)) as decimal(28, 6)) as difference
from marts.figure as restated
inner join marts.figure as as_was
    on
        restated.subject_id = as_was.subject_id
        and restated.area_code = as_was.area_code
        and restated.sex = as_was.sex
        and restated.quantity = as_was.quantity
        and restated.year_offset = as_was.year_offset
        and as_was.organisation_view = 'as_was'
where
    restated.organisation_view = 'restated'
    and 'same' in (restated.organisation_tag, as_was.organisation_tag)
    and restated.figure_value is not null
    and as_was.figure_value is not null
