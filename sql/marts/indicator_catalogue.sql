-- What the figures are: each indicator of the edition's catalogue, and each measure that we compute ourselves.
-- Grain: one row per indicator in force on the period's last day, and one per computed measure.
-- Key: catalogue_kind, subject_id
-- `subject_id` is the report's item (indicator) or measure. An indicator that the report computes has its measure's id beside it. The
-- target is the closed year's, for women and men together; all of them stand in marts.indicator_target. `direction` says which way is
-- better and never turns a sign.
with computed_items as (
    select
        item_id as indicator_id,
        min(measure_id) as measure_id
    from core.report_key
    where
        item_id <> ''
        and measure_id not in ('indicator', 'goal')
    group by item_id
)

select
    'indicator' as catalogue_kind,
    catalogued.indicator_id as subject_id,
    coalesce(computed.measure_id, 'indicator') as measure_id,
    catalogued.indicator_name as subject_name,
    catalogued.owner_role,
    catalogued.definition,
    catalogued.formula,
    catalogued.direction,
    catalogued.measure_kind,
    catalogued.print_unit,
    catalogued.is_sex_split_required,
    catalogued.no_sex_split_reason,
    catalogued.indicator_source,
    catalogued.first_day,
    catalogued.valid_from,
    catalogued.valid_to,
    catalogued.replaced_id,
    catalogued.goal_id,
    catalogued.expected_day,
    target.target_kind,
    target.target_words,
    target.decided_by,
    target.target_value
from core.indicator_definition as catalogued
left join core.indicator_target as target
    on
        catalogued.indicator_id = target.indicator_id
        and target.sex = 'T'
        and target.year_offset = 0
left join computed_items as computed
    on catalogued.indicator_id = computed.indicator_id
union all
select
    'measure' as catalogue_kind,
    measure_id as subject_id,
    measure_id,
    label as subject_name,
    owner_role,
    definition,
    formula,
    case polarity when 1 then 'higher' when -1 then 'lower' else 'none' end as direction,
    measure_kind,
    figure_unit as print_unit,
    null as is_sex_split_required,
    null as no_sex_split_reason,
    null as indicator_source,
    null as first_day,
    null as valid_from,
    null as valid_to,
    null as replaced_id,
    null as goal_id,
    null as expected_day,
    null as target_kind,
    null as target_words,
    null as decided_by,
    null as target_value
from reference.measures
where measure_kind <> 'typed'
