-- The ranges of the chart of accounts, each with how many others claim some of the same accounts on some of the same days.
-- Grain: one row per range and first day.
-- Key: account_from, valid_from
-- Bounds are compared with as many characters as the shorter has: 30 and 3001 overlap.
select
    one.account_from,
    one.valid_from,
    one.account_to,
    one.account_group,
    count(other.account_from) as overlapping_ranges,
    coalesce(min(other.account_from), '') as other_account_from
from staging.account_group as one
left join staging.account_group as other
    on
        (one.account_from <> other.account_from or one.valid_from <> other.valid_from)
        and substr(one.account_from, 1, least(length(one.account_from), length(other.account_to)))
        <= substr(other.account_to, 1, least(length(one.account_from), length(other.account_to)))
        and substr(other.account_from, 1, least(length(other.account_from), length(one.account_to)))
        <= substr(one.account_to, 1, least(length(other.account_from), length(one.account_to)))
        and one.valid_from <= coalesce(other.valid_to, one.valid_from)
        and other.valid_from <= coalesce(one.valid_to, other.valid_from)
group by
    one.account_from,
    one.valid_from,
    one.account_to,
    one.account_group
