-- Every figure that a report may ask for, in one long table.
-- Grain: one row per subject, area, sex, quantity, year and view of the organisation.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- `subject_id` is a measure, an indicator or a goal; `area_code` '' the organisation, '-' what belongs to no area; `year_offset` 0 the
-- closed year. A ratio has numerator and denominator and no `figure_value`: divide where you print. `words` stand in a number's place.
-- `organisation_view`: restated (in the organisation of the period's last day), as_was (in that of the time), '' where there is but one;
-- read one view, never both. `adjustment_value` is what of the figure stands on adjustments, in its own unit and sign; unknown: nothing.
-- `organisation_tag` of a comparative: same, restated, restated_share (by split shares), not_restated; '' in the closed year.
-- A figure that stands on a refused extract is missing with the reason, also one that the extract left nothing of.
with made as (
    select * from core.figure_result
    union all
    select * from core.figure_investment
    union all
    select * from core.figure_volume
    union all
    select * from core.figure_ratio
    union all
    select * from core.figure_volume_budget
    union all
    select * from core.figure_forecast
    union all
    select * from core.figure_staffing
    union all
    select * from core.figure_indicator
),

-- Cells whose figure a refused extract took away altogether.
asked_and_withheld as (
    select distinct
        asked.subject_id,
        asked.figure_area_code as area_code,
        asked.sex,
        asked.quantity,
        asked.year_offset,
        asked.organisation_view,
        asked.source_measure_id as measure_id,
        coalesce(measures.figure_unit, 'printed') as figure_unit
    from core.report_key as asked
    inner join core.withheld_figure as withheld
        on
            asked.source_measure_id = withheld.measure_id
            and asked.quantity = withheld.quantity
            and asked.year_offset = withheld.year_offset
    left join reference.measures as measures
        on asked.source_measure_id = measures.measure_id
    where
        asked.subject_id <> ''
        and not exists (
            select 1
            from made
            where
                made.subject_id = asked.subject_id
                and made.area_code = asked.figure_area_code
                and made.sex = asked.sex
                and made.quantity = asked.quantity
                and made.year_offset = asked.year_offset
                and made.organisation_view in ('', asked.organisation_view)
        )
),

figures as (
    select * from made
    union all
    select
        subject_id,
        area_code,
        sex,
        quantity,
        year_offset,
        organisation_view,
        measure_id,
        null as figure_value,
        null as numerator,
        null as denominator,
        null as adjustment_value,
        null as words,
        figure_unit,
        'missing' as value_status,
        null as method,
        null as months,
        null as reason,
        '' as organisation_tag
    from asked_and_withheld
)

select
    figures.subject_id,
    figures.area_code,
    figures.sex,
    figures.quantity,
    figures.year_offset,
    figures.organisation_view,
    figures.measure_id,
    figures.figure_unit,
    case when withheld.measure_id is not null then 'missing' else figures.value_status end as value_status,
    figures.method,
    figures.months,
    coalesce(withheld.reason, figures.reason) as reason,
    figures.organisation_tag,
    case when withheld.measure_id is null then figures.words end as words,
    case when withheld.measure_id is null then figures.figure_value end as figure_value,
    case when withheld.measure_id is null then figures.numerator end as numerator,
    case when withheld.measure_id is null then figures.denominator end as denominator,
    case when withheld.measure_id is null then figures.adjustment_value end as adjustment_value
from figures
left join core.withheld_figure as withheld
    on
        figures.measure_id = withheld.measure_id
        and figures.quantity = withheld.quantity
        and figures.year_offset = withheld.year_offset
