-- Whether the organisation changed between the same month of the year before and the period's last day.
-- Grain: one row per area, and one ('') for the whole organisation.
-- Key: area_code
-- An area has changed when a unit came to it or went from it; the organisation when any unit began, ended or moved.
with days as (
    select
        period_end as day_compared,
        0 as year_offset
    from build.closing
    union all
    select
        previous_year_period_end as day_compared,
        -1 as year_offset
    from build.closing
),

members as (
    select
        days.year_offset,
        registered.unit_code,
        coalesce(registered.area_code, '-') as area_code
    from days
    inner join core.unit_as_was as registered
        on
            days.day_compared >= registered.valid_from
            and (registered.valid_to is null or days.day_compared <= registered.valid_to)
    qualify row_number() over (partition by days.year_offset, registered.unit_code order by registered.valid_from desc) = 1
),

-- A unit that stands in an area on one of the two days only.
moves as (
    select
        unit_code,
        area_code
    from members
    group by unit_code, area_code
    having count(*) = 1
)

select
    '' as area_code,
    exists(select 1 from moves) as is_changed
union all
select
    areas.area_code,
    areas.area_code in (select moves.area_code from moves) as is_changed
from core.known_area as areas
