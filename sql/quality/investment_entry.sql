-- What is booked on investment accounts in the closed year, by project and the area of the voucher's ansvar.
-- Grain: one row per project ('' where the entry has none), part and area.
-- Key: projekt, ledger_part, area_code
-- The area is the voucher's; the controllers' input may name another, and the report follows the voucher.
with input_areas as (
    select distinct
        input.projekt,
        coalesce(area.area_code, '') as area_code
    from staging.investment_input as input
    inner join build.closing as closing
        on input.month = closing.period
    left join core.area as area
        on input.area = area.area
)

select
    entry.projekt,
    entry.ledger_part,
    coalesce(entry.area_code, '') as area_code,
    coalesce(min(input.area_code), '') as input_area_code,
    sum(entry.amount_sek) as amount_sek,
    count(*) as entries,
    count(*) filter (where not entry.is_investment_project) as entries_without_project,
    bool_and(
        not entry.is_investment_project
        or exists (
            select 1
            from input_areas as named
            where named.projekt = entry.projekt and named.area_code = coalesce(entry.area_code, '')
        )
    ) as is_area_of_input
from core.ledger_entry as entry
inner join build.month as month
    on entry.month = month.month
left join (select projekt, min(area_code) as area_code from input_areas group by projekt) as input
    on entry.projekt = input.projekt
where
    month.year_offset = 0
    and month.is_to_date
    and entry.ledger_part in ('investment_expenditure', 'investment_income')
group by
    entry.projekt,
    entry.ledger_part,
    coalesce(entry.area_code, '')
