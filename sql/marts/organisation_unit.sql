-- The map of the organisation: each unit and area as it was, and the unit and area that have its accounts at the close.
-- Grain: one row per unit, area that it has belonged to, and unit at the close.
-- Key: unit_code, area_code, restated_unit_code
-- Any mart by unit and area is read in the closed period's organisation by joining unit_code and area_code as it was, multiplying sums
-- (never lines) by `share`, and leaving out, of earlier years, what has `restatement_tag` left: the shares of a unit and area add up to
-- 1, unless the register lost some. `valid_from` and `valid_to` are the first and last day of the unit in the area. '-' is no known area.
with memberships as (
    select
        registered.unit_code,
        coalesce(registered.area_code, '-') as area_code,
        min(registered.valid_from) as valid_from,
        case when count(*) = count(registered.valid_to) then max(registered.valid_to) end as valid_to
    from core.unit_as_was as registered
    cross join build.closing as closing
    where registered.valid_from <= closing.period_end
    group by registered.unit_code, coalesce(registered.area_code, '-')
),

-- What a unit is or was last called, by the period's last day.
names as (
    select
        registered.unit_code,
        registered.unit_name
    from core.unit_as_was as registered
    cross join build.closing as closing
    where registered.valid_from <= closing.period_end
    qualify row_number() over (partition by registered.unit_code order by registered.valid_from desc) = 1
)

select
    memberships.unit_code,
    memberships.area_code,
    restated.restated_unit_code,
    memberships.valid_from,
    memberships.valid_to,
    names.unit_name,
    areas.area_name,
    restated_names.unit_name as restated_unit_name,
    restated.area_code as restated_area_code,
    restated_areas.area_name as restated_area_name,
    restated.restatement_tag,
    restated.share
from memberships
inner join core.unit_restated as restated
    on memberships.unit_code = restated.unit_code
left join names
    on memberships.unit_code = names.unit_code
left join core.known_area as areas
    on memberships.area_code = areas.area_code
left join names as restated_names
    on restated.restated_unit_code = restated_names.unit_code
left join core.known_area as restated_areas
    on restated.area_code = restated_areas.area_code
