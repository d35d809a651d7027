-- What the care systems and the kitchens counted, as delivered, by the measure it belongs to: every month that the close reads.
-- Grain: one row per measure, unit, month and kind.
-- Key: measure_id, unit_code, month, volume_kind
-- More months than a report adds: of the year before also those after the period, where they have come. An unknown `volume` is a number
-- that the source left out: the unit's month is then missing, not 0.
-- The kind is home care's insats, housing's form, assistance's lagrum (which is also its measure); meals have none.
with counted as (
    select
        delivery_id,
        line,
        'treserva_hemtjanst' as extract,
        'home_care_hours' as measure_id,
        unit_code,
        month,
        care_kind as volume_kind,
        cast(performed_hours as decimal(28, 6)) as volume,
        delivery_status
    from staging.home_care
    union all
    select
        delivery_id,
        line,
        'treserva_boende' as extract,
        'care_days' as measure_id,
        unit_code,
        month,
        housing_form as volume_kind,
        cast(occupied_days as decimal(28, 6)) as volume,
        delivery_status
    from staging.housing
    union all
    select
        delivery_id,
        line,
        'treserva_assistans' as extract,
        case lagrum when 'SFB' then 'assistance_hours_sfb' else 'assistance_hours_lss' end as measure_id,
        unit_code,
        month,
        lagrum as volume_kind,
        cast(assistance_hours as decimal(28, 6)) as volume,
        delivery_status
    from staging.assistance
    union all
    select
        delivery_id,
        line,
        'kost_maltider' as extract,
        'meals' as measure_id,
        unit_code,
        month,
        '' as volume_kind,
        cast(portions as decimal(28, 6)) as volume,
        'DEF' as delivery_status
    from staging.meal
)

select
    measure_id,
    unit_code,
    month,
    volume_kind,
    delivery_id,
    line,
    extract,
    delivery_status,
    volume
from counted
