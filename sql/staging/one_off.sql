-- What of the ledger somebody has decided to call one-off.
-- Source: engangsposter.
-- Grain: one row per one_off_id, ansvar, account_from, projekt, valid_from.
-- Key: delivery_id, line
-- An unknown ansvar or projekt stands for all of them.
select
    delivered.delivery_id,
    delivered.line,
    delivered.post_id as one_off_id,
    delivered.benamning as one_off_name,
    nullif(delivered.ansvar, '') as ansvar,
    delivered.konto_fran as account_from,
    delivered.konto_till as account_to,
    nullif(delivered.projekt, '') as projekt,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to,
    delivered.ansvarig as responsible,
    delivered.beslut as decision_words
from raw.engangsposter as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
