-- What each full-year forecast leaves for the rest of the year, against the pace so far.
-- Grain: one row per measure and area ('' the organisation) with a forecast and something so far; none in December.
-- Key: measure_id, area_code
-- A result is the difference of two large numbers and has no pace: revenue and cost are asked, and what is counted. A forecast in the
-- printed unit is compared in it. Pace: (forecast − so far) ÷ months left, against so far ÷ months gone; multiplied crosswise.
-- What the methods would have said stands beside, in the measure's own unit; unknown where one cannot say.
with printed_units as (
    select
        asked.measure_id,
        units.figure_unit,
        units.multiplier,
        units.divisor
    from staging.edition_row as asked
    inner join reference.units as units
        on asked.print_unit = units.print_unit
    qualify row_number() over (partition by asked.measure_id, units.figure_unit order by asked.table_id, asked.row_id) = 1
),

forecasts as (
    select
        figure.subject_id as measure_id,
        figure.area_code,
        figure.figure_unit,
        figure.figure_value as forecast_value
    from marts.figure as figure
    inner join reference.measures as measure
        on
            figure.subject_id = measure.measure_id
            and measure.measure_kind = 'flow'
            and measure.measure_id not in ('result', 'investment', 'investment_expenditure', 'investment_income')
    where
        figure.quantity = 'forecast_full_year'
        and figure.year_offset = 0
        and figure.sex = 'T'
        and figure.figure_value is not null
),

paces as (
    select
        forecasts.measure_id,
        forecasts.area_code,
        forecasts.forecast_value,
        cast(
            so_far.figure_value * case when forecasts.figure_unit = 'printed' then printed_units.multiplier else 1 end
            as decimal(38, 6)
        ) as so_far_value,
        cast(
            forecasts.forecast_value * case when forecasts.figure_unit = 'printed' then printed_units.divisor else 1 end
            as decimal(38, 6)
        ) as forecast_in_unit
    from forecasts
    inner join marts.figure as so_far
        on
            forecasts.measure_id = so_far.subject_id
            and forecasts.area_code = so_far.area_code
            and so_far.quantity = 'actual'
            and so_far.year_offset = 0
            and so_far.sex = 'T'
            and so_far.organisation_view <> 'as_was'
    left join printed_units
        on
            so_far.subject_id = printed_units.measure_id
            and so_far.figure_unit = printed_units.figure_unit
    where
        so_far.figure_value > 0
        and (forecasts.figure_unit <> 'printed' or printed_units.measure_id is not null)
),

by_method as (
    select
        measure_id,
        area_code,
        max(used_value) as used_value,
        max(case when method = 'run_rate_months' then forecast_value end) as run_rate_value,
        max(case when method = 'share_last_year' then forecast_value end) as share_value,
        max(case when method = 'remaining_budget' then forecast_value end) as budget_forecast_value
    from marts.forecast_method
    group by measure_id, area_code
)

select
    paces.measure_id,
    paces.area_code,
    measure.label,
    cast(coalesce(by_method.used_value, paces.forecast_value) as decimal(28, 6)) as forecast_value,
    by_method.run_rate_value,
    by_method.share_value,
    by_method.budget_forecast_value,
    12 - closing.month_number as months_left,
    (paces.forecast_in_unit - paces.so_far_value) * closing.month_number * 100
    between paces.so_far_value * (12 - closing.month_number) * least.threshold_value
    and paces.so_far_value * (12 - closing.month_number) * most.threshold_value as is_likely_pace
from paces
cross join build.closing as closing
inner join reference.measures as measure
    on paces.measure_id = measure.measure_id
left join by_method
    on
        paces.measure_id = by_method.measure_id
        and paces.area_code = by_method.area_code
inner join core.threshold as least
    on least.threshold_id = 'remaining_pace_least'
inner join core.threshold as most
    on most.threshold_id = 'remaining_pace_most'
where closing.month_number < 12
