"""The fields of a ledger's record: words into days, months and numbers of years."""

from __future__ import annotations

import re
from datetime import date

from flows.domain.period import Period

#: Which year: 0 the file's own, -1 the one before.
_YEAR_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_DATE = re.compile(r"[0-9]{8}")


class Unreadable(ValueError):
    """A field that is not of its type; the words say which."""


def day_of(text: str) -> date:
    """Eight digits as a day; raises Unreadable."""
    if _DATE.fullmatch(text) is None:
        raise Unreadable("datumet är inte åtta siffror")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable("datumet finns inte") from None


def month_of(text: str) -> date:
    """Six digits as a month's first day; raises Unreadable."""
    try:
        return Period.parse(text).first_day
    except ValueError:
        raise Unreadable("månaden är inte sex siffror") from None


def whole_of(text: str) -> int:
    """The number of a year, 0 or before; raises Unreadable."""
    if _YEAR_NUMBER.fullmatch(text) is None:
        raise Unreadable("årsnumret är inte ett heltal")
    return int(text)
