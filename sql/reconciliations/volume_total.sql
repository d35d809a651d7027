-- The control totals of the volumes: what was delivered against what the mart holds.
-- Grain: one row per measure and month of January…period, of the closed year and the year before.
-- Key: measure_id, month
-- Expected is summed from the delivered rows, actual from marts.volume. A number typed as missing is in neither.
with delivered as (
    select
        measure_id,
        month,
        sum(volume) as volume
    from core.volume_observation
    group by measure_id, month
),

held as (
    select
        measure_id,
        month,
        sum(volume) as volume
    from marts.volume
    where measure_kind = 'flow'
    group by measure_id, month
),

pairs as (
    select
        measure_id,
        month
    from delivered
    union
    select
        measure_id,
        month
    from held
),

compared as (
    select
        pairs.measure_id,
        pairs.month,
        cast(coalesce(delivered.volume, 0) as decimal(28, 6)) as expected,
        cast(coalesce(held.volume, 0) as decimal(28, 6)) as actual
    from pairs
    left join delivered
        on
            pairs.measure_id = delivered.measure_id
            and pairs.month = delivered.month
    left join held
        on
            pairs.measure_id = held.measure_id
            and pairs.month = held.month
)

select
    measure_id,
    month,
    expected,
    actual,
    cast(actual - expected as decimal(28, 6)) as difference
from compared
