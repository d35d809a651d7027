-- How good each method would have been: net and gross error, bias, and which had been best in hindsight.
-- Grain: one row per measure, area ('' the organisation), method and month of the year in which one forecast (0: all of them).
-- Key: measure_id, area_code, method, month_number
-- Net is the organisation's own error with its sign, gross the sum of its areas' errors without: areas that cancel each other are no good
-- forecast. Gross is unknown of a method that forecasts no area; an area's is its own error without sign. Bias is net_error_value ÷ cuts.
-- Methods are compared on the cuts at which every method that was tried was (`shared_cuts`): a person's few forecasts join where they are
-- there at all of them. `is_best` recommends nothing: reference.measure_method decides (`is_chosen_forecast`).
with tested as (
    select *
    from marts.backtest
    where error_value is not null
),

area_errors as (
    select
        measure_id,
        method,
        cut_month,
        sum(abs(error_value)) as gross_error_value,
        count(*) filter (where outcome_value <> 0) as areas
    from tested
    where area_code <> ''
    group by measure_id, method, cut_month
),

-- An organisation's cut counts where all of its areas could be tried, or none: an area that came to nothing is not asked for.
areas_asked as (
    select
        measure_id,
        cut_month,
        count(distinct area_code) as areas
    from marts.backtest
    where area_code <> '' and outcome_value <> 0
    group by measure_id, cut_month
),

cut_errors as (
    select
        tested.measure_id,
        tested.area_code,
        tested.method,
        tested.cut_month,
        tested.month_number,
        tested.figure_unit,
        tested.error_value,
        abs(tested.outcome_value) as outcome_value,
        case
            when tested.area_code <> '' or areas_asked.areas is null then abs(tested.error_value)
            else area_errors.gross_error_value
        end as gross_error_value
    from tested
    left join areas_asked
        on
            tested.measure_id = areas_asked.measure_id
            and tested.cut_month = areas_asked.cut_month
    left join area_errors
        on
            tested.measure_id = area_errors.measure_id
            and tested.method = area_errors.method
            and tested.cut_month = area_errors.cut_month
    where tested.area_code <> '' or area_errors.areas is null or area_errors.areas = coalesce(areas_asked.areas, 0)
),

asked_months as (
    select
        *,
        month_number as asked_month
    from cut_errors
    union all
    select
        *,
        0 as asked_month
    from cut_errors
),

methods_of_month as (
    select
        measure_id,
        area_code,
        asked_month,
        count(distinct method) as methods
    from asked_months
    where method <> 'manual'
    group by measure_id, area_code, asked_month
),

-- The cuts at which every method but a person was tried.
shared as (
    select
        asked_months.measure_id,
        asked_months.area_code,
        asked_months.asked_month,
        asked_months.cut_month
    from asked_months
    inner join methods_of_month as methods
        on
            asked_months.measure_id = methods.measure_id
            and asked_months.area_code = methods.area_code
            and asked_months.asked_month = methods.asked_month
    where asked_months.method <> 'manual'
    group by asked_months.measure_id, asked_months.area_code, asked_months.asked_month, asked_months.cut_month, methods.methods
    having count(distinct asked_months.method) = methods.methods
),

summed as (
    select
        errors.measure_id,
        errors.area_code,
        errors.method,
        errors.asked_month,
        errors.figure_unit,
        count(*) as cuts,
        count(shared.cut_month) as shared_cuts,
        sum(errors.error_value) as net_error_value,
        case when count(*) = count(errors.gross_error_value) then sum(errors.gross_error_value) end as gross_error_value,
        sum(errors.outcome_value) as tested_outcome_value,
        sum(case when shared.cut_month is not null then errors.error_value end) as shared_net_error_value,
        sum(case when shared.cut_month is not null then errors.gross_error_value end) as shared_gross_error_value
    from asked_months as errors
    left join shared
        on
            errors.measure_id = shared.measure_id
            and errors.area_code = shared.area_code
            and errors.asked_month = shared.asked_month
            and errors.cut_month = shared.cut_month
    group by errors.measure_id, errors.area_code, errors.method, errors.asked_month, errors.figure_unit
),

-- Only those tried at every shared cut are compared.
ranked as (
    select
        *,
        max(shared_cuts) over (partition by measure_id, area_code, asked_month) as compared_cuts
    from summed
),

best as (
    select
        measure_id,
        area_code,
        asked_month,
        method
    from ranked
    where shared_cuts > 0 and shared_cuts = compared_cuts and gross_error_value is not null
    qualify row_number() over (
        partition by measure_id, area_code, asked_month
        order by shared_gross_error_value, abs(shared_net_error_value), method
    ) = 1
)

select
    ranked.measure_id,
    ranked.area_code,
    ranked.method,
    cast(ranked.asked_month as integer) as month_number,
    measures.label,
    methods.label as method_label,
    ranked.figure_unit,
    coalesce(coalesce(own_choice.method, measure_choice.method) = ranked.method, false) as is_chosen_forecast,
    best.method is not null as is_best,
    cast(ranked.cuts as integer) as cuts,
    cast(ranked.shared_cuts as integer) as shared_cuts,
    cast(ranked.net_error_value as decimal(28, 6)) as net_error_value,
    cast(ranked.gross_error_value as decimal(28, 6)) as gross_error_value,
    cast(ranked.shared_net_error_value as decimal(28, 6)) as shared_net_error_value,
    cast(ranked.shared_gross_error_value as decimal(28, 6)) as shared_gross_error_value,
    cast(ranked.tested_outcome_value as decimal(28, 6)) as tested_outcome_value
from ranked
inner join reference.measures as measures
    on ranked.measure_id = measures.measure_id
inner join reference.methods as methods
    on ranked.method = methods.method
left join best
    on
        ranked.measure_id = best.measure_id
        and ranked.area_code = best.area_code
        and ranked.asked_month = best.asked_month
        and ranked.method = best.method
left join core.chosen_forecast as own_choice
    on
        ranked.measure_id = own_choice.measure_id
        and ranked.area_code = own_choice.area_code
left join core.chosen_forecast as measure_choice
    on
        ranked.measure_id = measure_choice.measure_id
        and measure_choice.area_code = ''
