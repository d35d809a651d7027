-- Volumes January…period by unit and kind, under every method of estimation: where estimates stand.
-- Grain: one row per year, measure, unit, kind and method.
-- Key: year_offset, measure_id, unit_code, volume_kind, method
-- `is_chosen` marks the method that the catalogue names for the measure in the closed period (reference.measure_method): add only those
-- rows. A kind with every month at hand has the same volume under every method. A stock stands on the
-- period's last day, under no method ('').
-- volume = outside_volume + known_volume × factor_numerator ÷ factor_denominator, at six decimals; a total that must be exact multiplies
-- the sum of `known_volume` over equal factors and divides once. Missing: a kind with no month at hand, or a refused delivery. A
-- method whose factors are volumes (a budget's, last year's) shows none: its volumes are added as they are.
with methods as (
    select method
    from reference.methods
    where method_kind = 'estimate'
),

chosen as (
    select
        chosen.measure_id,
        chosen.method
    from reference.measure_method as chosen
    inner join build.closing as closing
        on
            chosen.valid_from <= closing.period_end
            and (chosen.valid_to is null or chosen.valid_to >= closing.period_end)
    inner join methods
        on chosen.method = methods.method
),

-- The unit's area on its last day in January…period.
areas as (
    select
        year_offset,
        unit_code,
        area_code
    from core.unit_month
    where is_to_date
    qualify row_number() over (partition by year_offset, unit_code order by month desc) = 1
),

flows as (
    select
        windows.year_offset,
        windows.measure_id,
        windows.unit_code,
        windows.volume_kind,
        methods.method,
        coalesce(chosen.method = methods.method, false) as is_chosen,
        windows.months,
        windows.months_not_at_hand,
        windows.months_preliminary,
        windows.reason,
        windows.known_volume,
        windows.outside_volume,
        case when windows.months_missing = 0 then 1 else estimates.factor_numerator end as factor_numerator,
        case when windows.months_missing = 0 then 1 else estimates.factor_denominator end as factor_denominator,
        case
            when windows.is_withheld then null
            when windows.months_missing = 0 then windows.known_volume + windows.outside_volume
            else estimates.estimated_volume + windows.outside_volume
        end as volume,
        case
            when windows.is_withheld or (windows.months_missing > 0 and estimates.method is null) then 'missing'
            when windows.months_missing > 0 then 'estimated'
            when windows.months_preliminary is not null then 'preliminary'
            else 'actual'
        end as value_status
    from core.volume_window as windows
    cross join methods
    left join core.estimate as estimates
        on
            windows.year_offset = estimates.year_offset
            and windows.measure_id = estimates.measure_id
            and windows.unit_code = estimates.unit_code
            and windows.volume_kind = estimates.volume_kind
            and methods.method = estimates.method
    left join chosen
        on windows.measure_id = chosen.measure_id
),

stocks as (
    select
        places.year_offset,
        places.measure_id,
        places.unit_code,
        places.place_kind as volume_kind,
        '' as method,
        true as is_chosen,
        strftime(places.month, '%Y-%m') as months,
        cast(null as varchar) as months_not_at_hand,
        cast(null as varchar) as months_preliminary,
        places.reason,
        places.volume as known_volume,
        cast(0 as decimal(28, 6)) as outside_volume,
        1 as factor_numerator,
        1 as factor_denominator,
        places.volume,
        case when places.volume is null then 'missing' else 'actual' end as value_status
    from core.place_month as places
    cross join build.closing as closing
    where places.month in (closing.period, closing.previous_year_period)
),

volumes as (
    select * from flows
    union all
    select * from stocks
)

select
    volumes.year_offset,
    volumes.measure_id,
    volumes.unit_code,
    volumes.volume_kind,
    volumes.method,
    areas.area_code,
    measures.measure_kind,
    measures.figure_unit,
    volumes.is_chosen,
    volumes.value_status,
    volumes.months,
    volumes.months_not_at_hand,
    volumes.months_preliminary,
    volumes.reason,
    volumes.factor_numerator,
    volumes.factor_denominator,
    volumes.known_volume,
    volumes.outside_volume,
    cast(volumes.volume as decimal(28, 6)) as volume
from volumes
inner join reference.measures as measures
    on volumes.measure_id = measures.measure_id
left join areas
    on
        volumes.year_offset = areas.year_offset
        and volumes.unit_code = areas.unit_code
