-- The total of a figure against those of women and men: a mean or a share lies between them, a count is their sum.
-- Grain: one row per subject, area, quantity, year and view of the organisation with all three.
-- Key: subject_id, area_code, quantity, year_offset, organisation_view
-- Typed figures are compared as typed: between, the ends included. Computed shares are compared crosswise, without a division.
-- A total that lies almost upon the one says that the other are few: its distance, in per cent of that between women and men.
with figures as (
    select
        subject_id,
        area_code,
        quantity,
        year_offset,
        organisation_view,
        sex,
        coalesce(figure_value, numerator) as numerator,
        case when figure_value is null then denominator else 1 end as denominator
    from marts.figure
    where
        quantity in ('actual', 'observation')
        and coalesce(figure_value, numerator) is not null
),

-- Each pair compared once: negative where the first is the smaller.
compared as (
    select
        total.subject_id,
        total.area_code,
        total.quantity,
        total.year_offset,
        total.organisation_view,
        cast(total.numerator as decimal(38, 6)) * cast(women.denominator as bigint)
        - cast(women.numerator as decimal(38, 6)) * cast(total.denominator as bigint) as over_women,
        cast(total.numerator as decimal(38, 6)) * cast(men.denominator as bigint)
        - cast(men.numerator as decimal(38, 6)) * cast(total.denominator as bigint) as over_men,
        cast(women.numerator as decimal(38, 6)) * cast(men.denominator as bigint)
        - cast(men.numerator as decimal(38, 6)) * cast(women.denominator as bigint) as women_over_men,
        cast(total.denominator as bigint) as total_denominator,
        cast(women.denominator as bigint) as women_denominator,
        cast(men.denominator as bigint) as men_denominator,
        total.denominator = 1 and total.numerator = women.numerator + men.numerator as is_sum
    from figures as total
    inner join figures as women
        on
            total.subject_id = women.subject_id
            and total.area_code = women.area_code
            and total.quantity = women.quantity
            and total.year_offset = women.year_offset
            and total.organisation_view = women.organisation_view
            and women.sex = 'K'
    inner join figures as men
        on
            total.subject_id = men.subject_id
            and total.area_code = men.area_code
            and total.quantity = men.quantity
            and total.year_offset = men.year_offset
            and total.organisation_view = men.organisation_view
            and men.sex = 'M'
    where total.sex = 'T'
),

-- What people call it and who owns it, an indicator's owner as the other rules ask for them; an id that is both an indicator's and a
-- measure's has one name.
names as (
    select
        subject_id,
        min(subject_name) as subject_name,
        min(case catalogue_kind when 'indicator' then 'den som äger indikatorn (' || owner_role || ')' else owner_role end) as owner_role
    from marts.indicator_catalogue
    group by subject_id
)

select
    compared.subject_id,
    compared.area_code,
    compared.quantity,
    compared.year_offset,
    compared.organisation_view,
    coalesce(names.subject_name, compared.subject_id) as subject_name,
    coalesce(names.owner_role, 'den som matat in ' || compared.subject_id) as owner_role,
    cast(year(closing.period) as integer) + compared.year_offset as figure_year,
    compared.is_sum
    or (compared.over_women <= 0 and compared.over_men >= 0)
    or (compared.over_women >= 0 and compared.over_men <= 0) as is_between_sexes,
    compared.women_over_men <> 0
    and not compared.is_sum
    and ((compared.over_women <= 0 and compared.over_men >= 0) or (compared.over_women >= 0 and compared.over_men <= 0))
    and (
        abs(compared.over_women) * compared.men_denominator * 100
        < limits.threshold_value * abs(compared.women_over_men) * compared.total_denominator
        or abs(compared.over_men) * compared.women_denominator * 100
        < limits.threshold_value * abs(compared.women_over_men) * compared.total_denominator
    ) as is_just_inside
from compared
inner join core.threshold as limits
    on limits.threshold_id = 'sex_share_least'
cross join build.closing as closing
left join names
    on compared.subject_id = names.subject_id
