-- The tables of the report that compare, and whether their comparatives are of one organisation.
-- Grain: one row per table with a comparative that the changed organisation touches.
-- Key: table_id
-- A restated result beside a headcount as it was is no comparison: each is footnoted, and somebody should know that they stand together.
with comparatives as (
    select
        table_id,
        count(*) filter (where organisation_tag in ('restated', 'restated_share')) as restated_cells,
        count(*) filter (where organisation_tag = 'not_restated') as not_restated_cells,
        string_agg(distinct row_label, ', ' order by row_label) filter (where organisation_tag = 'not_restated') as not_restated_rows
    from marts.report_cell
    where
        organisation_tag in ('restated', 'restated_share', 'not_restated')
        and coalesce(figure_value, numerator) is not null
    group by table_id
)

select
    table_id,
    restated_cells,
    not_restated_cells,
    coalesce(not_restated_rows, '') as not_restated_rows,
    restated_cells > 0 and not_restated_cells > 0 as is_mixed_comparison
from comparatives
