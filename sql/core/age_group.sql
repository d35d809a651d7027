-- The age groups in force on the closed period's last day.
-- Grain: one row per age_group.
-- Key: age_group
-- Both years of a comparison use the groups of the period being closed.
select
    age_group.age_group,
    age_group.age_from,
    age_group.age_to
from reference.age_groups as age_group
inner join build.closing as closing
    on
        age_group.valid_from <= closing.period_end
        and (age_group.valid_to is null or age_group.valid_to >= closing.period_end)
