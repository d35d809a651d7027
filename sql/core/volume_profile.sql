-- January…period of a unit's kind by the shape of something known for every month: the budget, or last year.
-- Grain: one row per year, measure, unit, kind and method.
-- Key: year_offset, measure_id, unit_code, volume_kind, method
-- Months at hand × the profile's months due ÷ the profile's same months. Of the budget the unit's own (all its kinds share it), of last
-- year the unit's own kind; a profile that lacks a month due gives no row, nor one whose months at hand come to nothing.
-- Two volumes multiplied need more than 64 bits: the product is divided as by hand, digit by digit of the first, in millionths (exact up
-- to 100 billion, beyond which there is no row), half away from zero.
with recursive due as (
    select
        months.year_offset,
        months.measure_id,
        months.unit_code,
        months.volume_kind,
        months.month,
        months.is_at_hand,
        cast(months.month - interval 1 year as date) as year_before
    from core.volume_kind_month as months
    inner join core.volume_window as windows
        on
            months.year_offset = windows.year_offset
            and months.measure_id = windows.measure_id
            and months.unit_code = windows.unit_code
            and months.volume_kind = windows.volume_kind
    where months.is_due and windows.months_missing > 0 and windows.months_at_hand > 0
),

profiled as (
    select
        due.*,
        'budget_profile' as method,
        budgets.month_budget_value as profile_value
    from due
    left join core.volume_budget_month as budgets
        on
            due.measure_id = budgets.measure_id
            and due.unit_code = budgets.unit_code
            and due.month = budgets.month
    union all
    select
        due.*,
        'same_share_last_year' as method,
        last_year.volume as profile_value
    from due
    left join core.volume_kind_month as last_year
        on
            due.measure_id = last_year.measure_id
            and due.unit_code = last_year.unit_code
            and due.volume_kind = last_year.volume_kind
            and due.year_before = last_year.month
            and last_year.is_at_hand
),

profiles as (
    select
        year_offset,
        measure_id,
        unit_code,
        volume_kind,
        method,
        sum(profile_value) as profile_due,
        coalesce(sum(profile_value) filter (where is_at_hand), 0) as profile_at_hand
    from profiled
    group by year_offset, measure_id, unit_code, volume_kind, method
    having count(*) = count(profile_value)
),

signed as (
    select
        profiles.*,
        case when windows.known_volume < 0 then -1 else 1 end
        * case when profiles.profile_due < 0 then -1 else 1 end
        * case when profiles.profile_at_hand < 0 then -1 else 1 end as volume_sign,
        cast(abs(windows.known_volume) * 1000000 as bigint) as multiplicand,
        cast(abs(profiles.profile_due) * 1000000 as bigint) as multiplier,
        cast(abs(profiles.profile_at_hand) * 1000000 as bigint) as divisor
    from profiles
    inner join core.volume_window as windows
        on
            profiles.year_offset = windows.year_offset
            and profiles.measure_id = windows.measure_id
            and profiles.unit_code = windows.unit_code
            and profiles.volume_kind = windows.volume_kind
    where
        abs(windows.known_volume) < 100000000000
        and abs(profiles.profile_due) < 100000000000
        and abs(profiles.profile_at_hand) < 100000000000
),

divided as (
    select
        year_offset,
        measure_id,
        unit_code,
        volume_kind,
        method,
        volume_sign,
        multiplicand as digits_left,
        multiplier,
        divisor,
        cast(1000000000000000000 as bigint) as place,
        cast(0 as decimal(38, 0)) as quotient,
        cast(0 as bigint) as remainder
    from signed
    where divisor > 0
    union all
    select
        year_offset,
        measure_id,
        unit_code,
        volume_kind,
        method,
        volume_sign,
        digits_left % place as digits_left,
        multiplier,
        divisor,
        place // 10 as place,
        cast(quotient * 10 + (remainder * 10 + digits_left // place * multiplier) // divisor as decimal(38, 0)) as quotient,
        (remainder * 10 + digits_left // place * multiplier) % divisor as remainder
    from divided
    where place > 0
),

rounded as (
    select
        *,
        quotient + case when 2 * remainder >= divisor then 1 else 0 end as millionths
    from divided
    where place = 0
)

-- Nearly nothing in the months at hand makes an estimate beyond any volume.
select
    year_offset,
    measure_id,
    unit_code,
    volume_kind,
    method,
    cast(cast(volume_sign * millionths as decimal(38, 0)) * 0.000001 as decimal(28, 6)) as estimated_volume
from rounded
where millionths < 1000000000000000000
