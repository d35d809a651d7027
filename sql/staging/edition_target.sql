-- The targets of the indicators, year by year.
-- Source: edition_malvarde.
-- Grain: one row per indicator_id, year, sex.
-- Key: indicator_id, year, sex
-- A number, or words as they are printed; an empty sex is all.
select
    delivered.delivery_id,
    delivered.line,
    delivered.indikator_id as indicator_id,
    cast(delivered.ar as integer) as year,
    coalesce(delivered.kon, 'T') as sex,
    delivered.mal as target_value,
    delivered.mal_ord as target_words,
    delivered.slag as target_kind,
    delivered.beslut as decided_by
from raw.edition_malvarde as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
