"""The lines in quarantine, as their source's owner reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import Refusal
from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console

_HEADS = ("källa", "uttag", "period", "fil", "rad", "kolumn", "skäl", "värde")
_WITHHELD = "(visas inte)"


@dataclass(frozen=True, slots=True)
class QuarantinedLine:
    """One reason for which one line was not taken in; `value` is None where it is not shown."""

    source: str
    extract: str
    period: str
    file_name: str
    line: int
    column: str
    reason: str
    value: str | None


def print_lines(console: Console, lines: Sequence[QuarantinedLine]) -> None:
    """By file."""
    from rich.text import Text

    if not lines:
        console.print("Inga rader i karantän.")
    for (source, file_name), group in groupby(lines, key=lambda one: (one.source, one.file_name)):
        console.print(Text(f"{source}: {file_name}", style="bold"))
        for one in group:
            place = f"rad {one.line}" + (f", {one.column}" if one.column else "")
            value = "" if not one.column else f": {_WITHHELD if one.value is None else one.value}"
            console.print(Text(f"  {place}: {one.reason}{value}"))


def export(lines: Sequence[QuarantinedLine], path: Path) -> None:
    """Write the lines as a csv file that a spreadsheet opens as it is; raises Refusal where it cannot be written."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            listed = CsvLines(file, _HEADS, delimiter=";", line_end="\r\n")
            for one in lines:
                value = _WITHHELD if one.value is None and one.column else one.value or ""
                place = (one.source, one.extract, one.period, one.file_name, one.line, one.column)
                listed.write((*place, one.reason, value))
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.", "Name another file.") from None
