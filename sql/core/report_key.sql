-- What each cell of the report asks for: the edition's rows × columns as keys of marts.figure.
-- Grain: one row per cell.
-- Key: table_id, row_id, column_id
-- Targets, observations and assessments are asked of the row's item; so is every quantity of a row whose measure is typed (indicator,
-- goal). `source_measure_id` is the measure whose sources the figure stands on. What people type has no area, whatever the row's.
-- An area that no edition knows stays as written. `organisation_view` is what the table's rule of comparison asks for: restated (OMRAKNAD),
-- as_was (SOM_VAR); where it compares nothing (INGEN) what the ledger says is restated and the rest as it was.
with of_ledger as (
    select distinct measure_id
    from reference.measure_sources
    where extract = 'ekonomi_sie'
)

select
    edition.edition_id,
    edition_row.table_id,
    edition_row.row_id,
    edition_column.column_id,
    edition_row.measure_id,
    coalesce(edition_row.item_id, '') as item_id,
    case
        when edition_column.quantity in ('target', 'observation', 'assessment') or edition_row.measure_id in ('indicator', 'goal')
            then coalesce(edition_row.item_id, '')
        else edition_row.measure_id
    end as subject_id,
    case
        when edition_column.quantity in ('target', 'observation') then 'indicator'
        when edition_column.quantity = 'assessment' then 'goal'
        else edition_row.measure_id
    end as source_measure_id,
    coalesce(areas.area_code, edition_row.area, '') as area_code,
    case
        when edition_column.quantity in ('target', 'observation', 'assessment') or edition_row.measure_id in ('indicator', 'goal') then ''
        else coalesce(areas.area_code, edition_row.area, '')
    end as figure_area_code,
    edition_row.sex,
    edition_column.quantity,
    cast(edition_column.year_offset as integer) as year_offset,
    case
        when edition.comparative_rule = 'OMRAKNAD' then 'restated'
        when edition.comparative_rule = 'SOM_VAR' then 'as_was'
        when edition_row.measure_id in (select of_ledger.measure_id from of_ledger) then 'restated'
        else 'as_was'
    end as organisation_view
from staging.edition_row as edition_row
inner join staging.edition_table as edition
    on edition_row.table_id = edition.table_id
inner join staging.edition_column as edition_column
    on edition_row.table_id = edition_column.table_id
left join core.area as areas
    on edition_row.area = areas.area
