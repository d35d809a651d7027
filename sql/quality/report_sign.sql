-- The signs of a table's rows: one measure is printed with one sign, and its deviations are turned one way.
-- Grain: one row per table and measure.
-- Key: table_id, measure_id, item_id
-- A cost that stands positive in one row and negative in the next is read as income. Which sign is the edition's to choose; once a table.
select
    table_id,
    measure_id,
    coalesce(item_id, '') as item_id,
    string_agg(distinct row_label, ', ' order by row_label) as row_labels,
    count(distinct row_sign) = 1 as is_sign_the_same,
    count(distinct case when quantity = 'deviation' then deviation_sign end) <= 1 as is_deviation_sign_the_same
from build.printed_cell
where measure_id is not null
group by table_id, measure_id, coalesce(item_id, '')
