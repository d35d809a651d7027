-- The unit in which the report prints each catalogued indicator, against the unit that the catalogue says.
-- Grain: one row per row of the edition whose item (failing that, measure) is catalogued.
-- Key: table_id, row_id
-- Per cent and percentage points are two units: a pattern or a typed word with a per cent sign makes the one of the other.
with per_cent_words as (
    select distinct indicator_id
    from core.indicator_observation
    where
        strpos(coalesce(words, ''), '%') > 0
        or strpos(coalesce(target_words, ''), '%') > 0
    union
    select distinct indicator_id
    from core.indicator_target
    where strpos(coalesce(target_words, ''), '%') > 0
)

select
    asked.table_id,
    asked.row_id,
    asked.row_label,
    catalogued.indicator_id,
    asked.print_unit,
    catalogued.print_unit as catalogued_unit,
    asked.print_unit <> catalogued.print_unit as is_other_unit,
    catalogued.print_unit = 'procentenheter'
    and (
        strpos(coalesce(asked.print_pattern, ''), '%') > 0
        or strpos(coalesce(asked.target_pattern, ''), '%') > 0
        or written.indicator_id is not null
    ) as is_percent_for_points,
    catalogued.print_unit = '%'
    and (
        strpos(lower(coalesce(asked.print_pattern, '')), 'procentenh') > 0
        or strpos(lower(coalesce(asked.target_pattern, '')), 'procentenh') > 0
    ) as is_points_for_percent
from staging.edition_row as asked
inner join core.indicator_definition as catalogued
    on coalesce(nullif(asked.item_id, ''), asked.measure_id) = catalogued.indicator_id
left join per_cent_words as written
    on catalogued.indicator_id = written.indicator_id
