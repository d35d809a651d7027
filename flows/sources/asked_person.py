"""A person who is looked for: the number as somebody types it, and every way in which a file may have it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from flows.sources.values import BadValue, personnummer_digits

_SHORT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+]?)([0-9]{4})")
_COORDINATED = 60
#: Century, year, month, day and serial of the twelve digits.
_PARTS = (slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 8), slice(8, 12))

#: What may stand between the parts of a number: hyphens of any kind and encoding, blanks, the border of two fields.
_BETWEEN = rb"[^0-9A-Za-z\n]{0,6}"
#: A spreadsheet drops a number's first zeros; what is left must be long enough to be nobody else's.
_SHORTEST_LEFT = 8
#: A value of a field, from border to border.
_BORDER_BEFORE, _BORDER_AFTER = rb"(?<![^;,\t\n\"'\s])", rb"(?![^;,\t\n\"'\s])"


def asked_digits(text: str, today: date) -> str:
    """The twelve digits of YYYYMMDDNNNN, YYYYMMDD-NNNN, YYMMDD-NNNN or YYMMDD+NNNN, coordination numbers too.

    Without a century it is the latest that is not to come; + means a hundred years or more. Raises BadValue.
    """
    written = "".join(text.split())
    short = _SHORT.fullmatch(written)
    if short is None:
        return personnummer_digits(written)
    year, month, day, sign, serial = short.groups()
    for century in range(today.year // 100, today.year // 100 - 3, -1):
        try:
            digits = personnummer_digits(f"{century:02d}{year}{month}{day}{serial}")
        except BadValue:
            continue  # 29 February is not in every century's year.
        born = _birth(digits)
        if born <= today and (sign != "+" or today.year - born.year >= 100):
            return digits
    raise BadValue("inget personnummer")


def has_right_check_digit(digits: str) -> bool:
    """Whether the last digit is the one that the others give (Luhn, over the last ten)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:])]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def ways_of_writing(digits: str, values: Iterable[str] = ()) -> re.Pattern[bytes]:
    """Matches the number in bytes of any single-byte encoding or UTF-8, and the values where they fill a field."""
    century, year, month, day, serial = (digits[part].encode() for part in _PARTS)
    number = _BETWEEN.join((year, month, day, serial))
    ways = [rb"(?<![0-9])(?:" + century + _BETWEEN + rb")?" + number + rb"(?![0-9])"]
    left = digits[2:].lstrip("0").encode()
    if _SHORTEST_LEFT <= len(left) < len(digits) - 2:
        ways.append(rb"(?<![0-9])" + left + rb"(?![0-9])")
    written = {re.escape(value.encode(encoding, "replace")) for value in values for encoding in ("utf-8", "cp1252")}
    if written:
        ways.append(_BORDER_BEFORE + rb"(?:" + rb"|".join(sorted(written)) + rb")" + _BORDER_AFTER)
    return re.compile(rb"|".join(ways))


def _birth(digits: str) -> date:
    day = int(digits[6:8])
    return date(int(digits[:4]), int(digits[4:6]), day - _COORDINATED if day > _COORDINATED else day)
