-- Absence spells touching the period.
-- Source: heroma_franvaro.
-- Grain: one row per month, employment_id, absence_code, absent_from.
-- Key: month, employment_id, absence_code, absent_from
-- timmar_period is ordinary hours lost within this period, extent already applied. from may lie before the period.
select
    delivered.delivery_id,
    delivered.line,
    delivered.period as month,
    delivered.anst_id as employment_id,
    delivered.orsak_kod as absence_code,
    delivered."from" as absent_from,
    delivered.tom as absent_to,
    delivered.omfattning as extent_percent,
    delivered.timmar_period as absence_hours
from raw.heroma_franvaro as delivered
inner join build.closing_deliveries as applied
    on delivered.delivery_id = applied.delivery_id
