-- Whether the organisation's amounts are known where, and only where, those of all its areas are.
-- Grain: one row per measure in SEK, quantity, year and view of the organisation that has areas.
-- Key: subject_id, quantity, year_offset, organisation_view
-- A sum with an unknown part in it is too low without showing it; that the known ones add up is reconciliations.area_total.
with parts as (
    select
        subject_id,
        quantity,
        year_offset,
        organisation_view,
        count(*) - count(figure_value) as unknown_areas
    from marts.figure
    where
        area_code <> ''
        and sex = 'T'
        and figure_unit = 'sek'
    group by
        subject_id,
        quantity,
        year_offset,
        organisation_view
)

select
    parts.subject_id,
    parts.quantity,
    parts.year_offset,
    parts.organisation_view,
    parts.unknown_areas,
    total.subject_id is not null and (total.figure_value is null) = (parts.unknown_areas > 0) as is_known_alike
from parts
left join marts.figure as total
    on
        parts.subject_id = total.subject_id
        and parts.quantity = total.quantity
        and parts.year_offset = total.year_offset
        and parts.organisation_view = total.organisation_view
        and total.area_code = ''
        and total.sex = 'T'
