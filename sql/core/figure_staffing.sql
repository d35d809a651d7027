-- The staffing figures of the organisation and its areas, all ages together.
-- Grain: one row per measure, area, sex and year.
-- Key: subject_id, area_code, sex, quantity, year_offset, organisation_view
-- Heads are a number; every other staffing measure is a ratio (also an age: years over persons) and keeps its parts.
-- In the organisation as it was: a comparative is marked where the organisation has changed since.
with staffed as (
    select
        staffing.measure_id,
        case when staffing.level = 'organisation' then '' else staffing.area_code end as area_code,
        staffing.sex,
        staffing.year_offset,
        measures.figure_unit,
        staffing.numerator,
        staffing.denominator,
        case
            when staffing.value_status in ('missing', 'suppressed') then staffing.value_status
            when staffing.numerator is null then 'missing'
            when measures.figure_unit <> 'persons' and coalesce(staffing.denominator, 0) = 0 then 'missing'
            else staffing.value_status
        end as value_status,
        case
            when staffing.reason is not null then staffing.reason
            when staffing.value_status in ('missing', 'suppressed') then null
            when staffing.numerator is null then 'underlag saknas'
            when measures.figure_unit <> 'persons' and coalesce(staffing.denominator, 0) = 0 then 'nämnaren är noll'
        end as reason
    from marts.staffing_to_date as staffing
    inner join reference.measures as measures
        on staffing.measure_id = measures.measure_id
    where
        staffing.age_group = 'T'
        and staffing.level in ('organisation', 'area')
        and not (staffing.level = 'area' and coalesce(staffing.area_code, '') = '')
)

select
    staffed.measure_id as subject_id,
    staffed.area_code,
    staffed.sex,
    'actual' as quantity,
    staffed.year_offset,
    '' as organisation_view,
    staffed.measure_id,
    case
        when staffed.figure_unit = 'persons' and staffed.value_status not in ('missing', 'suppressed')
            then cast(staffed.numerator as decimal(28, 6))
    end as figure_value,
    case
        when staffed.figure_unit <> 'persons' and staffed.value_status not in ('missing', 'suppressed')
            then cast(staffed.numerator as decimal(28, 6))
    end as numerator,
    case
        when staffed.figure_unit <> 'persons' and staffed.value_status not in ('missing', 'suppressed')
            then cast(staffed.denominator as decimal(28, 6))
    end as denominator,
    cast(null as decimal(28, 6)) as adjustment_value,
    cast(null as varchar) as words,
    staffed.figure_unit,
    staffed.value_status,
    cast(null as varchar) as method,
    cast(null as varchar) as months,
    staffed.reason,
    case
        when staffed.year_offset = 0 then ''
        when changes.is_changed then 'not_restated'
        else 'same'
    end as organisation_tag
from staffed
left join core.organisation_change as changes
    on staffed.area_code = changes.area_code
