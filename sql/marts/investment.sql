-- Investments of the closed year, January…period, beside what the controllers gave for them.
-- Grain: one row per area and project.
-- Key: area_code, projekt
-- Positive: expenditure, income, forecasts and frame alike. The outcome's area is that of the voucher's ansvar, in the closed period's
-- organisation; the input's is the one it names, which may be another (reconciliations.investment_area). An unknown amount was typed as
-- missing; an area or project without input has 0. `area_code` unknown: no area.
with booked as (
    select
        restated.area_code,
        entry.projekt,
        cast(sum(case when entry.ledger_part = 'investment_expenditure' then entry.amount_sek else 0 end) as decimal(20, 2)) as expenditure,
        cast(-sum(case when entry.ledger_part = 'investment_income' then entry.amount_sek else 0 end) as decimal(20, 2)) as income,
        coalesce(restated.share, 1) as share
    from core.ledger_entry as entry
    inner join build.month as months
        on
            entry.month = months.month
            and months.year_offset = 0
            and months.is_to_date
    left join core.unit_restated as restated
        on entry.unit_code = restated.unit_code
    where
        entry.is_investment_project
        and entry.ledger_part in ('investment_expenditure', 'investment_income')
    group by restated.area_code, entry.projekt, entry.unit_code, restated.restated_unit_code, restated.share
),

outcome as (
    select
        area_code,
        projekt,
        cast(sum(cast(expenditure * share as decimal(28, 6))) as decimal(28, 6)) as expenditure_actual_sek,
        cast(sum(cast(income * share as decimal(28, 6))) as decimal(28, 6)) as income_actual_sek
    from booked
    group by area_code, projekt
),

-- A sum over an amount that was typed as missing is missing too.
given as (
    select
        areas.area_code,
        input.projekt,
        case when count(*) = count(input.frame_sek) then cast(sum(input.frame_sek) as decimal(18, 2)) end as frame_sek,
        case
            when count(*) = count(input.expenditure_forecast_sek)
                then cast(sum(input.expenditure_forecast_sek) as decimal(18, 2))
        end as expenditure_forecast_sek,
        case
            when count(*) = count(input.income_forecast_sek)
                then cast(sum(input.income_forecast_sek) as decimal(18, 2))
        end as income_forecast_sek
    from staging.investment_input as input
    inner join build.closing as closing
        on input.month = closing.period
    left join core.area as areas
        on input.area = areas.area
    group by areas.area_code, input.projekt
),

pairs as (
    select
        area_code,
        projekt
    from outcome
    union
    select
        area_code,
        projekt
    from given
)

select
    pairs.area_code,
    pairs.projekt,
    coalesce(outcome.expenditure_actual_sek, 0) as expenditure_actual_sek,
    coalesce(outcome.income_actual_sek, 0) as income_actual_sek,
    case when given.projekt is null then 0 else given.expenditure_forecast_sek end as expenditure_forecast_sek,
    case when given.projekt is null then 0 else given.income_forecast_sek end as income_forecast_sek,
    case when given.projekt is null then 0 else given.frame_sek end as frame_sek
from pairs
left join outcome
    on
        pairs.area_code is not distinct from outcome.area_code
        and pairs.projekt = outcome.projekt
left join given
    on
        pairs.area_code is not distinct from given.area_code
        and pairs.projekt = given.projekt
