-- Every cell of the staff measures before anything is withheld: numbers, and how many persons stand behind them.
-- Grain: one row per span, month, level, area_code, unit_code, sex, age_group, measure_id.
-- Key: span, month, level, area_code, unit_code, sex, age_group, measure_id
-- Protected persons are in the organisation's and the areas' cells and in no unit's. A cell without anybody is a row too:
-- were it left out, it could be told from a withheld one. Area and unit '' are: no area known.
with
basis_in_force as (
    select
        suppression.measure_id,
        max(suppression.basis) as basis
    from reference.suppression as suppression
    inner join build.closing as closing
        on
            suppression.valid_from <= closing.period_end
            and (suppression.valid_to is null or suppression.valid_to >= closing.period_end)
    group by suppression.measure_id
),

numbered_person as (
    -- Keys are long, and they are counted many times over.
    select
        person_key,
        row_number() over (order by person_key) as person_number
    from core.staff_contribution
    group by person_key
),

counted_contribution as (
    -- One row a person and cell of the finest grain. The limit's basis says whom a cell rests on; where no limit is in force
    -- nobody counts, and the cell is withheld.
    select
        contribution.span,
        contribution.shown_month as month,
        contribution.measure_id,
        coalesce(contribution.area_code, '') as area_code,
        coalesce(contribution.unit_code, '') as unit_code,
        contribution.sex,
        contribution.age_group,
        contribution.is_protected,
        numbered_person.person_number,
        bool_or(
            case basis_in_force.basis
                when 'numerator' then contribution.numerator <> 0
                when 'denominator' then contribution.denominator <> 0
                else false
            end
        ) as is_counted,
        sum(contribution.numerator) as numerator,
        sum(contribution.denominator) as denominator
    from core.staff_contribution as contribution
    inner join numbered_person
        on contribution.person_key = numbered_person.person_key
    left join basis_in_force
        on contribution.measure_id = basis_in_force.measure_id
    group by all
),

whole_cell as (
    -- Organisation and areas, protected persons with them.
    select
        span,
        month,
        measure_id,
        case when grouping(area_code) = 1 then 'organisation' else 'area' end as level,
        case when grouping(area_code) = 1 then '' else area_code end as area_code,
        '' as unit_code,
        case when grouping(sex) = 1 then 'T' else sex end as sex,
        case when grouping(age_group) = 1 then 'T' else age_group end as age_group,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(distinct case when is_counted then person_number end) as persons,
        count(distinct case when is_counted and not is_protected then person_number end) as unprotected_persons,
        count(distinct case when is_protected then person_number end) as protected_persons
    from counted_contribution
    group by grouping sets (
        (span, month, measure_id),
        (span, month, measure_id, sex),
        (span, month, measure_id, age_group),
        (span, month, measure_id, sex, age_group),
        (span, month, measure_id, area_code),
        (span, month, measure_id, area_code, sex),
        (span, month, measure_id, area_code, age_group)
    )
),

unit_cell as (
    -- Units, without the protected.
    select
        span,
        month,
        measure_id,
        'unit' as level,
        area_code,
        unit_code,
        case when grouping(sex) = 1 then 'T' else sex end as sex,
        case when grouping(age_group) = 1 then 'T' else age_group end as age_group,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(distinct case when is_counted then person_number end) as persons,
        count(distinct case when is_counted then person_number end) as unprotected_persons,
        0 as protected_persons
    from counted_contribution
    where not is_protected and unit_code <> ''
    group by grouping sets (
        (span, month, measure_id, area_code, unit_code),
        (span, month, measure_id, area_code, unit_code, sex),
        (span, month, measure_id, area_code, unit_code, age_group)
    )
),

occupied_cell as (
    -- A person of unknown sex or age is in the totals and in no breakdown.
    select * from whole_cell
    where sex is not null and age_group is not null
    union all
    select * from unit_cell
    where sex is not null and age_group is not null
),

shown_month as (
    -- The months of span month, and the two windows' last ones of span to_date.
    select
        'month' as span,
        month.month,
        month.year_offset,
        month.month as place_month
    from build.month as month
    where month.is_to_date

    union all

    select
        'to_date' as span,
        window_end.month,
        window_end.year_offset,
        month.month as place_month
    from build.month as month
    inner join build.month as window_end
        on month.year_offset = window_end.year_offset
    inner join build.closing as closing
        on window_end.month_number = closing.month_number
    where month.is_to_date
),

place as (
    -- The organisation, its areas and its units, of the register or of the rows; a person's own unit alone makes no row.
    select distinct
        span,
        month,
        'organisation' as level,
        '' as area_code,
        '' as unit_code
    from shown_month

    union

    select
        shown_month.span,
        shown_month.month,
        'area' as level,
        coalesce(unit_area.area_code, '') as area_code,
        '' as unit_code
    from shown_month
    inner join core.unit_month as unit_area
        on shown_month.place_month = unit_area.month

    union

    select
        shown_month.span,
        shown_month.month,
        'unit' as level,
        coalesce(unit_area.area_code, '') as area_code,
        unit_area.unit_code
    from shown_month
    inner join core.unit_month as unit_area
        on shown_month.place_month = unit_area.month

    union

    select
        span,
        month,
        level,
        area_code,
        unit_code
    from occupied_cell
),

any_age as (
    select age_group from core.age_group
    union all
    select 'T' as age_group
),

breakdown as (
    -- Total, by sex, by age; by both only where level is organisation.
    select
        sex.sex,
        age_group.age_group
    from (values ('T'), ('K'), ('M')) as sex (sex)
    cross join any_age as age_group
),

measure as (
    select distinct measure_id
    from reference.suppression
)

select
    place.span,
    place.month,
    place.level,
    place.area_code,
    place.unit_code,
    breakdown.sex,
    breakdown.age_group,
    measure.measure_id,
    calendar.year_offset,
    cast(coalesce(occupied_cell.numerator, 0) as decimal(28, 6)) as numerator,
    cast(
        case when measure.measure_id <> 'permanent_headcount' then coalesce(occupied_cell.denominator, 0) end
        as decimal(28, 6)
    ) as denominator,
    cast(coalesce(occupied_cell.persons, 0) as integer) as persons,
    cast(coalesce(occupied_cell.unprotected_persons, 0) as integer) as unprotected_persons,
    cast(coalesce(occupied_cell.protected_persons, 0) as integer) as protected_persons
from place
inner join build.month as calendar
    on place.month = calendar.month
inner join breakdown
    on place.level = 'organisation' or breakdown.sex = 'T' or breakdown.age_group = 'T'
cross join measure
left join occupied_cell
    on
        place.span = occupied_cell.span
        and place.month = occupied_cell.month
        and place.level = occupied_cell.level
        and place.area_code = occupied_cell.area_code
        and place.unit_code = occupied_cell.unit_code
        and breakdown.sex = occupied_cell.sex
        and breakdown.age_group = occupied_cell.age_group
        and measure.measure_id = occupied_cell.measure_id
