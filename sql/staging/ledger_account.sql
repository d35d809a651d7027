-- The ledger's own chart of accounts.
-- Source: ekonomi_sie, #KONTO and #KTYP.
-- Grain: one row per account and delivery.
-- Key: delivery_id, account
-- `account_type` is the file's own word (T asset, S liability, K cost, I revenue), or null;
-- a group comes from ekonomi_konto, never from here.
select
    named.delivery_id,
    named.line,
    named.account,
    named.account_name,
    named.account_type
from raw.sie_account as named
inner join build.closing_deliveries as applied
    on named.delivery_id = applied.delivery_id
