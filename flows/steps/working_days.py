"""Swedish working days: what a month's fifth one is, and how many are left."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from flows.domain.period import Period

_SATURDAY = 5


def nth_working_day(period: Period, number: int) -> date:
    """The month's working day of that number."""
    day = period.first_day
    counted = int(is_working_day(day))
    while counted < number:
        day += timedelta(days=1)
        counted += is_working_day(day)
    return day


def working_days_left(today: date, day: date) -> int:
    """How many working days come after today up to and with the day; negative where it has passed."""
    first, last = sorted((today, day))
    between = sum(is_working_day(first + timedelta(days=days)) for days in range(1, (last - first).days + 1))
    return between if day >= today else -between


def is_working_day(day: date) -> bool:
    """No weekend, no Swedish public holiday, no Midsummer, Christmas or New Year's Eve."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays

    # Sundays are counted as holidays by law; de facto ones (eves) are days on which nobody delivers.
    return frozenset(
        holidays.country_holidays("SE", years=year, include_sundays=False, categories=("public", "de_facto"))
    )
