-- The report's cells: the edition's rows × columns, each with the figure it asks for.
-- Grain: one row per cell.
-- Key: table_id, row_id, column_id
-- What is printed is figure_value (or numerator / denominator) × multiplier / divisor × row_sign, rounded once; nothing here is rounded or
-- turned by `row_sign`. A deviation's `figure_value` is (minuend − subtrahend) × deviation_sign of the exact figures, for the eye and the
-- reconciliations: the report prints the difference of the two printed cells. `print_pattern` is the target's in a target's column.
-- The figure is read in the view that the table asks for, or in the only one that there is: `organisation_view` is the figure's own.
-- A cell that nothing was made for is missing without words. `noted_numerator` and `noted_denominator` are the ratio that a footnote gives
-- beside the printed one (reference.noted_measures).
with asked as (
    select
        keys.edition_id,
        edition.table_name,
        edition.order_number as table_order,
        edition.heading as table_heading,
        edition_row.order_number as row_order,
        edition_row.row_label,
        edition_row.row_sign,
        edition_row.deviation_sign,
        edition_row.print_unit,
        case
            when keys.quantity = 'target' then coalesce(edition_row.target_pattern, edition_row.print_pattern) else
                edition_row.print_pattern
        end
            as print_pattern,
        edition_row.shown_when,
        edition_column.order_number as column_order,
        edition_column.head_template,
        edition_column.minuend_column,
        edition_column.subtrahend_column,
        keys.table_id,
        keys.row_id,
        keys.column_id,
        keys.measure_id,
        keys.item_id,
        keys.subject_id,
        keys.area_code,
        keys.figure_area_code,
        keys.sex,
        keys.quantity,
        keys.year_offset,
        keys.organisation_view as asked_view
    from core.report_key as keys
    inner join staging.edition_table as edition
        on keys.table_id = edition.table_id
    inner join staging.edition_row as edition_row
        on
            keys.table_id = edition_row.table_id
            and keys.row_id = edition_row.row_id
    inner join staging.edition_column as edition_column
        on
            keys.table_id = edition_column.table_id
            and keys.column_id = edition_column.column_id
),

-- The same figure in the printed unit; what people type is in it already.
with_figures as (
    select
        asked.*,
        figures.figure_unit,
        figures.value_status,
        figures.method,
        figures.months,
        figures.reason,
        figures.organisation_tag,
        figures.organisation_view,
        figures.adjustment_value,
        case when figures.adjustment_value is not null then adjusted.adjustment_reason end as adjustment_reason,
        figures.words,
        figures.figure_value,
        figures.numerator,
        figures.denominator,
        case when figures.figure_unit = 'printed' then 1 else units.multiplier end as multiplier,
        case when figures.figure_unit = 'printed' then 1 else units.divisor end as divisor
    from asked
    left join marts.figure as figures
        on
            asked.subject_id = figures.subject_id
            and asked.figure_area_code = figures.area_code
            and asked.sex = figures.sex
            and asked.quantity = figures.quantity
            and asked.year_offset = figures.year_offset
            and figures.organisation_view in ('', asked.asked_view)
    left join core.adjustment_reason as adjusted
        on
            figures.measure_id = adjusted.measure_id
            and figures.area_code = adjusted.area_code
            and figures.quantity = adjusted.quantity
            and figures.year_offset = adjusted.year_offset
            and figures.organisation_view = adjusted.organisation_view
    left join reference.units as units
        on
            figures.figure_unit = units.figure_unit
            and asked.print_unit = units.print_unit
),

-- What a footnote says beside the cell: the same figure of another measure.
noted as (
    select
        noted_measures.measure_id,
        noted_measures.footnote_kind,
        figures.area_code,
        figures.sex,
        figures.quantity,
        figures.year_offset,
        figures.organisation_view,
        figures.numerator as noted_numerator,
        figures.denominator as noted_denominator
    from marts.figure as figures
    inner join reference.noted_measures as noted_measures
        on figures.subject_id = noted_measures.noted_measure_id
    inner join build.closing as closing
        on
            noted_measures.valid_from <= closing.period_end
            and (noted_measures.valid_to is null or noted_measures.valid_to >= closing.period_end)
    where figures.numerator is not null
),

-- A figure in a unit that cannot be carried into the printed one must not be printed as if it could.
convertible as (
    select
        *,
        figure_unit is not null and multiplier is null as is_unit_wrong
    from with_figures
),

sound as (
    select
        * exclude (value_status, reason, figure_value, numerator, denominator, adjustment_value),
        case when is_unit_wrong or value_status is null then 'missing' else value_status end as value_status,
        case when is_unit_wrong then 'enheten kan inte räknas om till ' || print_unit else reason end as reason,
        case when not is_unit_wrong then figure_value end as figure_value,
        case when not is_unit_wrong then numerator end as numerator,
        case when not is_unit_wrong then denominator end as denominator,
        case when not is_unit_wrong then adjustment_value end as adjustment_value
    from convertible
),

-- Weakest evidence first; where both parts are plain the first one leads.
statuses as (
    select
        value_status,
        least(precedence, 5) as strength
    from reference.value_statuses
),

tags as (
    select
        'same' as organisation_tag,
        1 as strength
    union all
    select
        'restated' as organisation_tag,
        2 as strength
    union all
    select
        'restated_share' as organisation_tag,
        3 as strength
    union all
    select
        'not_restated' as organisation_tag,
        4 as strength
),

deviations as (
    select
        cells.table_id,
        cells.row_id,
        cells.column_id,
        minuend.multiplier,
        minuend.divisor,
        -- A comparison is as comparable as the weaker of its two sides.
        case
            when coalesce(tag_of_minuend.strength, 0) >= coalesce(tag_of_subtrahend.strength, 0) then minuend.organisation_tag
            else subtrahend.organisation_tag
        end as organisation_tag,
        case
            when coalesce(tag_of_minuend.strength, 0) >= coalesce(tag_of_subtrahend.strength, 0) then minuend.organisation_view
            else subtrahend.organisation_view
        end as organisation_view,
        case
            when minuend.figure_unit = subtrahend.figure_unit
                then cast((minuend.figure_value - subtrahend.figure_value) * cells.deviation_sign as decimal(28, 6))
        end as figure_value,
        -- A part without adjustments adds none; a deviation of two such parts stands on none.
        case
            when
                minuend.figure_unit = subtrahend.figure_unit
                and coalesce(minuend.adjustment_value, subtrahend.adjustment_value) is not null
                then
                    cast(
                        (coalesce(minuend.adjustment_value, 0) - coalesce(subtrahend.adjustment_value, 0)) * cells.deviation_sign
                        as decimal(28, 6)
                    )
        end as adjustment_value,
        case
            when minuend.adjustment_reason = subtrahend.adjustment_reason then minuend.adjustment_reason
            else coalesce(
                minuend.adjustment_reason || '; ' || subtrahend.adjustment_reason,
                minuend.adjustment_reason, subtrahend.adjustment_reason
            )
        end as adjustment_reason,
        case when minuend_strength.strength <= subtrahend_strength.strength then minuend.value_status else subtrahend.value_status end
            as value_status,
        case when minuend_strength.strength <= subtrahend_strength.strength then minuend.method else subtrahend.method end as method,
        case when minuend_strength.strength <= subtrahend_strength.strength then minuend.months else subtrahend.months end as months,
        case when minuend_strength.strength <= subtrahend_strength.strength then minuend.reason else subtrahend.reason end as reason
    from sound as cells
    left join sound as minuend
        on
            cells.table_id = minuend.table_id
            and cells.row_id = minuend.row_id
            and cells.minuend_column = minuend.column_id
    left join sound as subtrahend
        on
            cells.table_id = subtrahend.table_id
            and cells.row_id = subtrahend.row_id
            and cells.subtrahend_column = subtrahend.column_id
    left join statuses as minuend_strength
        on minuend.value_status = minuend_strength.value_status
    left join statuses as subtrahend_strength
        on subtrahend.value_status = subtrahend_strength.value_status
    left join tags as tag_of_minuend
        on minuend.organisation_tag = tag_of_minuend.organisation_tag
    left join tags as tag_of_subtrahend
        on subtrahend.organisation_tag = tag_of_subtrahend.organisation_tag
    where cells.quantity = 'deviation'
)

select
    sound.edition_id,
    sound.table_id,
    sound.table_name,
    cast(sound.table_order as bigint) as table_order,
    sound.table_heading,
    sound.row_id,
    cast(sound.row_order as bigint) as row_order,
    sound.row_label,
    sound.column_id,
    cast(sound.column_order as bigint) as column_order,
    sound.head_template,
    sound.measure_id,
    sound.item_id,
    sound.area_code,
    sound.sex,
    sound.quantity,
    sound.year_offset,
    coalesce(sound.organisation_view, deviations.organisation_view, sound.asked_view) as organisation_view,
    coalesce(deviations.figure_value, sound.figure_value) as figure_value,
    coalesce(deviations.adjustment_value, sound.adjustment_value) as adjustment_value,
    coalesce(deviations.adjustment_reason, sound.adjustment_reason) as adjustment_reason,
    sound.numerator,
    sound.denominator,
    cast(coalesce(deviations.multiplier, sound.multiplier) as decimal(18, 6)) as multiplier,
    cast(coalesce(deviations.divisor, sound.divisor) as decimal(18, 6)) as divisor,
    sound.row_sign,
    sound.deviation_sign,
    sound.minuend_column,
    sound.subtrahend_column,
    sound.print_pattern,
    sound.words,
    sound.print_unit as unit,
    coalesce(deviations.value_status, sound.value_status) as value_status,
    case when deviations.table_id is null then sound.method else deviations.method end as method,
    case when deviations.table_id is null then sound.months else deviations.months end as months,
    case when deviations.table_id is null then sound.reason else deviations.reason end as reason,
    coalesce(sound.organisation_tag, deviations.organisation_tag, '') as organisation_tag,
    noted.footnote_kind,
    noted.noted_numerator,
    noted.noted_denominator,
    sound.shown_when
from sound
left join noted
    on
        sound.subject_id = noted.measure_id
        and sound.figure_area_code = noted.area_code
        and sound.sex = noted.sex
        and sound.quantity = noted.quantity
        and sound.year_offset = noted.year_offset
        and sound.organisation_view = noted.organisation_view
left join deviations
    on
        sound.table_id = deviations.table_id
        and sound.row_id = deviations.row_id
        and sound.column_id = deviations.column_id
