"""Which source is in for which month: the matrix that a controller reads on day five."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.declarations.contracts import contracts
from flows.domain.heads import month_name, short_month_name
from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines
from flows.reports.markdown import escaped, table_of
from flows.reports.tables import in_report_order, print_tables

if TYPE_CHECKING:
    from rich.console import Console

#: What a (source, month) is, as the matrix says it, and the sentence below it.
STATES = {
    "complete": ("klar", "inne"),
    "preliminary": ("prel", "preliminära uppgifter"),
    "estimated": ("uppsk", "saknas, uppskattas"),
    "partly_missing": ("delvis", "saknas för några enheter"),
    "missing": ("saknas", "saknas"),
    "withheld": ("stopp", "levererad men stoppad"),
}

CSV_COLUMNS = ("extract", "label", "unit", "month", "state", "reason", "case_number", "expected_by")


@dataclass(frozen=True, slots=True)
class DeliveryMonth:
    """One owed month of one extract; `unit_code` '' is the file as a whole."""

    extract: str
    label: str
    unit_code: str
    month: Period
    state: str
    reason: str = ""
    case_number: str = ""
    expected_by: date | None = None

    def sentence(self) -> str:
        """The state with its reason, case and expected day."""
        said = STATES[self.state][1]
        said += f": {self.reason.rstrip('.')}" if self.reason else ""
        said += f" (ärende {self.case_number})" if self.case_number else ""
        return said + (f"; väntas senast {self.expected_by}" if self.expected_by else "")


def print_matrix(console: Console, months: Sequence[DeliveryMonth], period: Period) -> None:
    """One table a year, newest first, and below it why a month is not complete."""
    for year in sorted({one.month.year for one in months}, reverse=True):
        of_year = [one for one in months if one.month.year == year]
        print_tables(console, [_cell(one, period, year) for one in of_year if not one.unit_code], [])
        for sentence in sentences(of_year):
            console.print(sentence, markup=False, highlight=False)
        console.print()


def as_markdown(months: Sequence[DeliveryMonth], period: Period) -> str:
    """The same for a page that others show."""
    parts = []
    for year in sorted({one.month.year for one in months}, reverse=True):
        of_year = [one for one in months if one.month.year == year]
        cells = in_report_order(_cell(one, period, year) for one in of_year if not one.unit_code)
        parts += [f"## {year}", table_of(cells), *(escaped(sentence) for sentence in sentences(of_year))]
    return "\n\n".join(parts) + "\n"


def _is_absent(one: DeliveryMonth) -> bool:
    return one.state in ("missing", "estimated", "withheld")


def sentences(months: Sequence[DeliveryMonth]) -> list[str]:
    """What is not complete and why; months of one source that share a reason share a sentence."""
    units = Counter((one.extract, one.month) for one in months if one.unit_code and _is_absent(one))
    open_ones = sorted(
        (one for one in months if not one.unit_code and one.state != "complete"),
        key=lambda one: (one.label, one.month),
    )
    said_of_months: list[str] = []
    for (label, said), group in groupby(open_ones, key=lambda one: (one.label, one.sentence())):
        about = [(one.extract, one.month) for one in group]
        affected = max(units[place] for place in about)
        partly = f" ({affected} enheter)" if affected else ""
        said_of_months.append(f"{label}, {month_range(month for _, month in about)}{partly}: {said}.")
    return said_of_months


def _cell(one: DeliveryMonth, period: Period, year: int) -> dict[str, Any]:
    status = {"estimated": "estimated", "preliminary": "preliminary", "complete": "actual"}
    return {
        "table_id": str(year),
        "table_order": -year,
        "table_heading": f"Leveranser till och med {month_name(period.month)}",
        "row_id": one.extract,
        "row_order": source_order(one.extract, one.label),
        "row_label": one.label,
        "column_id": str(one.month),
        "column_order": one.month.month,
        "head": short_month_name(one.month.month),
        "printed": STATES[one.state][0],
        "unit": "",
        "value_status": status.get(one.state, "missing"),
        "footnote": None,
    }


def source_order(extract: str, label: str) -> tuple[int, str]:
    """What comes every month first, then ledgers, then registers."""
    contents = ("month", "fiscal_year_to_date", "register")
    contract = contracts().get(extract)
    return (contents.index(contract.content) if contract else len(contents), label)


def as_csv(months: Sequence[DeliveryMonth]) -> str:
    """Every owed month of every file and unit."""
    lines = io.StringIO()
    listed = CsvLines(lines, CSV_COLUMNS)
    for one in months:
        listed.write(_row(one).values())
    return lines.getvalue()


def as_json(months: Sequence[DeliveryMonth], period: Period) -> str:
    """The same rows under their period."""
    told = {"period": str(period), "deliveries": [_row(one) for one in months]}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _row(one: DeliveryMonth) -> dict[str, str]:
    expected_by = one.expected_by.isoformat() if one.expected_by else ""
    place = (one.extract, one.label, one.unit_code, str(one.month), one.state)
    return dict(zip(CSV_COLUMNS, (*place, one.reason, one.case_number, expected_by), strict=True))
