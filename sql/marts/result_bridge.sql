-- From the period's budget, and from the same period of last year, to the outcome: what each account group of each area adds.
-- Grain: one row per comparison, area, account group and whether it is one-off.
-- Key: comparison, area_code, account_group, is_one_off
-- As results: a surplus is positive, so a step is what it does to the result. January…period, in the closed period's organisation; '-' is
-- what belongs to no area. `start_sek` is the budget (which knows no one-offs) or last year's outcome, `end_sek` the outcome; both add up
-- to marts.figure exactly (reconciliations.result_bridge). The outcome is with adjustments.
with comparisons as (
    select 'budget' as comparison
    union all
    select 'last_year' as comparison
),

kept as (
    select
        year_offset,
        coalesce(restated_area_code, '-') as area_code,
        account_group,
        actual_sek,
        one_off_sek,
        budget_sek
    from marts.result
    where
        is_to_date
        and not (year_offset < 0 and restatement_tag = 'left')
),

-- One-off and the rest apart.
parts as (
    select
        year_offset,
        area_code,
        account_group,
        false as is_one_off,
        actual_sek - one_off_sek as actual_sek,
        budget_sek
    from kept
    union all
    select
        year_offset,
        area_code,
        account_group,
        true as is_one_off,
        one_off_sek as actual_sek,
        0 as budget_sek
    from kept
    where one_off_sek <> 0
),

compared as (
    select
        comparisons.comparison,
        parts.area_code,
        parts.account_group,
        parts.is_one_off,
        case
            when comparisons.comparison = 'budget' and parts.year_offset = 0 then -parts.budget_sek
            when comparisons.comparison = 'last_year' and parts.year_offset = -1 then -parts.actual_sek
            else 0
        end as start_sek,
        case when parts.year_offset = 0 then -parts.actual_sek else 0 end as end_sek
    from parts
    cross join comparisons
    where parts.year_offset in (0, -1)
)

select
    comparison,
    area_code,
    account_group,
    is_one_off,
    cast(sum(start_sek) as decimal(28, 6)) as start_sek,
    cast(sum(end_sek) as decimal(28, 6)) as end_sek,
    cast(sum(end_sek - start_sek) as decimal(28, 6)) as step_sek
from compared
group by comparison, area_code, account_group, is_one_off
having sum(abs(start_sek)) + sum(abs(end_sek)) <> 0
