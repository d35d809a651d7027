"""Thresholds beside what history teaches, as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flows.domain.learned_limit import CalibratedThreshold
from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console

_NAMES: Sequence[str] = (
    "threshold_id",
    "unit",
    "in_force",
    "values",
    "findings",
    "learned",
    "findings_learned",
    "because",
)
_UNITS = {"percent": "%", "days": "dagar", "sek": "kr", "hours": "h", "minutes": "min", "shifts": "pass"}


def print_thresholds(console: Console, thresholds: Sequence[CalibratedThreshold], period: Period) -> None:
    """The thresholds that have a history as a table, the others by name with why."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=f"Gränser och avvikelser mot historiken i bokslutet {period}", title_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("Gräns", no_wrap=True)
    for head in ("Värden", "Gäller", "Ger", "Lärd", "Skulle gett"):
        table.add_column(head, justify="right")
    for one in thresholds:
        if one.learned is not None:
            table.add_row(
                one.threshold_id,
                str(one.values),
                _with_unit(one.in_force, one.unit),
                str(one.findings),
                _with_unit(one.learned, one.unit),
                str(one.findings_learned),
            )
    if table.row_count:
        console.print(table)
    untaught = [one for one in thresholds if one.learned is None]
    if untaught:
        console.print("Ingen historik att lära av:")
        for one in untaught:
            value = _with_unit(one.in_force, one.unit)
            console.print(f"  {one.threshold_id} ({value}): {one.because}", highlight=False, soft_wrap=True)


def as_csv(thresholds: Sequence[CalibratedThreshold]) -> str:
    """Every threshold with every field."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for one in thresholds:
        listed.write_named(_fields(one))
    return lines.getvalue()


def as_json(thresholds: Sequence[CalibratedThreshold], period: Period) -> str:
    """The period and every threshold; limits are strings, so that no decimal becomes a float."""
    told = {"period": str(period), "thresholds": [_fields(one) for one in thresholds]}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _fields(one: CalibratedThreshold) -> dict[str, Any]:
    learned = None if one.learned is None else _plain(one.learned)
    values = (
        one.threshold_id,
        one.unit,
        _plain(one.in_force),
        one.values,
        one.findings,
        learned,
        one.findings_learned,
        one.because,
    )
    return dict(zip(_NAMES, values, strict=True))


def _with_unit(value: Decimal, unit: str) -> str:
    return f"{_plain(value).replace('.', ',')} {_UNITS.get(unit, unit)}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
