-- The total of a figure against those of women and men: a mean or a share lies between them, a count is their sum.
-- Grain: one row per subject, area, quantity, year and view of the organisation with all three.
-- Key: subject_id, area_code, quantity, year_offset, organisation_view
-- Typed figures are compared as typed: between, the ends included. Computed shares are compared crosswise, without a division.
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
)

select
    subject_id,
    area_code,
    quantity,
    year_offset,
    organisation_view,
    is_sum or (over_women <= 0 and over_men >= 0) or (over_women >= 0 and over_men <= 0) as is_between_sexes
from compared
