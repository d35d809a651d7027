-- What was said of each goal against the indicators that the catalogue counts to it.
-- Grain: one row per assessed goal with an indicator that can be judged.
-- Key: goal_id
-- Judged is an indicator with a direction, a target that is a number, and a printed value for the closed period; it is worse where no
-- rounding to the printed decimals can make it reach the target. Both sides are multiplied by the denominator, so that nothing is divided.
-- A goal of which some such indicator is missing, without a word for why, is not judged: what is known of it may not be what decides.
with asked as (
    select
        catalogued.indicator_id,
        catalogued.goal_id,
        catalogued.direction,
        target.target_value,
        cast(coalesce(cell.numerator, cell.figure_value) * cell.row_sign as decimal(28, 6))
        * cast(cell.multiplier as integer) as scaled_value,
        cast(coalesce(cell.denominator, 1) as decimal(28, 6)) * cast(cell.divisor as integer) as scale,
        case length(regexp_extract(coalesce(cell.print_pattern, ''), ',([0#]+)', 1))
            when 0 then cast(0.5 as decimal(6, 5))
            when 1 then cast(0.05 as decimal(6, 5))
            when 2 then cast(0.005 as decimal(6, 5))
            else cast(0.0005 as decimal(6, 5))
        end as half_printed_unit
    from marts.report_cell as cell
    inner join core.indicator_definition as catalogued
        on cell.item_id = catalogued.indicator_id
    inner join core.indicator_target as target
        on
            catalogued.indicator_id = target.indicator_id
            and target.sex = 'T'
            and target.year_offset = 0
    where
        cell.quantity = 'actual'
        and cell.year_offset = 0
        and cell.sex = 'T'
        and cell.area_code = ''
        and cell.words is null
        and catalogued.goal_id is not null
        and catalogued.direction in ('higher', 'lower')
        and target.target_value is not null
    qualify row_number() over (partition by catalogued.indicator_id order by cell.table_id, cell.row_id, cell.column_id) = 1
),

goals_in_doubt as (
    select distinct goal_id
    from asked
    where scaled_value is null or scale = 0
),

printed as (
    select asked.*
    from asked
    left join goals_in_doubt
        on asked.goal_id = goals_in_doubt.goal_id
    where goals_in_doubt.goal_id is null
),

compared as (
    select
        indicator_id,
        goal_id,
        case direction when 'higher' then 1 else -1 end
        * (cast(target_value as decimal(12, 4)) * cast(scale as decimal(24, 6)) - scaled_value)
        > half_printed_unit * cast(scale as decimal(24, 6)) as is_worse
    from printed
)

select
    compared.goal_id,
    assessed.assessment,
    assessed.words,
    count(*) as judged_indicators,
    count(*) filter (where compared.is_worse) as worse_indicators,
    (assessed.assessment = 'UPPNAS' and bool_and(compared.is_worse))
    or (assessed.assessment = 'INTE' and not bool_or(compared.is_worse)) as is_summary_contradicted
from compared
inner join marts.goal as assessed
    on compared.goal_id = assessed.goal_id
group by
    compared.goal_id,
    assessed.assessment,
    assessed.words
