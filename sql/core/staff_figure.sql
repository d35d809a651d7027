-- The staff measures' cells as they may be shown: missing, withheld as small, or actual.
-- Grain: one row per span, month, level, area_code, unit_code, sex, age_group, measure_id.
-- Key: span, month, level, area_code, unit_code, sex, age_group, measure_id
-- Withheld: in a breakdown by unit, sex or age, a cell or its complement on fewer persons than the dated limit (0 counts as few
-- by sex and age; other units may be none), a whole breakdown whose sum would tell of few protected persons, and any cell whose
-- measure has no limit in force. The reason names only the limit: it must not tell protected persons from small groups.
with
limit_in_force as (
    -- One row a measure; without a limit by unit, sex or age nothing may be broken down.
    select
        suppression.measure_id,
        max(suppression.minimum_persons) filter (where suppression.breakdown = 'organisation') as organisation_minimum,
        max(suppression.minimum_persons) filter (where suppression.breakdown = 'area') as area_minimum,
        max(suppression.minimum_persons) filter (where suppression.breakdown = 'unit') as unit_minimum,
        max(suppression.minimum_persons) filter (where suppression.breakdown = 'sex') as sex_minimum,
        max(suppression.minimum_persons) filter (where suppression.breakdown = 'age') as age_minimum
    from reference.suppression as suppression
    inner join build.closing as closing
        on
            suppression.valid_from <= closing.period_end
            and (suppression.valid_to is null or suppression.valid_to >= closing.period_end)
    group by suppression.measure_id
),

printed_by_the_source as (
    select distinct
        exception.span,
        exception.level,
        exception.measure_id,
        exception.sex,
        exception.age_group
    from reference.suppression_exceptions as exception
    inner join build.closing as closing
        on
            exception.valid_from <= closing.period_end
            and (exception.valid_to is null or exception.valid_to >= closing.period_end)
),

few_protected as (
    -- What an area minus its units tells, by total, by sex and by age: the fewest protected persons of any slice that has some.
    select
        span,
        month,
        area_code,
        measure_id,
        min(protected_persons) filter (where sex = 'T' and age_group = 'T' and protected_persons > 0) as protected_in_total,
        min(protected_persons) filter (where age_group = 'T' and protected_persons > 0) as protected_by_sex,
        min(protected_persons) filter (where sex = 'T' and protected_persons > 0) as protected_by_age
    from core.staff_cell
    where level = 'area'
    group by
        span,
        month,
        area_code,
        measure_id
),

judged_cell as (
    select
        cell.*,
        limits.unit_minimum,
        greatest(
            case cell.level
                when 'organisation' then coalesce(limits.organisation_minimum, 0)
                when 'area' then coalesce(limits.area_minimum, 0)
                else limits.unit_minimum
            end,
            case when cell.sex = 'T' then 0 else limits.sex_minimum end,
            case when cell.age_group = 'T' then 0 else limits.age_minimum end
        ) as minimum_persons,
        limits.measure_id is null
        or (cell.level = 'unit' and limits.unit_minimum is null)
        or (cell.sex <> 'T' and limits.sex_minimum is null)
        or (cell.age_group <> 'T' and limits.age_minimum is null) as lacks_limit,
        printed_by_the_source.measure_id is not null as is_printed_by_the_source,
        cell.sex <> 'T' and both_sexes.persons - cell.persons < limits.sex_minimum as is_few_of_the_other_sex,
        cell.age_group <> 'T' and all_ages.persons - cell.persons < limits.age_minimum as is_few_of_other_ages,
        cell.level = 'unit'
        and whole_area.unprotected_persons > cell.persons
        and whole_area.unprotected_persons - cell.persons < limits.unit_minimum as is_few_in_other_units,
        cell.level = 'area'
        and organisation.persons > cell.persons
        and organisation.persons - cell.persons < limits.area_minimum as is_few_in_other_areas,
        cell.level = 'unit'
        and (
            few_protected.protected_in_total < limits.unit_minimum
            or (cell.sex <> 'T' and few_protected.protected_by_sex < limits.unit_minimum)
            or (cell.age_group <> 'T' and few_protected.protected_by_age < limits.unit_minimum)
        ) as tells_of_few_protected
    from core.staff_cell as cell
    left join limit_in_force as limits
        on cell.measure_id = limits.measure_id
    left join printed_by_the_source
        on
            cell.span = printed_by_the_source.span
            and cell.level = printed_by_the_source.level
            and cell.measure_id = printed_by_the_source.measure_id
            and cell.sex = printed_by_the_source.sex
            and cell.age_group = printed_by_the_source.age_group
    left join core.staff_cell as both_sexes
        on
            cell.sex <> 'T'
            and both_sexes.sex = 'T'
            and cell.span = both_sexes.span
            and cell.month = both_sexes.month
            and cell.level = both_sexes.level
            and cell.area_code = both_sexes.area_code
            and cell.unit_code = both_sexes.unit_code
            and cell.age_group = both_sexes.age_group
            and cell.measure_id = both_sexes.measure_id
    left join core.staff_cell as all_ages
        on
            cell.age_group <> 'T'
            and all_ages.age_group = 'T'
            and cell.span = all_ages.span
            and cell.month = all_ages.month
            and cell.level = all_ages.level
            and cell.area_code = all_ages.area_code
            and cell.unit_code = all_ages.unit_code
            and cell.sex = all_ages.sex
            and cell.measure_id = all_ages.measure_id
    left join core.staff_cell as whole_area
        on
            cell.level = 'unit'
            and whole_area.level = 'area'
            and cell.span = whole_area.span
            and cell.month = whole_area.month
            and cell.area_code = whole_area.area_code
            and cell.sex = whole_area.sex
            and cell.age_group = whole_area.age_group
            and cell.measure_id = whole_area.measure_id
    left join core.staff_cell as organisation
        on
            cell.level = 'area'
            and organisation.level = 'organisation'
            and cell.span = organisation.span
            and cell.month = organisation.month
            and cell.sex = organisation.sex
            and cell.age_group = organisation.age_group
            and cell.measure_id = organisation.measure_id
    left join few_protected
        on
            cell.level = 'unit'
            and cell.span = few_protected.span
            and cell.month = few_protected.month
            and cell.area_code = few_protected.area_code
            and cell.measure_id = few_protected.measure_id
),

withheld_cell as (
    select
        judged_cell.*,
        not judged_cell.is_printed_by_the_source
        and (
            judged_cell.lacks_limit
            or judged_cell.persons < judged_cell.minimum_persons
            or coalesce(judged_cell.is_few_of_the_other_sex, false)
            or coalesce(judged_cell.is_few_of_other_ages, false)
            or coalesce(judged_cell.is_few_in_other_units, false)
            or coalesce(judged_cell.is_few_in_other_areas, false)
            or coalesce(judged_cell.tells_of_few_protected, false)
        ) as is_withheld
    from judged_cell
),

stated_cell as (
    -- What was not delivered is missing before anything is small; what nobody stands behind is missing only where not withheld.
    select
        withheld_cell.*,
        case
            when gap.measure_id is not null then 'missing'
            when withheld_cell.is_withheld then 'suppressed'
            when withheld_cell.denominator = 0 then 'missing'
            else 'actual'
        end as value_status,
        case
            when gap.measure_id is not null then gap.reason
            when withheld_cell.is_withheld and withheld_cell.lacks_limit then 'ingen gräns för små grupper är beslutad'
            when withheld_cell.is_withheld
                then 'litet underlag (färre än ' || cast(withheld_cell.minimum_persons as varchar) || ' personer)'
            when withheld_cell.denominator = 0 and withheld_cell.measure_id = 'pension_age' then 'inga avgångar'
            when withheld_cell.denominator = 0 then 'inget underlag'
        end as reason
    from withheld_cell
    left join core.staff_gap_place as gap
        on
            withheld_cell.span = gap.span
            and withheld_cell.month = gap.month
            and withheld_cell.level = gap.level
            and withheld_cell.area_code = gap.area_code
            and withheld_cell.unit_code = gap.unit_code
            and withheld_cell.measure_id = gap.measure_id
)

select
    span,
    month,
    level,
    area_code,
    unit_code,
    sex,
    age_group,
    measure_id,
    year_offset,
    case when value_status = 'actual' then numerator end as numerator,
    case when value_status = 'actual' then denominator end as denominator,
    value_status,
    reason
from stated_cell
