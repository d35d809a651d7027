"""A rule's message, filled from the failing row: Swedish numbers, months as ranges, nothing personal.

A message is a Swedish template with the row's columns in braces. `{month_list:months}` writes '2021-04,2021-05' as
'apr–maj 2021', `{month:month}` a date as 'apr 2021', `{amount_sek:sek}` an amount, `{x:count}` a whole number.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flows.domain.month_range import month_range
from flows.domain.period import Period

#: Ten or twelve digits whose month and day are real (a coordination number's day is 60 more). Registers hold typed
#: words (a case number, a project) and people type what they like: no finding may carry a personnummer on.
_PERSONNUMMER = re.compile(
    r"(?<!\d)(?:\d{2})?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)"
)


class _SwedishWords(string.Formatter):
    """Fills a template; an unknown column raises KeyError: the rule is wrong, not the data."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "okänt"
        if format_spec == "months":
            return month_range(Period.parse(one) for one in str(value).split(","))
        if format_spec == "month":
            return month_range([Period.of(value)])
        if format_spec == "sek":
            return f"{_grouped(Decimal(value).quantize(Decimal('0.01')))} kr"
        if format_spec == "count":
            return _grouped(Decimal(value).quantize(Decimal(1)))
        return _plain(value)


def _grouped(amount: Decimal) -> str:
    return f"{amount:,}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text.replace(".", ",").replace("-", "\u2212")
    return str(value)


def filled(template: str, row: Mapping[str, Any]) -> str:
    """The template with the row's values; raises KeyError naming a column that the row lacks."""
    return without_personnummer(_SwedishWords().vformat(template, (), row))


def without_personnummer(words: str) -> str:
    """The words with every personnummer or coordination number taken out."""
    return _PERSONNUMMER.sub("[dolt]", words)


def key_text(value: Any) -> str:
    """A key as it is stored: ISO dates, plain numbers, '' where the row has none."""
    return "" if value is None else without_personnummer(str(value))
