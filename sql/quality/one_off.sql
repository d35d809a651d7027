-- What each row of the register of one-offs claims in the closed year up to the period and in the year before.
-- Grain: one row per row of the register that has begun by the period's last day.
-- Key: delivery_id, line
-- A row that claims nothing may be mistyped, or be about what is not booked yet.
with claimed as (
    select
        one_off_id,
        count(*) as entries
    from (
        select one_off_id from core.ledger_entry
        where is_one_off
        union all
        select one_off_id from core.adjustment_entry
        where is_one_off
    ) as entries
    group by one_off_id
)

select
    registered.delivery_id,
    registered.line,
    applied.extract,
    applied.file_name,
    registered.one_off_id,
    registered.one_off_name,
    registered.responsible,
    coalesce(claimed.entries, 0) as entries,
    claimed.one_off_id is null as is_claiming_nothing
from staging.one_off as registered
cross join build.closing as closing
inner join build.closing_deliveries as applied
    on registered.delivery_id = applied.delivery_id
left join claimed
    on registered.one_off_id = claimed.one_off_id
where
    registered.valid_from <= closing.period_end
    and (registered.valid_to is null or registered.valid_to >= closing.previous_year_start)
