-- Each row of the catalogue of indicators against the others: what was changed under an old name, and what hangs in the air.
-- Grain: one row per row of the catalogue.
-- Key: indicator_id, valid_from
-- Definition, formula and unit belong to an id for ever; a name or an owner may change. An id that replaces another must name one that is
-- there, of the same unit or said to be another, and no path of replacements may come back to itself.
with catalogued as (
    select
        *,
        lag(definition) over rows_of_id as definition_before,
        lag(formula) over rows_of_id as formula_before,
        lag(print_unit) over rows_of_id as unit_before,
        lag(valid_from) over rows_of_id as valid_from_before,
        max(coalesce(valid_to, date '9999-12-31')) over (
            partition by indicator_id order by valid_from
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from staging.edition_indicator
    window rows_of_id as (partition by indicator_id order by valid_from)
),

last_rows as (
    select
        indicator_id,
        indicator_name,
        print_unit
    from staging.edition_indicator
    qualify row_number() over (partition by indicator_id order by valid_from desc) = 1
)

select
    catalogued.indicator_id,
    catalogued.valid_from,
    catalogued.indicator_name,
    catalogued.owner_role,
    catalogued.line,
    applied.file_name,
    applied.extract,
    catalogued.valid_from_before,
    catalogued.replaced_id,
    catalogued.print_unit,
    earlier.print_unit as earlier_unit,
    catalogued.expected_rule,
    catalogued.valid_from_before is not null
    and (
        catalogued.definition <> catalogued.definition_before
        or coalesce(catalogued.formula, '') <> coalesce(catalogued.formula_before, '')
        or catalogued.print_unit <> catalogued.unit_before
    ) as is_redefined,
    coalesce(catalogued.valid_from <= catalogued.ended_before, false) as is_overlapping,
    coalesce(catalogued.replaced_id, '') <> '' and (earlier.indicator_id is null or catalogued.replaced_id = catalogued.indicator_id)
        as is_replaced_id_unknown,
    coalesce(catalogued.print_unit <> earlier.print_unit, false) as is_unit_changed,
    catalogued.sex_split_code = 'EJ' and coalesce(catalogued.no_sex_split_reason, '') = '' as is_sex_split_unexplained,
    coalesce(catalogued.expected_rule, '') <> ''
    and not regexp_matches(catalogued.expected_rule, '^([+][0-9]{1,3}|(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$')
        as is_expected_rule_unreadable
from catalogued
inner join build.closing_deliveries as applied
    on catalogued.delivery_id = applied.delivery_id
left join last_rows as earlier
    on catalogued.replaced_id = earlier.indicator_id
