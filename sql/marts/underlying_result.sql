-- The result as reported, what of it is one-off, and what is left: the underlying result.
-- Grain: one row per year and area ('' the organisation, '-' what belongs to no area).
-- Key: year_offset, area_code
-- As results: a surplus is positive. January…period, restated. `one_off_result_sek` is what the one-offs do to the result.
with kept as (
    select
        year_offset,
        coalesce(restated_area_code, '-') as area_code,
        actual_sek,
        one_off_sek
    from marts.result
    where
        is_to_date
        and not (year_offset < 0 and restatement_tag = 'left')
),

with_total as (
    select * from kept
    union all
    select
        year_offset,
        '' as area_code,
        actual_sek,
        one_off_sek
    from kept
)

select
    year_offset,
    area_code,
    cast(-sum(actual_sek) as decimal(28, 6)) as reported_result_sek,
    cast(-sum(one_off_sek) as decimal(28, 6)) as one_off_result_sek,
    cast(-sum(actual_sek - one_off_sek) as decimal(28, 6)) as underlying_result_sek
from with_total
group by year_offset, area_code
