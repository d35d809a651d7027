-- The dated events that change the number of places: what a bridge between any two days is made of.
-- Grain: one row per kind of places, unit and day on which its number of places may change.
-- Key: place_kind, unit_code, event_date
-- The places of a day are the sum of `places_change` of every event up to and with it, exactly as marts.volume counts them: where two rows
-- of a unit hold, the one that began last. `event_kind`: first (the unit's first row: opened, or taken over), change, closed (a row with
-- 0), ended (a row that ends without another: nobody said why). Places that were typed as missing leave `places_change` unknown. Events
-- after the period's last day are planned. Name and area are what the unit had last on the day: one that closes keeps its own.
with days as (
    select
        unit_code,
        place_kind,
        valid_from as event_date
    from staging.place
    union
    select
        unit_code,
        place_kind,
        cast(valid_to + interval 1 day as date) as event_date
    from staging.place
    where valid_to is not null
),

-- The row that counts on each of the days; none where every row has ended.
in_force as (
    select
        days.unit_code,
        days.place_kind,
        days.event_date,
        registered.delivery_id,
        registered.line,
        registered.valid_from,
        registered.unit_code is not null as is_in_force,
        case when registered.unit_code is null then 0 else registered.places end as places,
        case when registered.valid_from = days.event_date then nullif(registered.event_words, '') end as event_words
    from days
    left join staging.place as registered
        on
            days.unit_code = registered.unit_code
            and days.place_kind = registered.place_kind
            and days.event_date >= registered.valid_from
            and (registered.valid_to is null or days.event_date <= registered.valid_to)
    qualify row_number() over (
        partition by days.unit_code, days.place_kind, days.event_date
        order by registered.valid_from desc nulls last
    ) = 1
),

stepped as (
    select
        *,
        row_number() over (partition by unit_code, place_kind order by event_date) = 1 as is_first,
        coalesce(lag(places, 1, 0) over (partition by unit_code, place_kind order by event_date), 0) as places_before,
        lag(is_in_force and places is null, 1, false) over (partition by unit_code, place_kind order by event_date) as is_unknown_before
    from in_force
),

-- A row that ends under another one changes nothing.
named as (
    select
        *,
        case when not is_unknown_before then cast(places - places_before as bigint) end as places_change
    from stepped
    where is_unknown_before or places is null or places <> places_before or event_words is not null
)

select
    named.place_kind,
    named.unit_code,
    named.event_date,
    units.unit_name,
    units.area_code,
    case
        when named.is_first then 'first'
        when not named.is_in_force then 'ended'
        when named.places = 0 then 'closed'
        else 'change'
    end as event_kind,
    named.event_words,
    named.event_date > closing.period_end as is_planned,
    named.places_change,
    named.places
from named
cross join build.closing as closing
left join core.unit_as_was as units
    on
        named.unit_code = units.unit_code
        and named.event_date >= units.valid_from
qualify row_number() over (
    partition by named.place_kind, named.unit_code, named.event_date
    order by units.valid_from desc nulls last
) = 1
