"""The head of a report column: a template of the edition, filled with the closed period."""

from __future__ import annotations

import re

from flows.domain.period import Period

_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)

#: The Swedish short forms (CLDR, sv): those that are shortened take a full stop in running text.
_SHORT = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")

_FIELD = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"^år(?:-(\d+))?$")


def month_name(month: int) -> str:
    """The month's Swedish name, in lower case."""
    return _MONTHS[month - 1]


def short_month_name(month: int) -> str:
    """The month's Swedish short form without a full stop."""
    return _SHORT[month - 1]


def render_head(template: str, period: Period) -> str:
    """The head that readers see. Raises ValueError for a field that is none of Månad, månad, mån, mån., år, år-N."""
    name, short = month_name(period.month), short_month_name(period.month)
    fields = {"Månad": name.capitalize(), "månad": name, "mån": short, "mån.": short if short == name else f"{short}."}

    def filled(match: re.Match[str]) -> str:
        field = match[1]
        year = _YEAR.match(field)
        if year is not None:
            return str(period.year - int(year[1] or 0))
        if field not in fields:
            raise ValueError(f"{{{field}}} is no field of a column head")
        return fields[field]

    return _FIELD.sub(filled, template)
