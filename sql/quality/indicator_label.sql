-- The labels under which the report prints what people type: one label is one figure, whatever the table.
-- Grain: one row per label of a typed indicator.
-- Key: row_label
-- Labels are compared without regard to case. A row of an area bears the area's name, whatever it measures, and is no concern of this; nor
-- are two computed measures (a total is called a total in every table).
with labels as (
    select
        lower(trim(row_label)) as compared_label,
        row_label,
        table_id,
        measure_id,
        case measure_id when 'indicator' then coalesce(item_id, '') else measure_id end as subject_id
    from staging.edition_row
    where
        coalesce(area, '') = ''
        and measure_id <> 'goal'
)

select
    min(row_label) as row_label,
    string_agg(distinct subject_id, ', ' order by subject_id) as id_list,
    string_agg(distinct table_id, ', ' order by table_id) as table_list,
    count(distinct subject_id) > 1 as is_label_shared
from labels
group by compared_label
having bool_or(measure_id = 'indicator')
