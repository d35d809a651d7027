-- The budgets of volumes as figures, where somebody has given any.
-- Grain: one row per measure and quantity.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- In the measure's own unit. A flow's budget is summed over units and months; a stock's is that of the period's month, and of December
-- for the year. A budget that was typed as missing makes its sum missing.
with budgeted as (
    select
        input.measure_id,
        measures.figure_unit,
        input.budget_value,
        case when measures.measure_kind = 'stock' then input.budget_month = closing.period else months.is_to_date end as is_to_date,
        measures.measure_kind = 'flow' or months.month_number = 12 as is_of_year
    from staging.measure_budget as input
    inner join build.closing as closing
        on input.month = closing.period
    inner join build.month as months
        on
            input.budget_month = months.month
            and months.year_offset = 0
    inner join reference.measures as measures
        on
            input.measure_id = measures.measure_id
            and measures.measure_kind in ('flow', 'stock')
            and measures.figure_unit <> 'sek'
),

summed as (
    select
        measure_id,
        figure_unit,
        'budget_to_date' as quantity,
        case when count(*) = count(budget_value) then sum(budget_value) end as figure_value
    from budgeted
    where is_to_date
    group by measure_id, figure_unit
    union all
    select
        measure_id,
        figure_unit,
        'budget_full_year' as quantity,
        case when count(*) = count(budget_value) then sum(budget_value) end as figure_value
    from budgeted
    where is_of_year
    group by measure_id, figure_unit
)

select
    measure_id as subject_id,
    '' as area_code,
    'T' as sex,
    quantity,
    0 as year_offset,
    '' as organisation_view,
    measure_id,
    cast(figure_value as decimal(28, 6)) as figure_value,
    cast(null as decimal(28, 6)) as numerator,
    cast(null as decimal(28, 6)) as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    figure_unit,
    case when figure_value is null then 'missing' else 'budget' end as value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    case when figure_value is null then 'budgeten är inte angiven för alla månader' end as reason,
    '' as organisation_tag
from summed
