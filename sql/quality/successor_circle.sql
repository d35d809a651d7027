-- The circles in the register of units: units whose successors lead back to themselves.
-- Grain: one row per circle, under the first of its units.
-- Key: unit_code
-- Followed from each unit's last rows, whether they hold at the close or not: a circle that nobody has reached yet is as wrong. Nothing is
-- counted twice (core.unit_successor stops), but what the units of a circle did is out of every restated comparative.
with recursive steps as (
    select
        unit_code,
        successor_code,
        delivery_id,
        line
    from staging.unit
    qualify rank() over (partition by unit_code order by valid_from desc) = 1
),

followed as (
    select
        unit_code,
        successor_code,
        delivery_id,
        line,
        '/' || unit_code || '/' as successor_path,
        unit_code as circle_words,
        cast(line as varchar) as line_list,
        1 as units_in_circle
    from steps
    where successor_code is not null
    union all
    select
        followed.unit_code,
        steps.successor_code,
        followed.delivery_id,
        followed.line,
        followed.successor_path || steps.unit_code || '/' as successor_path,
        followed.circle_words || ' → ' || steps.unit_code as circle_words,
        followed.line_list || ', ' || cast(steps.line as varchar) as line_list,
        followed.units_in_circle + 1 as units_in_circle
    from followed
    inner join steps
        on followed.successor_code = steps.unit_code
    where
        steps.successor_code is not null
        and strpos(followed.successor_path, '/' || steps.unit_code || '/') = 0
        -- A circle is told from its first unit, and no path goes below it.
        and steps.unit_code > followed.unit_code
)

select
    unit_code,
    delivery_id,
    line,
    circle_words || ' → ' || unit_code as circle_words,
    line_list,
    units_in_circle
from followed
where successor_code = unit_code
qualify row_number() over (partition by unit_code order by units_in_circle, circle_words) = 1
