"""Values as another system writes them, as the contracts do: text to text. What a conversion cannot read is left as it
stands, for the reader to judge like any other value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from flows.sources.values import BadValue, parse_number

Conversion = Callable[[str], str]

#: Thirds of an hour have no end: more decimals than any column lands with, so that the reader's rounding is the one.
_DECIMALS = Decimal(1).scaleb(-12)
_FITS_ANY_COLUMN = 15


def _times(multiplier: int, divisor: int = 1) -> Conversion:
    def convert(text: str) -> str:
        try:
            number = parse_number(text)
        except BadValue:
            return text
        return text if number is None else _written(number.value * multiplier / divisor)

    return convert


def _written(number: Decimal) -> str:
    is_long = number.adjusted() > _FITS_ANY_COLUMN or number == number.to_integral_value()
    exact = number if is_long else number.quantize(_DECIMALS)
    plain = f"{exact:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


def _hours_from_clock(text: str) -> str:
    """7:30 → 7,5; hours may be more than a day's."""
    match = re.fullmatch(r"(-?)([0-9]{1,6}):([0-5][0-9])(?::00)?", text)
    if match is None:
        return text
    return match[1] + _written((Decimal(int(match[2]) * 60 + int(match[3]))) / 60)


def _date_day_month_year(text: str) -> str:
    """31.08.2021, 31/8/2021, 31-08-2021 → 2021-08-31."""
    match = re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})", text)
    return text if match is None else f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"


def _date_from_time(text: str) -> str:
    """2021-08-31 00:00:00 → 2021-08-31."""
    match = re.fullmatch(r"([0-9]{4}-?[0-9]{2}-?[0-9]{2})[ T][0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?", text)
    return text if match is None else match[1]


def _month_from_date(text: str) -> str:
    """Any day of the month: 2021-08-31, 20210831, 2021-08-31 00:00:00 → 2021-08."""
    match = re.fullmatch(r"([0-9]{4})-?([0-9]{2})-?[0-9]{2}", _date_from_time(text))
    return text if match is None else f"{match[1]}-{match[2]}"


def _month_month_year(text: str) -> str:
    """08/2021, 8.2021, 08-2021 → 2021-08."""
    match = re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{4})", text)
    return text if match is None else f"{match[2]}-{int(match[1]):02d}"


def _time_without_seconds(text: str) -> str:
    """07:00:00, 7.00, 0700 → 07:00."""
    match = re.fullmatch(r"([0-9]{1,2})[:.]?([0-9]{2})(?::00)?", text)
    return text if match is None else f"{int(match[1]):02d}:{match[2]}"


#: By the names that a mapping calls them.
CONVERSIONS: Mapping[str, Conversion] = {
    "hours_from_minutes": _times(1, 60),
    "hours_from_clock": _hours_from_clock,
    "percent_from_share": _times(100),
    "kronor_from_thousands": _times(1_000),
    "kronor_from_millions": _times(1_000_000),
    "opposite_sign": _times(-1),
    "date_day_month_year": _date_day_month_year,
    "date_from_time": _date_from_time,
    "month_from_date": _month_from_date,
    "month_month_year": _month_month_year,
    "time_without_seconds": _time_without_seconds,
}


def convert(names: tuple[str, ...], text: str) -> str:
    """A value through conversions, in order; blanks around it do not count."""
    written = text.strip()
    for name in names:
        written = CONVERSIONS[name](written)
    return written
