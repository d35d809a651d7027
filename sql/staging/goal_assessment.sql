-- The assessment of each goal.
-- Source: mal_bedomning.
-- Grain: one row per month, goal_id.
-- Key: month, goal_id
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.namndmal_id as goal_id,
    delivered.status as assessment,
    delivered.motivering as reason_words,
    delivered.ansvarig as responsible
from raw.mal_bedomning as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
