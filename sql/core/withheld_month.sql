-- The months for which an extract was refused today, with nothing before it in force.
-- Grain: one row per extract and month.
-- Key: extract, month
select
    withheld.extract,
    withheld.period as month,
    min(withheld.reason) as reason
from build.withheld_extract as withheld
where withheld.period is not null
group by withheld.extract, withheld.period
