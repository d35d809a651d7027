-- The ids that each indicator had before its definition changed, step by step back in time.
-- Grain: one row per indicator in force and earlier id.
-- Key: indicator_id, earlier_id
-- `since_day` is the first day of the definition that followed: what is dated before it is the earlier id's to say. An earlier id is
-- described by its last row. A path never enters an id twice, so a circle stops by itself (quality.indicator_definition shows it).
with recursive last_rows as (
    select
        *,
        min(valid_from) over (partition by indicator_id) as began_on
    from staging.edition_indicator
    qualify row_number() over (partition by indicator_id order by valid_from desc, line desc) = 1
),

followed as (
    select
        indicator_id,
        replaced_id as earlier_id,
        1 as replacement_step,
        began_on as since_day,
        print_unit,
        '/' || indicator_id || '/' || replaced_id || '/' as replacement_path
    from core.indicator_definition
    where
        replaced_id is not null
        and replaced_id <> indicator_id
    union all
    select
        followed.indicator_id,
        earlier.replaced_id as earlier_id,
        followed.replacement_step + 1 as replacement_step,
        earlier.began_on as since_day,
        followed.print_unit,
        followed.replacement_path || earlier.replaced_id || '/' as replacement_path
    from followed
    inner join last_rows as earlier
        on followed.earlier_id = earlier.indicator_id
    where
        coalesce(earlier.replaced_id, '') <> ''
        and strpos(followed.replacement_path, '/' || earlier.replaced_id || '/') = 0
)

select
    followed.indicator_id,
    followed.earlier_id,
    earlier.delivery_id,
    earlier.line,
    earlier.indicator_name as earlier_name,
    earlier.definition as earlier_definition,
    earlier.print_unit as earlier_unit,
    earlier.print_unit = followed.print_unit as is_same_unit,
    followed.since_day,
    cast(followed.replacement_step as integer) as replacement_step
from followed
inner join last_rows as earlier
    on followed.earlier_id = earlier.indicator_id
