-- The deliveries that were refused or stopped with nothing before them in force: their tables are withheld today.
-- Grain: one row per extract and period withheld.
-- Key: extract, month
-- A report without one source is still a report; one without its ledger is not.
select
    withheld.extract,
    withheld.period as month,
    described.label,
    described.source,
    min(withheld.reason) as reason,
    described.needed <> 'ledger' as is_withheld_source,
    described.needed = 'ledger' as is_withheld_ledger
from build.withheld_extract as withheld
inner join reference.extracts as described
    on withheld.extract = described.extract
group by
    withheld.extract,
    withheld.period,
    described.label,
    described.source,
    described.needed
