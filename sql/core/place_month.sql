-- Places in force on the last day of each month of January…period, by unit and kind.
-- Grain: one row per measure, unit and month.
-- Key: measure_id, unit_code, month
-- A stock, never added over months. Where two rows of a unit and kind hold on the day, the one that began last counts: a closing is a
-- row with 0, whether or not the row before it was ended. The register is itself dated: an earlier year is read from today's register.
-- Places that were typed as missing, and a month that has a gap row and no register delivered for it, are missing, never estimated.
with in_force as (
    select
        registered.unit_code,
        months.month,
        registered.place_kind,
        registered.delivery_id,
        registered.line,
        months.year_offset,
        registered.places
    from staging.place as registered
    inner join build.month as months
        on
            months.is_to_date
            and registered.valid_from <= months.month_end
            and (registered.valid_to is null or registered.valid_to >= months.month_end)
    qualify row_number() over (
        partition by registered.unit_code, registered.place_kind, months.month
        order by registered.valid_from desc
    ) = 1
),

-- Data win over a gap row: only the closed period can lack its register.
gaps as (
    select
        closing.period as month,
        registered.unit_code,
        min(registered.gap_reason || coalesce(' (ärende ' || nullif(registered.case_number, '') || ')', '')) as reason
    from staging.gap as registered
    inner join build.closing as closing
        on
            registered.gap_from <= closing.period
            and (registered.gap_to is null or registered.gap_to >= closing.period)
    where
        registered.extract = 'platser_register'
        and not exists (
            select 1
            from build.closing_deliveries as applied
            where applied.extract = registered.extract and applied.period = closing.period
        )
    group by closing.period, registered.unit_code
)

select
    case in_force.place_kind when 'BOENDE_RS' then 'places_housing' else 'places_labour_market' end as measure_id,
    in_force.unit_code,
    in_force.month,
    in_force.place_kind,
    in_force.delivery_id,
    in_force.line,
    in_force.year_offset,
    case when gaps.reason is null then cast(in_force.places as decimal(28, 6)) end as volume,
    case
        when gaps.reason is not null then gaps.reason
        when in_force.places is null then 'antalet platser är inte angivet'
    end as reason
from in_force
left join gaps
    on
        in_force.month = gaps.month
        and coalesce(nullif(gaps.unit_code, ''), in_force.unit_code) = in_force.unit_code
qualify row_number() over (partition by measure_id, in_force.unit_code, in_force.month order by gaps.reason nulls last, in_force.line) = 1
