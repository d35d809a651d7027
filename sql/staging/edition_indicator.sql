-- The catalogue of indicators: what each means, who owns it, and from when.
-- Source: edition_indikator.
-- Grain: one row per indicator_id, valid_from.
-- Key: indicator_id, valid_from
-- A changed definition is a new id with ersatter; ids may also be those of computed measures. The codes are the source's own.
select
    delivered.delivery_id,
    delivered.line,
    delivered.id as indicator_id,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to,
    delivered.namn as indicator_name,
    delivered.agare as owner_role,
    delivered.definition,
    delivered.formel as formula,
    delivered.riktning as direction_code,
    delivered.enhet as print_unit,
    delivered.typ as type_code,
    delivered.konsuppdelning as sex_split_code,
    delivered.varfor_ej_kon as no_sex_split_reason,
    delivered.kalla as indicator_source,
    delivered.forsta_dag as first_day,
    delivered.ersatter as replaced_id,
    delivered.vantas as expected_rule,
    delivered.namndmal_id as goal_id
from raw.edition_indikator as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
