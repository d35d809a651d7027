-- What each unit's volume of January…period is in each area that it counts in, in either view of the organisation.
-- Grain: one row per view, year, measure, unit, kind and area.
-- Key: organisation_view, year_offset, measure_id, unit_code, volume_kind, area_code
-- `area_code` '' is the organisation, '-' what is in no area. By the method in force. What is estimated for a unit that changed area
-- within the year goes to its areas by the months that are missing in each. `part_status` is of the area's part, `value_status` of the
-- unit's whole. `share` is of a split unit's sum: `part_volume` is without it, `volume` with it. `is_scaled`: every month of the unit
-- counts in the area and its factor goes along, so that equal factors can be added before they are divided; a method whose factors are
-- volumes (a budget's, last year's) has none, and its units' estimates are added as they are.
with in_area as (
    select
        organisation_view,
        year_offset,
        measure_id,
        unit_code,
        volume_kind,
        area_code,
        share,
        count(*) as months_here,
        count(*) filter (where is_due and not is_at_hand) as missing_here,
        coalesce(sum(volume) filter (where is_at_hand), 0) as volume_here,
        bool_or(is_preliminary and is_at_hand) as is_preliminary_here
    from core.volume_area_month
    group by all
),

-- The row of the organisation has all of a unit's months, unless it has left.
chosen as (
    select
        volumes.year_offset,
        volumes.measure_id,
        volumes.unit_code,
        volumes.volume_kind,
        volumes.measure_kind,
        volumes.method,
        volumes.value_status,
        volumes.reason,
        volumes.factor_numerator,
        volumes.factor_denominator,
        volumes.known_volume,
        volumes.outside_volume,
        volumes.volume,
        whole.months_here as months_of_unit,
        whole.missing_here as missing_of_unit
    from marts.volume_to_date as volumes
    inner join in_area as whole
        on
            volumes.year_offset = whole.year_offset
            and volumes.measure_id = whole.measure_id
            and volumes.unit_code = whole.unit_code
            and volumes.volume_kind = whole.volume_kind
            and whole.area_code = ''
            and whole.organisation_view = 'as_was'
    where volumes.is_chosen
),

parts as (
    select
        in_area.organisation_view,
        chosen.year_offset,
        chosen.measure_id,
        chosen.unit_code,
        chosen.volume_kind,
        in_area.area_code,
        chosen.measure_kind,
        chosen.method,
        chosen.value_status,
        case
            when in_area.months_here = chosen.months_of_unit then chosen.value_status
            when chosen.value_status = 'missing' or (chosen.value_status = 'estimated' and in_area.missing_here > 0)
                then chosen.value_status
            when in_area.is_preliminary_here then 'preliminary'
            else 'actual'
        end as part_status,
        in_area.months_here = chosen.months_of_unit and chosen.factor_denominator is not null as is_scaled,
        in_area.share,
        chosen.factor_numerator,
        chosen.factor_denominator,
        chosen.known_volume,
        chosen.outside_volume,
        cast(case
            when in_area.months_here = chosen.months_of_unit then chosen.volume
            else
                cast(in_area.volume_here as decimal(28, 6))
                + case
                    when in_area.missing_here = 0 then 0
                    else
                        cast(
                            -- In millionths and whole numbers, since a decimal divided is a binary fraction.
                            cast((chosen.volume - chosen.known_volume - chosen.outside_volume) * 1000000 as bigint)
                            * in_area.missing_here // nullif(chosen.missing_of_unit, 0) as decimal(28, 0)
                        ) * 0.000001
                end
        end as decimal(28, 6)) as part_volume
    from in_area
    inner join chosen
        on
            in_area.year_offset = chosen.year_offset
            and in_area.measure_id = chosen.measure_id
            and in_area.unit_code = chosen.unit_code
            and in_area.volume_kind = chosen.volume_kind
)

select
    organisation_view,
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    area_code,
    measure_kind,
    method,
    value_status,
    part_status,
    is_scaled,
    share,
    factor_numerator,
    factor_denominator,
    known_volume,
    outside_volume,
    part_volume,
    cast(cast(part_volume as decimal(20, 6)) * share as decimal(28, 6)) as volume
from parts
