-- The method run_rate_months: a full year at the pace of January…period.
-- Grain: one row per measure of the organisation.
-- Key: measure_id
-- January…period × 12 ÷ months, at six decimals; a flow only. Where January…period is missing there is no forecast.
select
    figures.measure_id,
    'run_rate_months' as method,
    figures.figure_unit,
    cast(
        cast(
            case when figures.figure_value < 0 then -1 else 1 end * (
                cast(abs(figures.figure_value) * 1000000 as bigint) // closing.month_number * 12
                + (2 * (cast(abs(figures.figure_value) * 1000000 as bigint) % closing.month_number) * 12 + closing.month_number)
                // (2 * closing.month_number)
            ) as decimal(38, 0)
        ) * 0.000001 as decimal(28, 6)
    ) as forecast_value
from core.figure_volume as figures
cross join build.closing as closing
inner join reference.measures as measures
    on
        figures.measure_id = measures.measure_id
        and measures.measure_kind = 'flow'
where
    figures.year_offset = 0
    and figures.area_code = ''
    and figures.organisation_view <> 'as_was'
    and figures.figure_value is not null
