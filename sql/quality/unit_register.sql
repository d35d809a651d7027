-- The register of units against its own rules: shares, validities, one unit an ansvar, an area that the edition knows and that lives on.
-- Grain: one row per unit and first day of validity.
-- Key: unit_code, valid_from
-- The rows of one validity are equal but for successor and share; an empty share with a successor is the whole. `line_list` are the lines
-- of the validity's rows, `other_line_list` those of the rows that it collides with.
with different_rows as (
    -- what the rows of one validity must agree on
    select distinct
        unit_code,
        valid_from,
        unit_name,
        ansvar,
        area,
        activity_type,
        coalesce(district, '') as district,
        coalesce(valid_to, valid_from) as valid_to
    from staging.unit
),

wordings_of_validities as (
    select
        unit_code,
        valid_from,
        count(*) as wordings
    from different_rows
    group by all
),

validities as (
    select
        unit_code,
        valid_from,
        count(successor_code) as successors,
        coalesce(
            sum(case when successor_code is not null then coalesce(share_percent, 100) end),
            100
        ) as share_total_percent,
        string_agg(cast(line as varchar), ', ' order by line) as line_list
    from staging.unit
    group by unit_code, valid_from
),

overlapping as (
    -- the same unit twice on a day, and the same ansvar in two units on a day
    select
        one.unit_code,
        one.valid_from,
        string_agg(other_rows.line_list, ', ' order by other.line) as other_line_list,
        count(*) filter (where one.unit_code = other.unit_code) as overlapping_validities,
        count(*) filter (where one.unit_code <> other.unit_code and one.ansvar = other.ansvar) as other_units_of_ansvar,
        count(*) filter (
            where
            one.unit_code <> other.unit_code
            and one.ansvar = other.ansvar
            and one.area_code <> other.area_code
        ) as other_areas_of_ansvar,
        coalesce(min(other.unit_code) filter (where one.unit_code <> other.unit_code and one.ansvar = other.ansvar), '')
            as other_unit_code
    from core.unit_as_was as one
    inner join core.unit_as_was as other
        on
            (one.unit_code <> other.unit_code or one.valid_from <> other.valid_from)
            and (one.unit_code = other.unit_code or one.ansvar = other.ansvar)
            and one.valid_from <= coalesce(other.valid_to, one.valid_from)
            and other.valid_from <= coalesce(one.valid_to, other.valid_from)
    inner join validities as other_rows
        on
            other.unit_code = other_rows.unit_code
            and other.valid_from = other_rows.valid_from
    group by one.unit_code, one.valid_from
),

known_units as (
    select distinct unit_code from staging.unit
),

unknown_successors as (
    select
        unit.unit_code,
        unit.valid_from,
        count(*) as unknown_successors,
        string_agg(distinct unit.successor_code, ', ' order by unit.successor_code) as unknown_successor_list
    from staging.unit as unit
    left join known_units
        on unit.successor_code = known_units.unit_code
    where
        unit.successor_code is not null
        and known_units.unit_code is null
    group by unit.unit_code, unit.valid_from
)

select
    unit.unit_code,
    unit.valid_from,
    unit.delivery_id,
    unit.line,
    unit.valid_to,
    unit.ansvar,
    validities.line_list,
    coalesce(overlapping.other_line_list, '') as other_line_list,
    coalesce(overlapping.other_unit_code, '') as other_unit_code,
    worded.wordings,
    validities.successors,
    validities.share_total_percent,
    coalesce(overlapping.overlapping_validities, 0) as overlapping_validities,
    coalesce(overlapping.other_units_of_ansvar, 0) as other_units_of_ansvar,
    coalesce(overlapping.other_areas_of_ansvar, 0) as other_areas_of_ansvar,
    coalesce(unknown_successors.unknown_successors, 0) as unknown_successors,
    coalesce(unknown_successors.unknown_successor_list, '') as unknown_successor_list,
    unit.area_code is not null as is_known_area,
    areas.is_in_force is null
    or areas.is_in_force
    or unit.valid_from > closing.period_end
    or coalesce(unit.valid_to, closing.period_end) < closing.period_end as is_area_in_force,
    coalesce(unit.valid_to, unit.valid_from) < unit.valid_from as is_ended_before_begun
from core.unit_as_was as unit
cross join build.closing as closing
inner join validities
    on
        unit.unit_code = validities.unit_code
        and unit.valid_from = validities.valid_from
inner join wordings_of_validities as worded
    on
        unit.unit_code = worded.unit_code
        and unit.valid_from = worded.valid_from
left join overlapping
    on
        unit.unit_code = overlapping.unit_code
        and unit.valid_from = overlapping.valid_from
left join unknown_successors
    on
        unit.unit_code = unknown_successors.unit_code
        and unit.valid_from = unknown_successors.valid_from
left join core.known_area as areas
    on unit.area_code = areas.area_code
