-- What is expected of whom, and when.
-- Source: forvantade_leveranser.
-- Grain: one row per extract, activity_type, valid_from.
-- Key: extract, activity_type, valid_from
-- verksamhetstyp empty: the file is expected; filled: rows of the units of that type are expected in it.
-- arbetsdag is 1-20, of the month after.
select
    delivered.delivery_id,
    delivered.line,
    delivered.extract,
    delivered.verksamhetstyp as activity_type,
    delivered.arbetsdag as working_day,
    delivered.giltig_from as valid_from,
    delivered.giltig_tom as valid_to
from raw.forvantade_leveranser as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
