-- The same figure in this report and in an earlier one: the same measure, area, sex, quantity and calendar window.
-- Grain: one row per cell that an earlier report printed.
-- Key: left_cell, right_cells
-- Of several earlier reports the newest, of several cells in it the finest. A window is what it is about, whatever the column's head says:
-- last year's column is the year before's outcome, and a year's accounts are December's. Forecasts are made anew in each report, and a
-- deviation follows from its cells: neither is compared. `restatement` is why the two may differ: an estimate replaced, preliminary figures
-- replaced, another organisation, or deliveries that have come since. What people type (targets, observations) has no such reason.
with earlier as (
    select
        cells.period,
        cells.version,
        strftime(cells.period, '%Y-%m') || ' ' || cells.table_id || ':' || cells.row_id || ':' || cells.column_id as cell_address,
        case
            when cells.quantity in ('target', 'observation') or measures.measure_kind = 'typed' then coalesce(cells.item_id, '')
            else cells.measure_id
        end as subject_id,
        cells.area_code,
        cells.sex,
        case when cells.quantity = 'annual_accounts' then 'actual' else cells.quantity end as quantity,
        cast(extract(year from cells.period) as integer) + cells.year_offset as figure_year,
        case
            when cells.quantity in ('actual', 'budget_to_date', 'expenditure_actual', 'income_actual')
                then cast(extract(month from cells.period) as integer)
            else 12
        end as figure_month,
        coalesce(cells.organisation_view, '') as organisation_view,
        cells.value_status,
        cells.unit,
        cast(cells.printed_number * cells.row_sign as decimal(28, 10)) as figure_number,
        cells.half_unit
    from build.earlier_cell as cells
    left join reference.measures as measures
        on cells.measure_id = measures.measure_id
    where
        cells.printed_number is not null
        and cells.quantity in (
            'actual', 'annual_accounts', 'budget_to_date', 'budget_full_year', 'frame', 'target', 'observation', 'expenditure_actual',
            'income_actual'
        )
),

-- A measure's sources, of which a later file has come for a month that the figure is about.
newer_delivery as (
    select distinct
        earlier.period,
        sources.measure_id,
        earlier.delivered_month
    from build.earlier_delivery as earlier
    inner join reference.measure_sources as sources
        on earlier.extract = sources.extract
    left join build.closing_deliveries as applied
        on
            earlier.extract = applied.extract
            and earlier.delivered_month = applied.period
            and earlier.sha256 = applied.sha256
    where applied.delivery_id is null
),

compared as (
    select
        printed.cell_address,
        earlier.cell_address as earlier_address,
        earlier.period as earlier_period,
        printed.unit,
        printed.subject_id,
        printed.quantity,
        printed.figure_year,
        printed.figure_month,
        printed.value_status,
        printed.organisation_tag,
        printed.organisation_view,
        earlier.organisation_view as earlier_view,
        earlier.value_status as earlier_status,
        earlier.figure_number as expected,
        printed.figure_number as actual,
        printed.half_unit + earlier.half_unit as tolerance
    from core.printed_figure as printed
    inner join earlier
        on
            printed.subject_id = earlier.subject_id
            and printed.area_code = earlier.area_code
            and printed.sex = earlier.sex
            and case when printed.quantity = 'annual_accounts' then 'actual' else printed.quantity end = earlier.quantity
            and printed.figure_year = earlier.figure_year
            and printed.figure_month = earlier.figure_month
            and printed.unit = earlier.unit
    where printed.subject_id <> ''
    qualify
        row_number() over (
            partition by printed.cell_address
            order by earlier.period desc, earlier.half_unit asc, earlier.cell_address asc
        ) = 1
),

-- Once a cell, however many months have come anew.
redelivered as (
    select distinct compared.cell_address
    from compared
    inner join newer_delivery
        on
            compared.subject_id = newer_delivery.measure_id
            and compared.earlier_period = newer_delivery.period
            and compared.figure_year = cast(extract(year from newer_delivery.delivered_month) as integer)
)

select
    'report' as tie_class,
    compared.cell_address as left_cell,
    compared.earlier_address as right_cells,
    compared.unit,
    cast(compared.expected as decimal(28, 6)) as expected,
    cast(compared.actual as decimal(28, 6)) as actual,
    cast(compared.tolerance as decimal(28, 10)) as tolerance,
    case
        when compared.quantity in ('target', 'observation') then null
        when compared.earlier_status = 'estimated' and compared.value_status <> 'estimated' then 'uppskattningen är ersatt'
        when compared.earlier_status = 'preliminary' and compared.value_status <> 'preliminary' then 'preliminära uppgifter är ersatta'
        when compared.organisation_tag in ('restated', 'restated_share') then 'omräknad till periodens organisation'
        when compared.organisation_tag = 'not_restated' then 'organisationen är en annan'
        when redelivered.cell_address is not null then 'källan har lämnats på nytt'
    end as restatement
from compared
left join redelivered
    on compared.cell_address = redelivered.cell_address
