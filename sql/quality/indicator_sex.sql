-- The indicators whose women's and men's own values are required, and whether they are there.
-- Grain: one row per indicator in force with a required split and a total in the closed period.
-- Key: indicator_id
-- A value that is withheld for its few persons is there. Of an indicator that the report computes, the measure's figures count.
with subjects as (
    select
        indicator_id,
        indicator_id as subject_id
    from core.indicator_definition
    where is_sex_split_required
    union
    select
        catalogued.indicator_id,
        keys.subject_id
    from core.indicator_definition as catalogued
    inner join core.report_key as keys
        on catalogued.indicator_id = keys.item_id
    where
        catalogued.is_sex_split_required
        and keys.quantity = 'actual'
        and keys.year_offset = 0
),

present as (
    select
        subjects.indicator_id,
        bool_or(figures.sex = 'T') as has_total,
        bool_or(figures.sex = 'K') as has_women,
        bool_or(figures.sex = 'M') as has_men
    from subjects
    inner join marts.figure as figures
        on subjects.subject_id = figures.subject_id
    where
        figures.quantity = 'actual'
        and figures.year_offset = 0
        and figures.area_code = ''
        and (figures.figure_value is not null or figures.numerator is not null or figures.value_status = 'suppressed')
    group by subjects.indicator_id
)

select
    catalogued.indicator_id,
    catalogued.indicator_name,
    catalogued.owner_role,
    present.has_women,
    present.has_men,
    not present.has_women or not present.has_men as is_sex_split_absent
from core.indicator_definition as catalogued
inner join present
    on catalogued.indicator_id = present.indicator_id
where present.has_total
