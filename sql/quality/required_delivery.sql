-- Registers and ledgers: what a close cannot be made without, whatever the month, and no gap row can excuse.
-- Grain: one row per register, and one per ledger of the closed year and of the year before.
-- Key: extract, month
-- A ledger of the closed year is the one of the period itself; of the year before, the newest of that year.
with required_registers as (
    select
        needed.extract,
        closing.period as month
    from reference.extracts as needed
    cross join build.closing as closing
    where needed.needed = 'register'
),

required_ledgers as (
    select
        needed.extract,
        closing.period as month
    from reference.extracts as needed
    cross join build.closing as closing
    where needed.needed = 'ledger'
    union all
    select
        needed.extract,
        closing.previous_year_period as month
    from reference.extracts as needed
    cross join build.closing as closing
    where
        needed.needed = 'ledger'
        and closing.previous_year_start >= needed.first_period
),

required as (
    select
        extract,
        month,
        false as is_ledger
    from required_registers
    union all
    select
        extract,
        month,
        true as is_ledger
    from required_ledgers
),

applied as (
    -- a register of an earlier period serves; a ledger serves its own year
    select
        required.extract,
        required.month,
        count(delivery.delivery_id) as deliveries
    from required
    cross join build.closing as closing
    inner join build.closing_deliveries as delivery
        on
            required.extract = delivery.extract
            and (
                not required.is_ledger
                or (required.month = closing.period and closing.period = delivery.period)
                or (
                    required.month = closing.previous_year_period
                    and closing.previous_year_start <= delivery.period
                    and closing.year_start > delivery.period
                )
            )
    group by all
),

withheld_extracts as (
    select distinct extract from build.withheld_extract
)

select
    required.extract,
    required.month,
    described.label,
    described.source,
    required.is_ledger,
    withheld.extract is not null as is_withheld,
    applied.extract is null and withheld.extract is null and not required.is_ledger as is_missing_register,
    applied.extract is null and withheld.extract is null and required.is_ledger as is_missing_ledger
from required
inner join reference.extracts as described
    on required.extract = described.extract
left join applied
    on
        required.extract = applied.extract
        and required.month = applied.month
left join withheld_extracts as withheld
    on required.extract = withheld.extract
