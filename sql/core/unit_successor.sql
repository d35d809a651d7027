-- Where the accounts of a unit that is no longer in force have gone: every step from code to successor, with the share carried so far.
-- Grain: one row per unit and path of successors.
-- Key: unit_code, successor_path
-- Only a code that is not in force on the period's last day is followed, from its last rows, until a unit in force is reached.
-- The recursion ends by itself: a path never enters a unit twice, so a circle in the register stops (and its share reaches nobody:
-- reconciliations.unit_share shows it). `outcome`: reached (a unit in force), left (the register names no successor), lost (the
-- successor is in no row that had begun by the period's last day, or the path would run in a circle), passed (the path goes on).
with recursive in_force as (
    select distinct registered.unit_code
    from core.unit_as_was as registered
    cross join build.closing as closing
    where
        registered.valid_from <= closing.period_end
        and (registered.valid_to is null or registered.valid_to >= closing.period_end)
),

-- Codes that have ended; rows that begin after the period's last day say nothing yet.
ended as (
    select registered.*
    from staging.unit as registered
    cross join build.closing as closing
    where
        registered.valid_from <= closing.period_end
        and registered.unit_code not in (select in_force.unit_code from in_force)
),

-- The last rows of each code that has ended: one a successor. An empty share with a successor is the whole.
last_rows as (
    select
        unit_code,
        coalesce(successor_code, '') as successor_code,
        cast(coalesce(share_percent, 100) * 0.01 as decimal(18, 12)) as share
    from ended
    qualify
        rank() over (partition by unit_code order by valid_from desc) = 1
        and row_number() over (partition by unit_code, valid_from, successor_code order by line) = 1
),

followed as (
    select
        unit_code,
        successor_code,
        '/' || unit_code || '/' || successor_code || '/' as successor_path,
        share,
        successor_code = unit_code as is_circle
    from last_rows
    union all
    select
        followed.unit_code,
        last_rows.successor_code,
        followed.successor_path || last_rows.successor_code || '/' as successor_path,
        cast(followed.share * last_rows.share as decimal(18, 12)) as share,
        last_rows.successor_code <> ''
        and strpos(followed.successor_path, '/' || last_rows.successor_code || '/') > 0 as is_circle
    from followed
    inner join last_rows
        on followed.successor_code = last_rows.unit_code
    where not followed.is_circle
)

select
    followed.unit_code,
    followed.successor_path,
    followed.successor_code,
    followed.share,
    case
        when followed.successor_code = '' then 'left'
        when followed.is_circle then 'lost'
        when followed.successor_code in (select in_force.unit_code from in_force) then 'reached'
        when followed.successor_code in (select last_rows.unit_code from last_rows) then 'passed'
        else 'lost'
    end as outcome
from followed
