-- Each printed figure against the printed parts that an identity says it is made of: revenue less cost, expenditure less income.
-- Grain: one row per figure and identity.
-- Key: left_cell, right_cells
-- The identities are reference.figure_identities: an empty measure or quantity is the figure's own. Their scope says where the parts stand:
-- in the figure's column, in its row, or anywhere in the report in the same unit.
with parts as (
    select
        identities.identity_id,
        identities.tie_class,
        whole.cell_address,
        whole.unit,
        whole.figure_number,
        whole.half_unit,
        whole.quantity,
        part.cell_address as part_address,
        part.table_order,
        part.row_order,
        part.column_order,
        part.figure_number * identities.part_sign as part_number,
        part.half_unit as part_half_unit,
        identities.part_measure_id,
        identities.part_quantity
    from core.printed_figure as whole
    inner join reference.figure_identities as identities
        on
            whole.measure_id = coalesce(identities.measure_id, whole.measure_id)
            and whole.quantity = coalesce(identities.quantity, whole.quantity)
    inner join core.printed_figure as part
        on
            coalesce(identities.part_measure_id, whole.measure_id) = part.measure_id
            and coalesce(identities.part_quantity, whole.quantity) = part.quantity
            and whole.area_code = part.area_code
            and whole.sex = part.sex
            and whole.year_offset = part.year_offset
            and whole.unit = part.unit
            and whole.organisation_view = part.organisation_view
            and whole.minuend_quantity = part.minuend_quantity
            and whole.subtrahend_quantity = part.subtrahend_quantity
            and whole.cell_address <> part.cell_address
            and (identities.identity_scope = 'report' or whole.table_id = part.table_id)
            and (identities.identity_scope <> 'column' or whole.column_id = part.column_id)
            and (identities.identity_scope <> 'row' or whole.row_id = part.row_id)
    -- Of a part that stands in several places, the first printed.
    qualify
        row_number() over (
            partition by identities.identity_id, whole.cell_address, identities.part_measure_id, identities.part_quantity
            order by part.table_order, part.row_order, part.column_order
        ) = 1
),

wanted as (
    select
        identity_id,
        count(*) as part_count
    from reference.figure_identities
    group by identity_id
)

select
    parts.tie_class,
    parts.cell_address as left_cell,
    string_agg(parts.part_address, ', ' order by parts.table_order, parts.row_order, parts.column_order) as right_cells,
    parts.unit,
    cast(sum(parts.part_number) as decimal(28, 6)) as expected,
    cast(parts.figure_number as decimal(28, 6)) as actual,
    cast(
        (parts.half_unit + sum(parts.part_half_unit)) * case when parts.quantity = 'deviation' then 2 else 1 end
        as decimal(28, 10)
    ) as tolerance,
    cast(null as varchar) as restatement
from parts
inner join wanted
    on parts.identity_id = wanted.identity_id
group by
    parts.tie_class,
    parts.identity_id,
    parts.cell_address,
    parts.unit,
    parts.figure_number,
    parts.half_unit,
    parts.quantity,
    wanted.part_count
having count(*) = wanted.part_count
