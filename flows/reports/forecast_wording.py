"""How amounts of forecasts are told to people: thousands of kronor, whole hours, days and portions, per cent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.reports import patterns

#: Figure unit → (what people call it here, what one of it is worth).
_UNITS: Mapping[str, tuple[str, int]] = {"sek": ("tkr", 1000), "hours": ("timmar", 1), "days": ("dygn", 1)}
_WHOLE = "# ##0"
_TENTHS = "# ##0,0"
_MONTHS = re.compile(r"\b\d{4}-\d{2}(?:, \d{4}-\d{2})*")
_BLOCKS = "▁▂▃▄▅▆▇█"


def heading(label: str, area: str, figure_unit: str) -> str:
    """A measure and area as the head of a table, with what its amounts are told in unless the label says it."""
    unit = _UNITS.get(figure_unit, ("", 1))[0]
    parts = (label, f"· {area}" if area else "", f"({unit})" if unit and unit not in label.lower() else "")
    return " ".join(part for part in parts if part)


def amount(value: Decimal | Fraction | None, figure_unit: str, *, signed: bool = False) -> str:
    """The amount as people read it; `signed`: with a plus where it is above zero; a dash where it is unknown."""
    if value is None:
        return "–"
    # What was typed in the unit of print may have decimals of its own.
    pattern = "0,####" if figure_unit == "printed" else _WHOLE
    text = patterns.parse(pattern).print(Fraction(value) / _UNITS.get(figure_unit, ("", 1))[1])
    return f"+{text}" if signed and value > 0 and not text.startswith("0") else text.replace("-", "−")


def per_cent(part: Decimal | Fraction | None, whole: Decimal | Fraction | None) -> str:
    """The part of the whole, with a decimal; a dash where it is unknown or there is nothing to be a part of."""
    if part is None or not whole:
        return "–"
    return patterns.parse(_TENTHS).print(Fraction(part) * 100 / Fraction(whole)).replace("-", "−") + " %"


def in_words(reason: str) -> str:
    """A reason with its months as a reader writes them: 'uppgift saknas för apr–aug 2021'."""
    return _MONTHS.sub(lambda found: months_named(found[0].replace(" ", "")), reason)


def course(values: Mapping[int, Decimal], last: int = 11) -> str:
    """January to a month as blocks, the highest one the largest value; a point where there is none."""
    largest = max(values.values(), default=Decimal(0))
    return "".join(_block(values.get(month), largest) for month in range(1, last + 1))


def _block(value: Decimal | None, largest: Decimal) -> str:
    if value is None:
        return "·"
    return _BLOCKS[0 if largest == 0 else int(value / largest * (len(_BLOCKS) - 1))]


def months_named(months: str | None) -> str:
    """'2021-04,2021-05' as 'apr–maj 2021'; '' for none."""
    return month_range(Period.parse(one) for one in months.split(",")) if months else ""
