"""A measure's forecasts side by side: the one in use, and the pace that each leaves; as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines
from flows.reports.forecast_wording import amount, heading, in_words, months_named, per_cent

if TYPE_CHECKING:
    from rich.console import Console

_NAMES: Sequence[str] = (
    "measure_id",
    "label",
    "area_code",
    "method",
    "method_label",
    "is_used",
    "figure_unit",
    "forecast_value",
    "difference",
    "to_date_value",
    "month_number",
    "days_to_date",
    "remaining_value",
    "months_left",
    "days_left",
    "base_method",
    "months",
    "responsible",
    "dated_on",
    "reason_words",
    "reason",
)


@dataclass(frozen=True, slots=True)
class MethodForecast:
    """What one method says of the full year; `forecast` None: it cannot say, and `reason` why."""

    measure_id: str
    label: str
    area_code: str
    area_name: str
    method: str
    method_label: str
    is_used: bool
    figure_unit: str
    forecast: Decimal | None
    difference: Decimal | None
    to_date: Decimal | None
    month_number: int
    days_to_date: int
    remaining: Decimal | None
    months_left: int
    days_left: int
    base_method: str
    months: str
    responsible: str
    dated_on: date | None
    reason_words: str
    reason: str

    @property
    def has_pace(self) -> bool:
        """A result is the difference of two large numbers: it has no pace."""
        return self.measure_id != "result" and self.remaining is not None and self.to_date is not None

    @property
    def pace_left(self) -> Fraction | None:
        """What each month that is left would have to be."""
        if not self.has_pace or not self.months_left or self.remaining is None:
            return None
        return Fraction(self.remaining) / self.months_left

    @property
    def pace_so_far(self) -> Fraction | None:
        """What the months so far have been, each."""
        if not self.has_pace or self.to_date is None:
            return None
        return Fraction(self.to_date) / self.month_number


def print_forecasts(console: Console, forecasts: Sequence[MethodForecast], period: Period, version: int) -> None:
    """A table a measure and area; below it who forecast by hand, and what could not be forecast and why."""
    console.print(f"Helårsprognoser sida vid sida i bokslutet {period} version {version}", style="bold")
    for (label, area), group in groupby(forecasts, key=lambda one: (one.label, one.area_name)):
        _print_measure(console, label, area, list(group))
    console.print("\n→ rapportens prognos. Takt: det som återstår per månad, mot månaderna hittills.")


def _print_measure(console: Console, label: str, area: str, forecasts: list[MethodForecast]) -> None:
    from rich import box
    from rich.table import Table

    made = [one for one in forecasts if one.forecast is not None]
    title = heading(label, area, forecasts[0].figure_unit)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column("Metod")
    for head in ("Helår", "Skillnad", "Kvar/mån", "Hittills", "Takt"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in made:
        pace, so_far = one.pace_left, one.pace_so_far
        table.add_row(
            "→" if one.is_used else "",
            one.method_label,
            amount(one.forecast, one.figure_unit),
            "" if one.is_used else amount(one.difference, one.figure_unit, signed=True),
            amount(pace, one.figure_unit),
            amount(so_far, one.figure_unit),
            "–" if pace is None or so_far is None else per_cent(pace, so_far),
            style="bold" if one.is_used else None,
        )
    console.print()
    console.print(table if made else title, style=None if made else "bold")
    for one in made:
        if one.responsible or one.dated_on or one.reason_words:
            told = ", ".join(word for word in (one.responsible, str(one.dated_on or "")) if word)
            console.print(f"  {one.method_label}: {told}: {one.reason_words or 'ingen motivering'}")
    estimated = next((one for one in made if one.base_method), None)
    if estimated is not None:
        console.print(f"  Utfallet hittills är uppskattat på {months_named(estimated.months)}.")
    for reason, group in groupby(
        sorted((one for one in forecasts if one.forecast is None), key=lambda one: one.reason),
        key=lambda one: one.reason,
    ):
        console.print(f"  Saknas: {', '.join(one.method_label for one in group)} ({in_words(reason)})")


def as_csv(forecasts: Sequence[MethodForecast]) -> str:
    """Every method of every measure and area asked for, with every field."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for one in forecasts:
        listed.write_named(_fields(one))
    return lines.getvalue()


def as_json(forecasts: Sequence[MethodForecast], period: Period, version: int) -> str:
    """The period and every method; amounts are strings, so that none is a float."""
    told = {"period": str(period), "version": version, "forecasts": [_fields(one) for one in forecasts]}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _fields(one: MethodForecast) -> dict[str, Any]:
    values = (
        one.measure_id,
        one.label,
        one.area_code,
        one.method,
        one.method_label,
        one.is_used,
        one.figure_unit,
        _plain(one.forecast),
        _plain(one.difference),
        _plain(one.to_date),
        one.month_number,
        one.days_to_date,
        _plain(one.remaining),
        one.months_left,
        one.days_left,
        one.base_method,
        one.months,
        one.responsible,
        None if one.dated_on is None else one.dated_on.isoformat(),
        one.reason_words,
        one.reason,
    )
    return dict(zip(_NAMES, values, strict=True))


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
