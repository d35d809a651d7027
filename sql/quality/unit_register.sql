-- The register of units against its own rules: shares, validities, one unit an ansvar, an area that the edition knows.
-- Grain: one row per unit and first day of validity.
-- Key: unit_code, valid_from
-- The rows of one validity are equal but for successor and share; an empty share with a successor is the whole.
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
        ) as share_total_percent
    from staging.unit
    group by all
),

overlapping as (
    -- the same unit twice on a day, and the same ansvar in two units on a day
    select
        one.unit_code,
        one.valid_from,
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
    group by all
),

known_units as (
    select distinct unit_code from staging.unit
),

unknown_successors as (
    select
        unit.unit_code,
        unit.valid_from,
        count(*) as unknown_successors
    from staging.unit as unit
    left join known_units
        on unit.successor_code = known_units.unit_code
    where
        unit.successor_code is not null
        and known_units.unit_code is null
    group by all
)

select
    unit.unit_code,
    unit.valid_from,
    unit.valid_to,
    unit.ansvar,
    coalesce(overlapping.other_unit_code, '') as other_unit_code,
    worded.wordings,
    validities.successors,
    validities.share_total_percent,
    coalesce(overlapping.overlapping_validities, 0) as overlapping_validities,
    coalesce(overlapping.other_units_of_ansvar, 0) as other_units_of_ansvar,
    coalesce(overlapping.other_areas_of_ansvar, 0) as other_areas_of_ansvar,
    coalesce(unknown_successors.unknown_successors, 0) as unknown_successors,
    unit.area_code is not null as is_known_area,
    coalesce(unit.valid_to, unit.valid_from) < unit.valid_from as is_ended_before_begun
from core.unit_as_was as unit
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
