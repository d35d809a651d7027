-- The ledger's full-year budget of an area against the frame that was decided for it.
-- Grain: one row per area and measure with a decided frame in force at the period's end.
-- Key: area_code, measure_id
-- Frames are rows of reference.decided_frames; an area without one is not judged. `area_code` '' is the organisation.
select
    decided.area_code,
    decided.measure_id,
    measure.label,
    cast(decided.decided_sek as decimal(28, 6)) as expected,
    budgeted.figure_value as actual,
    cast(budgeted.figure_value - decided.decided_sek as decimal(28, 6)) as difference,
    abs(budgeted.figure_value - decided.decided_sek) <= tolerated.threshold_value as is_within_tolerance
from reference.decided_frames as decided
cross join build.closing as closing
inner join reference.measures as measure
    on decided.measure_id = measure.measure_id
left join marts.figure as budgeted
    on
        decided.area_code = budgeted.area_code
        and decided.measure_id = budgeted.subject_id
        and budgeted.quantity = 'budget_full_year'
        and budgeted.year_offset = 0
        and budgeted.sex = 'T'
        and budgeted.organisation_view <> 'as_was'
inner join core.threshold as tolerated
    on tolerated.threshold_id = 'decided_frame'
where
    decided.year = cast(strftime(closing.period, '%Y') as integer)
    and decided.valid_from <= closing.period_end
    and coalesce(decided.valid_to, closing.period_end) >= closing.period_end
qualify row_number() over (partition by decided.area_code, decided.measure_id order by decided.valid_from desc) = 1
