-- The investment figures that a report may ask for.
-- Grain: one row per measure, area and quantity.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- Net = expenditure − income. The row of expenditures alone carries the whole frame; the row of incomes has no frame, and its net is
-- −income, so that frame − net is what came in. "budget" of an investment is its frame, its forecast the net forecast.
with areas as (
    select area_code from core.known_area
    union
    select '-' as area_code
    union
    select '' as area_code
),

-- Every project counts in its area and in the organisation.
spread as (
    select
        areas.area_code,
        projects.*
    from (
        select
            coalesce(area_code, '-') as own_area,
            expenditure_actual_sek,
            income_actual_sek,
            expenditure_forecast_sek,
            income_forecast_sek,
            frame_sek
        from marts.investment
    ) as projects
    inner join areas
        on projects.own_area = areas.area_code or areas.area_code = ''
),

-- An area without projects has none: 0. One amount typed as missing makes the sum missing.
summed as (
    select
        areas.area_code,
        coalesce(sum(spread.expenditure_actual_sek), 0) as expenditure_actual,
        coalesce(sum(spread.income_actual_sek), 0) as income_actual,
        case
            when count(spread.area_code) = count(spread.expenditure_forecast_sek) then coalesce(sum(spread.expenditure_forecast_sek), 0)
        end as expenditure_forecast,
        case
            when count(spread.area_code) = count(spread.income_forecast_sek) then coalesce(sum(spread.income_forecast_sek), 0)
        end as income_forecast,
        case when count(spread.area_code) = count(spread.frame_sek) then coalesce(sum(spread.frame_sek), 0) end as frame
    from areas
    left join spread
        on areas.area_code = spread.area_code
    group by areas.area_code
),

-- What each measure takes of the three: 1 or 0.
measures as (
    select
        'investment' as measure_id,
        1 as of_expenditure,
        1 as of_income,
        1 as of_frame
    union all
    select
        'investment_expenditure' as measure_id,
        1 as of_expenditure,
        0 as of_income,
        1 as of_frame
    union all
    select
        'investment_income' as measure_id,
        0 as of_expenditure,
        1 as of_income,
        0 as of_frame
),

of_measure as (
    select
        measures.measure_id,
        summed.area_code,
        summed.expenditure_actual * measures.of_expenditure as expenditure_actual,
        summed.income_actual * measures.of_income as income_actual,
        case when measures.of_expenditure = 0 then 0 else summed.expenditure_forecast end as expenditure_forecast,
        case when measures.of_income = 0 then 0 else summed.income_forecast end as income_forecast,
        case when measures.of_frame = 0 then 0 else summed.frame end as frame
    from summed
    cross join measures
),

figures as (
    select
        measure_id,
        area_code,
        'expenditure_actual' as quantity,
        'actual' as value_status,
        expenditure_actual as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'income_actual' as quantity,
        'actual' as value_status,
        income_actual as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'actual' as quantity,
        'actual' as value_status,
        expenditure_actual - income_actual as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'expenditure_forecast' as quantity,
        'forecast' as value_status,
        expenditure_forecast as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'income_forecast' as quantity,
        'forecast' as value_status,
        income_forecast as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'net_forecast' as quantity,
        'forecast' as value_status,
        expenditure_forecast - income_forecast as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'forecast_full_year' as quantity,
        'forecast' as value_status,
        expenditure_forecast - income_forecast as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'frame' as quantity,
        'budget' as value_status,
        frame as figure_value
    from of_measure
    union all
    select
        measure_id,
        area_code,
        'budget_full_year' as quantity,
        'budget' as value_status,
        frame as figure_value
    from of_measure
)

select
    measure_id as subject_id,
    area_code,
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
    'sek' as figure_unit,
    case when figure_value is null then 'missing' else value_status end as value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    case when figure_value is null then 'belopp saknas i investeringsunderlaget' end as reason,
    '' as organisation_tag
from figures
