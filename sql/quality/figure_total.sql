-- The figures of the organisation against the sum of its areas and of what belongs to no area.
-- Grain: one row per measure in SEK, quantity and year that has areas.
-- Key: subject_id, quantity, year_offset
-- Amounts only: they add up to the öre. A total is unknown where, and only where, a part is.
with parts as (
    select
        subject_id,
        quantity,
        year_offset,
        sum(figure_value) as expected,
        count(*) - count(figure_value) as unknown_areas
    from marts.figure
    where
        area_code <> ''
        and sex = 'T'
        and figure_unit = 'sek'
    group by
        subject_id,
        quantity,
        year_offset
)

select
    parts.subject_id,
    parts.quantity,
    parts.year_offset,
    coalesce(parts.expected, 0) as expected,
    coalesce(total.figure_value, 0) as actual,
    case
        when parts.unknown_areas = 0 and total.figure_value is not null then total.figure_value - parts.expected
        else 0
    end as difference,
    parts.unknown_areas,
    total.subject_id is not null and (total.figure_value is null) = (parts.unknown_areas > 0) as is_known_alike
from parts
left join marts.figure as total
    on
        parts.subject_id = total.subject_id
        and parts.quantity = total.quantity
        and parts.year_offset = total.year_offset
        and total.area_code = ''
        and total.sex = 'T'
