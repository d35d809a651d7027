-- The names in the catalogue on the closed period's last day: one name is one indicator, with one definition and one target.
-- Grain: one row per name in force.
-- Key: indicator_name
-- Names are compared without regard to case. Two ids under one name are two definitions, two targets, or one indicator kept twice.
with named as (
    select
        catalogued.indicator_id,
        catalogued.indicator_name,
        catalogued.definition,
        coalesce(cast(target.target_value as varchar), target.target_words, '') as target_said
    from core.indicator_definition as catalogued
    left join core.indicator_target as target
        on
            catalogued.indicator_id = target.indicator_id
            and target.sex = 'T'
            and target.year_offset = 0
)

select
    min(indicator_name) as indicator_name,
    string_agg(indicator_id, ', ' order by indicator_id) as id_list,
    case
        when count(*) = 1 then 'en'
        when count(distinct definition) > 1 then 'olika definitioner'
        when count(distinct target_said) > 1 then 'olika mål'
        else 'samma definition och mål'
    end as name_use,
    count(*) > 1 as is_name_shared
from named
group by lower(indicator_name)
