-- Each unit in the organisation of the period's last day: which unit has its accounts now, in which area, and by what share.
-- Grain: one row per unit and the unit that has its accounts at the close.
-- Key: unit_code, restated_unit_code
-- A unit in force at the close stands for itself, whole. `restatement_tag`: same (in force, never in another area), restated (in force
-- after a move between areas, or taken over whole), restated_share (split between several), left (nobody took it over:
-- `restated_unit_code` is '' and the area unknown). Shares are applied to sums, never to lines.
with in_force as (
    select
        registered.unit_code,
        registered.area_code
    from core.unit_as_was as registered
    cross join build.closing as closing
    where
        registered.valid_from <= closing.period_end
        and (registered.valid_to is null or registered.valid_to >= closing.period_end)
    qualify row_number() over (partition by registered.unit_code order by registered.valid_from desc) = 1
),

-- A unit that has belonged to more than one area by the close has moved.
areas_of_unit as (
    select
        registered.unit_code,
        count(distinct coalesce(registered.area_code, '')) as areas
    from core.unit_as_was as registered
    cross join build.closing as closing
    where registered.valid_from <= closing.period_end
    group by registered.unit_code
),

-- Several paths may end in the same unit. What is lost (a circle, a successor that does not exist) leaves too: nothing is counted twice.
taken_over as (
    select
        unit_code,
        case when outcome = 'reached' then successor_code else '' end as restated_unit_code,
        cast(sum(share) as decimal(18, 12)) as share
    from core.unit_successor
    where outcome <> 'passed'
    group by unit_code, case when outcome = 'reached' then successor_code else '' end
),

restated as (
    select
        in_force.unit_code,
        in_force.unit_code as restated_unit_code,
        in_force.area_code,
        cast(1 as decimal(18, 12)) as share,
        case when areas_of_unit.areas > 1 then 'restated' else 'same' end as restatement_tag
    from in_force
    inner join areas_of_unit
        on in_force.unit_code = areas_of_unit.unit_code
    union all
    select
        taken_over.unit_code,
        taken_over.restated_unit_code,
        in_force.area_code,
        taken_over.share,
        case
            when taken_over.restated_unit_code = '' then 'left'
            when taken_over.share = 1 then 'restated'
            else 'restated_share'
        end as restatement_tag
    from taken_over
    left join in_force
        on taken_over.restated_unit_code = in_force.unit_code
)

select
    unit_code,
    restated_unit_code,
    area_code,
    share,
    restatement_tag
from restated
