-- Whether each unit's accounts are followed whole into the closed period's organisation.
-- Grain: one row per unit that has begun by the period's last day.
-- Key: unit_code
-- Expected 1. What left the organisation by having no successor counts as followed; a share that reaches a unit that does not exist, or
-- runs in a circle, does not, and shares that do not sum to 100 show here too.
with in_force as (
    select registered.unit_code
    from core.unit_as_was as registered
    cross join build.closing as closing
    where
        registered.valid_from <= closing.period_end
        and (registered.valid_to is null or registered.valid_to >= closing.period_end)
),

begun as (
    select
        registered.unit_code,
        registered.delivery_id,
        registered.line
    from core.unit_as_was as registered
    cross join build.closing as closing
    where registered.valid_from <= closing.period_end
    qualify row_number() over (partition by registered.unit_code order by registered.valid_from desc) = 1
),

followed as (
    select
        unit_code,
        sum(share) as share
    from core.unit_successor
    where outcome in ('reached', 'left')
    group by unit_code
),

compared as (
    select
        begun.unit_code,
        begun.delivery_id,
        begun.line,
        cast(1 as decimal(28, 6)) as expected,
        cast(
            case when begun.unit_code in (select in_force.unit_code from in_force) then 1 else coalesce(followed.share, 0) end
            as decimal(28, 6)
        ) as actual
    from begun
    left join followed
        on begun.unit_code = followed.unit_code
)

select
    unit_code,
    delivery_id,
    line,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
