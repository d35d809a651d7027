"""Methods of forecast tried on the history: net and gross errors, bias, what had been best; as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines
from flows.reports.forecast_wording import amount, course, heading, in_words, months_named, per_cent

if TYPE_CHECKING:
    from rich.console import Console

_NAMES: Sequence[str] = (
    "measure_id",
    "label",
    "area_code",
    "method",
    "method_label",
    "month_number",
    "figure_unit",
    "is_chosen_forecast",
    "is_best",
    "cuts",
    "shared_cuts",
    "net_error_value",
    "gross_error_value",
    "shared_net_error_value",
    "shared_gross_error_value",
    "tested_outcome_value",
)

#: How the tables are to be read; what had been best recommends nothing.
_READING = (
    "\nBrutto är summan av områdenas fel utan tecken, snedhet medelfelet. Metoderna jämförs på de prövningar som alla"
    " har (Jämfört: brutto på dem). Bäst är sett i efterhand: vilken metod som används bestäms i"
    " warehouse/reference/measure_method.csv."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One method of one measure and area, tried at one month of the year or at all of them (`month_number` 0)."""

    measure_id: str
    label: str
    area_code: str
    area_name: str
    method: str
    method_label: str
    month_number: int
    figure_unit: str
    is_chosen: bool
    is_best: bool
    cuts: int
    shared_cuts: int
    net_error: Decimal
    gross_error: Decimal | None
    shared_net_error: Decimal | None
    shared_gross_error: Decimal | None
    outcome: Decimal

    @property
    def bias(self) -> Fraction:
        """The mean error, with its sign: above zero, too much was forecast."""
        return Fraction(self.net_error) / self.cuts


@dataclass(frozen=True, slots=True)
class HistoryYear:
    """A year that forecasts could be tried on, or not, and which months it lacks."""

    measure_id: str
    label: str
    year: int
    is_whole: bool
    months_lacking: str
    reason: str


@dataclass(frozen=True, slots=True)
class Untried:
    """A method that could not be tried at some cuts of a measure, and why."""

    measure_id: str
    label: str
    method: str
    method_label: str
    cuts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """Everything that a closed period's history says of its methods of forecast."""

    period: Period
    version: int
    trials: Sequence[Trial]
    years: Sequence[HistoryYear]
    untried: Sequence[Untried]


def print_backtest(console: Console, told: Backtest) -> None:
    """A table a measure and area, then the history it stood on and what could not be tried."""
    console.print(
        f"Prognosmetoder prövade mot historiken i bokslutet {told.period} version {told.version}", style="bold"
    )
    whole_year = [one for one in told.trials if one.month_number == 0]
    if not whole_year:
        console.print("Ingen metod kunde prövas.")
    for (label, area), trials in groupby(whole_year, key=lambda one: (one.label, one.area_name)):
        _print_measure(console, label, area, list(trials), told.trials)
    _print_history(console, told)
    console.print(_READING)


def _print_measure(console: Console, label: str, area: str, trials: list[Trial], every: Sequence[Trial]) -> None:
    from rich import box
    from rich.table import Table

    title = heading(label, area, trials[0].figure_unit)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Metod")
    for head in ("Prov", "Netto", "Brutto", "Snedhet", "Brutto %"):
        table.add_column(head, justify="right", no_wrap=True)
    most = max(one.shared_cuts for one in trials)
    is_partly_shared = any(one.shared_cuts != one.cuts for one in trials)
    if is_partly_shared:
        table.add_column("Jämfört", justify="right", no_wrap=True)
    if console.is_terminal:
        table.add_column("jan–nov", no_wrap=True)
    table.add_column("", no_wrap=True)
    for one in trials:
        told = [
            one.method_label,
            str(one.cuts),
            amount(one.net_error, one.figure_unit, signed=True),
            amount(one.gross_error, one.figure_unit),
            amount(one.bias, one.figure_unit, signed=True),
            per_cent(one.gross_error, one.outcome),
        ]
        if is_partly_shared:
            told.append(amount(one.shared_gross_error, one.figure_unit) if one.shared_cuts == most else "–")
        if console.is_terminal:
            told.append(course(_gross_by_month(one, every)))
        table.add_row(*told, _mark(one), style="bold" if one.is_best else None)
    console.print()
    console.print(table)


def _gross_by_month(of: Trial, every: Iterable[Trial]) -> Mapping[int, Decimal]:
    return {
        one.month_number: one.gross_error / one.cuts
        for one in every
        if one.month_number
        and one.gross_error is not None
        and (one.measure_id, one.area_code, one.method) == (of.measure_id, of.area_code, of.method)
    }


def _mark(one: Trial) -> str:
    return ", ".join(word for is_so, word in ((one.is_best, "bäst"), (one.is_chosen, "vald")) if is_so)


def _print_history(console: Console, told: Backtest) -> None:
    every = {one.label for one in told.years}
    console.print("Historik", style="bold")
    for (year, is_whole, months, reason), years in _alike(
        told.years, lambda one: (one.year, one.is_whole, one.months_lacking, one.reason)
    ):
        why = f" ({reason})" if reason else ""
        said = "hela året" if is_whole else f"prövas inte, saknar {months_named(months) or 'månader'}{why}"
        console.print(f"  {year} {said}: {_measures(years, every)}")
    if told.untried:
        console.print("Kunde inte prövas", style="bold")
    for (method_label, reason, cuts), untried in _alike(
        told.untried, lambda one: (one.method_label, one.reason, one.cuts)
    ):
        console.print(f"  {method_label}, {cuts} gånger, eftersom {in_words(reason)}: {_measures(untried, every)}")


def _measures(rows: Sequence[HistoryYear | Untried], every: set[str]) -> str:
    """The measures by name, or that it is all of them."""
    labels = {one.label for one in rows}
    return "alla mått" if labels == every and len(every) > 1 else "; ".join(sorted(labels))


def _alike(rows: Sequence[Any], key: Callable[[Any], tuple[Any, ...]]) -> Iterable[tuple[Any, list[Any]]]:
    return [(same, list(group)) for same, group in groupby(sorted(rows, key=key), key=key)]


def as_csv(told: Backtest) -> str:
    """Every trial, also of each month of the year, with every field."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for one in told.trials:
        listed.write_named(_fields(one))
    return lines.getvalue()


def as_json(told: Backtest) -> str:
    """Trials, the history that they stood on, and what could not be tried; amounts are strings: none is a float."""
    whole = {
        "period": str(told.period),
        "version": told.version,
        "trials": [_fields(one) for one in told.trials],
        "history": [
            {
                "measure_id": one.measure_id,
                "year": one.year,
                "is_whole_year": one.is_whole,
                "months_lacking": [month for month in one.months_lacking.split(",") if month],
                "reason": one.reason,
            }
            for one in told.years
        ],
        "untried": [
            {"measure_id": one.measure_id, "method": one.method, "cuts": one.cuts, "reason": one.reason}
            for one in told.untried
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _fields(one: Trial) -> dict[str, Any]:
    values = (
        one.measure_id,
        one.label,
        one.area_code,
        one.method,
        one.method_label,
        one.month_number,
        one.figure_unit,
        one.is_chosen,
        one.is_best,
        one.cuts,
        one.shared_cuts,
        _plain(one.net_error),
        _plain(one.gross_error),
        _plain(one.shared_net_error),
        _plain(one.shared_gross_error),
        _plain(one.outcome),
    )
    return dict(zip(_NAMES, values, strict=True))


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
