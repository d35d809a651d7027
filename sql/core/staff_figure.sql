-- The staff measures' cells as they may be shown: missing, withheld as small, or actual.
-- Grain: one row per span, month, level, area_code, unit_code, sex, age_group, measure_id.
-- Key: span, month, level, area_code, unit_code, sex, age_group, measure_id
-- Withheld: in a breakdown by unit, sex or age, a cell or its complement on fewer persons than the dated limit (0 counts as few
-- by sex and age; other units may be none), a whole breakdown whose sum would tell of few protected persons, any cell whose measure has
-- no limit in force, and a sum to date of which some months are withheld and others shown: subtracted from it, these would tell of those.
-- The reason names only the limit: it must not tell protected persons from small groups.
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

cell_in_its_whole as (
    -- Each cell beside the persons of what it is a part of, and beside what its area minus its units would tell of the protected:
    -- the fewest of them in any slice that has some, in total, by sex and by age.
    select
        cell.*,
        max(case when cell.sex = 'T' then cell.persons end) over both_sexes as persons_of_both_sexes,
        max(case when cell.age_group = 'T' then cell.persons end) over all_ages as persons_of_all_ages,
        max(case when cell.level = 'area' then cell.unprotected_persons end) over area_slice as persons_of_area,
        max(case when cell.level = 'organisation' then cell.persons end) over slice as persons_of_organisation,
        min(
            case
                when cell.level = 'area' and cell.sex = 'T' and cell.age_group = 'T' and cell.protected_persons > 0
                    then cell.protected_persons
            end
        ) over area_measure as protected_in_total,
        min(
            case
                when cell.level = 'area' and cell.age_group = 'T' and cell.protected_persons > 0
                    then cell.protected_persons
            end
        ) over area_measure as protected_by_sex,
        min(
            case
                when cell.level = 'area' and cell.sex = 'T' and cell.protected_persons > 0
                    then cell.protected_persons
            end
        ) over area_measure as protected_by_age
    from core.staff_cell as cell
    window
        both_sexes as (
            partition by
                cell.span, cell.month, cell.level, cell.area_code, cell.unit_code, cell.age_group, cell.measure_id
        ),
        all_ages as (
            partition by cell.span, cell.month, cell.level, cell.area_code, cell.unit_code, cell.sex, cell.measure_id
        ),
        area_slice as (
            partition by cell.span, cell.month, cell.area_code, cell.sex, cell.age_group, cell.measure_id
        ),
        slice as (partition by cell.span, cell.month, cell.sex, cell.age_group, cell.measure_id),
        area_measure as (partition by cell.span, cell.month, cell.area_code, cell.measure_id)
),

judged_cell as (
    select
        cell.*,
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
        cell.sex <> 'T' and cell.persons_of_both_sexes - cell.persons < limits.sex_minimum as is_few_of_the_other_sex,
        cell.age_group <> 'T' and cell.persons_of_all_ages - cell.persons < limits.age_minimum as is_few_of_other_ages,
        cell.level = 'unit'
        and cell.persons_of_area > cell.persons
        and cell.persons_of_area - cell.persons < limits.unit_minimum as is_few_in_other_units,
        cell.level = 'area'
        and cell.persons_of_organisation > cell.persons
        and cell.persons_of_organisation - cell.persons < limits.area_minimum as is_few_in_other_areas,
        cell.level = 'unit'
        and (
            cell.protected_in_total < limits.unit_minimum
            or (cell.sex <> 'T' and cell.protected_by_sex < limits.unit_minimum)
            or (cell.age_group <> 'T' and cell.protected_by_age < limits.unit_minimum)
        ) as tells_of_few_protected
    from cell_in_its_whole as cell
    left join limit_in_force as limits
        on cell.measure_id = limits.measure_id
    left join printed_by_the_source
        on
            cell.span = printed_by_the_source.span
            and cell.level = printed_by_the_source.level
            and cell.measure_id = printed_by_the_source.measure_id
            and cell.sex = printed_by_the_source.sex
            and cell.age_group = printed_by_the_source.age_group
),

small_cell as (
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
        ) as is_small
    from judged_cell
),

withheld_cell as (
    -- A stock to date is its last month: nothing can be subtracted from it.
    select
        small_cell.*,
        small_cell.is_small
        or (
            small_cell.span = 'to_date'
            and not small_cell.is_printed_by_the_source
            and small_cell.measure_id not in ('permanent_headcount', 'full_time_share')
            and bool_or(small_cell.span = 'month' and small_cell.is_small) over months_of_cell
            and bool_or(small_cell.span = 'month' and not small_cell.is_small) over months_of_cell
        ) as is_withheld
    from small_cell
    window
        months_of_cell as (
            partition by
                small_cell.year_offset,
                small_cell.level,
                small_cell.area_code,
                small_cell.unit_code,
                small_cell.sex,
                small_cell.age_group,
                small_cell.measure_id
        )
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
