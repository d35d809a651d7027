-- The budgets of the ledgers: whether the closed year's has one, and whether one budget may be added twice.
-- Grain: one row per ledger file read.
-- Key: delivery_id
-- `is_without_budget`: the closed year's ledger has no budget at all, and another one that is read has. `budgets_divided_twice` counts the
-- accounts and months of an ansvar that have no row for the ansvar alone, and rows by different further dimensions (by project and by
-- verksamhet): all are added, and two divisions of one budget would be the double. Where the file gives the total of account and month,
-- reconciliations.period_amount_total tells.
with budgeted as (
    select
        delivery_id,
        account,
        month,
        coalesce(ansvar, '') as ansvar,
        is_total,
        case when coalesce(projekt, '') <> '' then 'projekt ' else '' end
        || case when coalesce(verksamhet, '') <> '' then 'verksamhet ' else '' end
        || case when coalesce(other_objects, '') <> '' then 'annat' else '' end as division
    from staging.ledger_period_amount
    where period_record = 'PBUDGET' and year_no = 0
),

totals as (
    select distinct
        delivery_id,
        account,
        month
    from budgeted
    where is_total
),

divided as (
    select
        delivery_id,
        account,
        month,
        ansvar
    from budgeted
    where not is_total and ansvar <> ''
    group by delivery_id, account, month, ansvar
    having count(distinct division) > 1 and min(division) <> ''
),

divided_of_file as (
    select
        divided.delivery_id,
        count(*) as budgets_divided_twice
    from divided
    left join totals
        on
            divided.delivery_id = totals.delivery_id
            and divided.account = totals.account
            and divided.month = totals.month
    where totals.delivery_id is null
    group by divided.delivery_id
),

counted as (
    select
        delivery_id,
        count(*) as budget_rows
    from budgeted
    group by delivery_id
),

others as (
    select count(*) as ledgers_with_budget
    from counted
)

select
    applied.delivery_id,
    applied.extract,
    applied.file_name,
    applied.period as month,
    coalesce(counted.budget_rows, 0) as budget_rows,
    counted.budget_rows is null and applied.period = closing.period and others.ledgers_with_budget > 0 as is_without_budget,
    coalesce(divided_of_file.budgets_divided_twice, 0) as budgets_divided_twice
from build.closing_deliveries as applied
cross join build.closing as closing
cross join others
left join counted
    on applied.delivery_id = counted.delivery_id
left join divided_of_file
    on applied.delivery_id = divided_of_file.delivery_id
where applied.extract = 'ekonomi_sie'
