"""The known gaps, as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class ListedGap:
    """A row of the register; `arrived` are its months whose rows have come. It is open until all have."""

    extract: str
    label: str
    unit: str
    first: Period
    last: Period | None
    reason: str
    case: str
    owner: str
    expected: date | None
    arrived: tuple[Period, ...]
    is_open: bool

    def months(self) -> str:
        """From when to when."""
        return month_range(self.first.through(self.last)) if self.last else f"från {month_range([self.first])}"


def print_gaps(console: Console, gaps: Sequence[ListedGap]) -> None:
    """Two lines a gap."""
    from rich.text import Text

    if not gaps:
        console.print("Inga kända luckor.")
    for one in gaps:
        unit = f", enhet {one.unit}" if one.unit else ""
        state = "öppen" if one.is_open else "stängd: alla månader har kommit"
        console.print(Text(f"{one.label}{unit}, {one.months()} – {state}", style="bold" if one.is_open else ""))
        said = [one.reason.rstrip(".")]
        said += [f"ärende {one.case}"] if one.case else []
        said += [f"ansvarig {one.owner}"] if one.owner else []
        said += [f"väntas {one.expected}"] if one.expected else []
        said += [f"har kommit: {month_range(one.arrived)}"] if one.arrived and one.is_open else []
        console.print(Text(f"  {'; '.join(said)}"), soft_wrap=True)


def as_csv(gaps: Sequence[ListedGap]) -> str:
    """Every gap with every field."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for one in gaps:
        listed.write_named({**_fields(one), "arrived": " ".join(map(str, one.arrived))})
    return lines.getvalue()


def as_json(gaps: Sequence[ListedGap]) -> str:
    """Every gap as an object."""
    return json.dumps([_fields(one) for one in gaps], ensure_ascii=False, indent=2) + "\n"


_NAMES = ("extract", "unit", "from", "to", "state", "arrived", "reason", "case", "owner", "expected")


def _fields(one: ListedGap) -> dict[str, Any]:
    values = (
        one.extract,
        one.unit,
        str(one.first),
        str(one.last) if one.last else "",
        "open" if one.is_open else "closed",
        [str(month) for month in one.arrived],
        one.reason,
        one.case,
        one.owner,
        one.expected.isoformat() if one.expected else "",
    )
    return dict(zip(_NAMES, values, strict=True))
