-- The projects that are investments, as the controllers' input names them.
-- Grain: one row per year and project.
-- Key: year_offset, projekt
-- For the closed year: the period's own input. For the year before: the newest input of that year and the period's together.
with newest_of_year_before as (
    select max(input.month) as month
    from staging.investment_input as input
    cross join build.closing as closing
    where input.month >= closing.previous_year_start and input.month < closing.year_start
)

select distinct
    0 as year_offset,
    input.projekt
from staging.investment_input as input
inner join build.closing as closing
    on input.month = closing.period
union
select distinct
    -1 as year_offset,
    input.projekt
from staging.investment_input as input
cross join build.closing as closing
where
    input.month = closing.period
    or input.month in (select newest_of_year_before.month from newest_of_year_before)
