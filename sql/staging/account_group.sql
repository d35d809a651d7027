-- The chart of accounts, by range and group.
-- Source: ekonomi_konto.
-- Grain: one row per account_from, valid_from.
-- Key: account_from, valid_from
select
    delivered.delivery_id,
    delivered.line,
    delivered.konto_fran as account_from,
    delivered.konto_till as account_to,
    delivered.grupp as account_group,
    delivered.ar_sjuklon as is_sick_pay,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to
from raw.ekonomi_konto as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
