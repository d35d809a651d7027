-- What each row of the edition asks for, against the catalogues: its measure, its area, its item and the unit it is printed in.
-- Grain: one row per row of the edition.
-- Key: table_id, row_id
-- A cell that asks for what nobody makes would print empty, as if there were nothing to say.
with convertible_units as (
    select distinct
        measure.measure_id,
        unit.print_unit
    from reference.measures as measure
    inner join reference.units as unit
        on measure.figure_unit = unit.figure_unit
)

select
    asked.table_id,
    asked.row_id,
    asked.row_label,
    asked.measure_id,
    coalesce(asked.area, '') as area,
    asked.print_unit,
    measure.measure_id is not null as is_known_measure,
    coalesce(asked.area, '') in ('', '-') or area.area_code is not null as is_known_area,
    asked.measure_id not in ('indicator', 'goal') or coalesce(asked.item_id, '') <> '' as has_item,
    measure.measure_id is null
    or measure.figure_unit = 'printed'
    or convertible.print_unit is not null as is_convertible
from staging.edition_row as asked
left join reference.measures as measure
    on asked.measure_id = measure.measure_id
left join core.area as area
    on asked.area = area.area
left join convertible_units as convertible
    on
        asked.measure_id = convertible.measure_id
        and asked.print_unit = convertible.print_unit
