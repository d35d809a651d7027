"""A workbook's numbers as the sheet shows them: dates, times and per cent are numbers with a format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import Enum, auto

#: The formats that a workbook names by number alone (ECMA-376, part 1, 18.8.30) and that show no plain number.
BUILT_IN: Mapping[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    **dict.fromkeys((18, 19, 20, 21, 32, 33), "h:mm"),
    22: "yyyy-mm-dd h:mm",
    34: "yyyy-mm-dd",
    35: "yyyy-mm-dd",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}

#: What a spreadsheet keeps of a number; what stands after that comes of storing it in binary.
_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)
_A_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

#: Words, colours, currencies and padding: what a format shows beside the value.
_BESIDE_THE_VALUE = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]?', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)

_SECONDS_OF_A_DAY = 86400
#: 9999-12-31, the last day that a workbook knows.
_LAST_DAY = 2958465
_DAY_THAT_NEVER_WAS = 60


class Shown(Enum):
    """What a format makes of a number."""

    PLAIN = auto()
    PERCENT = auto()
    DATE = auto()
    MONTH = auto()
    YEAR = auto()
    TIME = auto()
    DURATION = auto()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The day that a workbook counts from: 1900 by default, 1904 in files from old Macintosh programs."""

    from_1904: bool = False

    def day(self, number: int) -> date | None:
        """The day with a number; None for 29 February 1900, which only spreadsheets have, and beyond the year 9999."""
        if self.from_1904:
            return date(1904, 1, 1) + timedelta(number) if number <= _LAST_DAY - 1462 else None
        if number == _DAY_THAT_NEVER_WAS or number > _LAST_DAY:
            return None
        return date(1899, 12, 30 if number > _DAY_THAT_NEVER_WAS else 31) + timedelta(number)


def shown_by(format_code: str) -> Shown:
    """What a format shows, by its first section (that of positive numbers)."""
    code = _BESIDE_THE_VALUE.sub("", format_code).split(";")[0].lower()
    if code == "general":
        return Shown.PLAIN
    if "%" in code:
        return Shown.PERCENT
    if _ELAPSED.search(code):
        return Shown.DURATION
    has_clock = "h" in code or "s" in code
    if "d" in code or "y" in code:
        if "d" in code or has_clock:
            return Shown.DATE
        return Shown.MONTH if "m" in code else Shown.YEAR
    if has_clock:
        return Shown.TIME
    return Shown.DATE if "m" in code else Shown.PLAIN


def as_shown(stored: str, shown: Shown, calendar: Calendar) -> str:
    """A stored number as it would be written in a text file of ours: decimal comma, ISO dates, `12,5 %`.

    What is no number stays as it stands; a number that is no day of the calendar stays a number.
    """
    if shown is Shown.PLAIN and stored.isascii() and stored.isdigit() and len(stored) <= 15:
        return stored.lstrip("0") or "0"
    if _A_NUMBER.fullmatch(stored) is None:
        return stored
    try:
        value = _KEPT.create_decimal(stored)
    except InvalidOperation:
        return stored
    if shown is Shown.PERCENT:
        return f"{_plain(value.scaleb(2))} %"
    if shown is Shown.PLAIN or not 0 <= value <= _LAST_DAY + 1:
        return _plain(value)
    days, seconds = divmod(int((value * _SECONDS_OF_A_DAY).to_integral_value(ROUND_HALF_UP)), _SECONDS_OF_A_DAY)
    if shown is Shown.TIME:
        return _clock(seconds)
    if shown is Shown.DURATION:
        return _clock(days * _SECONDS_OF_A_DAY + seconds)
    day = calendar.day(days)
    if day is None:
        return _plain(value)
    written = day.isoformat()
    if shown is Shown.MONTH:
        return written[:7]
    if shown is Shown.YEAR:
        return written[:4]
    return written if seconds == 0 else f"{written} {_clock(seconds)}"


def _plain(value: Decimal) -> str:
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written.replace(".", ",")


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" if seconds == 0 else f"{hours:02}:{minutes:02}:{seconds:02}"
