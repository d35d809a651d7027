-- What the catalogue says of each indicator on the closed period's last day.
-- Grain: one row per indicator in force.
-- Key: indicator_id
-- Where rows of one id overlap, the one that began last counts (quality.indicator_definition says so). `expected_day` follows from the
-- rule: a day of the closed year, or so many days after the period's end; a rule that cannot be read gives none.
with began as (
    select
        indicator_id,
        min(valid_from) as began_on
    from staging.edition_indicator
    group by indicator_id
),

in_force as (
    select
        catalogued.*,
        closing.period_end,
        regexp_matches(catalogued.expected_rule, '^[+][0-9]{1,3}$') as is_days_after,
        regexp_matches(catalogued.expected_rule, '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') as is_day_of_year,
        try_cast(substr(catalogued.expected_rule, 2) as integer) as days_after,
        try_cast(substr(catalogued.expected_rule, 1, 2) as integer) as due_month,
        try_cast(substr(catalogued.expected_rule, 4) as integer) as due_day
    from staging.edition_indicator as catalogued
    cross join build.closing as closing
    where
        catalogued.valid_from <= closing.period_end
        and (catalogued.valid_to is null or catalogued.valid_to >= closing.period_end)
    qualify row_number() over (partition by catalogued.indicator_id order by catalogued.valid_from desc, catalogued.line desc) = 1
),

-- 02-30 is the last of February.
due as (
    select
        in_force.*,
        case
            when in_force.is_days_after then cast(in_force.period_end + in_force.days_after as date)
            when in_force.is_day_of_year then least(cast(months.month + in_force.due_day - 1 as date), months.month_end)
        end as expected_day
    from in_force
    left join build.month as months
        on
            months.year_offset = 0
            and in_force.is_day_of_year
            and in_force.due_month = months.month_number
)

select
    due.delivery_id,
    due.line,
    due.indicator_id,
    due.valid_from,
    due.valid_to,
    began.began_on,
    due.indicator_name,
    due.owner_role,
    due.definition,
    due.formula,
    case due.direction_code when 'HOGRE' then 'higher' when 'LAGRE' then 'lower' when 'INTERVALL' then 'interval' else 'none' end
        as direction,
    due.print_unit,
    case due.type_code
        when 'FLODE' then 'flow'
        when 'STOCK' then 'stock'
        when 'KVOT' then 'rate'
        when 'ACKUMULERAD' then 'accumulating_rate'
        else 'measurement'
    end as measure_kind,
    due.sex_split_code = 'KRAVS' as is_sex_split_required,
    due.no_sex_split_reason,
    due.indicator_source,
    due.first_day,
    nullif(due.replaced_id, '') as replaced_id,
    due.goal_id,
    due.expected_day
from due
inner join began
    on due.indicator_id = began.indicator_id
