"""What a new version would change, for whoever is to say yes: a table on a terminal, markdown on a page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from flows.reports.changes import CellChange, Changes, Difference
from flows.reports.markdown import escaped, grid
from flows.reports.wording import read_wording

if TYPE_CHECKING:
    from rich.console import Console

#: So many lines of one kind are listed; the rest is counted. Cells are listed all: they are what the word is about.
_LISTED = 12
_NO_CELL = "–"


def headline(changes: Changes) -> str:
    """What would be published, in a sentence."""
    if changes.is_first:
        counts = (
            _counted(changes.cells_in_all, "cell", "celler"),
            _counted(len(changes.footnotes.came), "fotnot", "fotnoter"),
            _counted(len(changes.texts.came), "text", "texter"),
        )
        return f"{changes.period} version 1, den första: {counts[0]}, {counts[1]} och {counts[2]}."
    against = f"{changes.period} version {changes.version} mot version {changes.version_before}"
    if not changes.cells:
        return f"{against}: ingen av {changes.cells_in_all} celler ändras."
    moved = sum(1 for one in changes.cells if one.before is not None and one.after is not None)
    parts = [
        (moved, "ändras", "ändras"),
        (sum(1 for one in changes.cells if one.before is None), "ny", "nya"),
        (sum(1 for one in changes.cells if one.after is None), "försvinner", "försvinner"),
        (sum(1 for one in changes.cells if one.became_estimated), "blir uppskattad", "blir uppskattade"),
        (
            sum(1 for one in changes.cells if one.was_estimated),
            "är inte mer uppskattad",
            "är inte mer uppskattade",
        ),
    ]
    said = ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in parts if number)
    return f"{against}: av {changes.cells_in_all} celler {said}."


def sections(changes: Changes) -> list[tuple[str, tuple[str, ...]]]:
    """What else comes and goes, a heading and its lines each; of a first version the findings alone: all is new."""
    if changes.is_first:
        return [("Avvikelser", changes.findings.came)] if changes.findings.came else []
    kinds: tuple[tuple[Difference, str, str], ...] = (
        (changes.footnotes, "Nya fotnoter", "Fotnoter som försvinner"),
        (changes.texts, "Nya texter", "Texter som försvinner"),
        (changes.findings, "Nya avvikelser", "Avvikelser som är borta"),
        (changes.deliveries, "Nya leveranser", "Leveranser som inte längre gäller"),
    )
    told = [(head, lines) for kind, came, went in kinds for head, lines in ((came, kind.came), (went, kind.went))]
    return [(head, lines) for head, lines in told if lines]


def print_changes(console: Console, changes: Changes) -> None:
    """The headline, each table's cells before and after, then what else comes and goes."""
    from rich.text import Text

    if changes.organisation:
        console.print(Text(changes.organisation))
    console.print(Text(headline(changes), style="bold"))
    for heading, cells in _by_table(changes):
        console.print()
        console.print(Text(heading, style="bold"))
        _print_cells(console, cells)
    for line in _beside(changes):
        console.print(f"\n{line}", highlight=False)
    for head, lines in sections(changes):
        console.print()
        console.print(Text(head, style="bold"))
        for line in _cut(lines):
            indented = textwrap.wrap(line, console.width - 4, break_on_hyphens=False)
            console.print(
                Text("\n".join(["  " + indented[0], *("    " + rest for rest in indented[1:])])), soft_wrap=True
            )
    console.print()


def as_markdown(changes: Changes, most_cells: int | None = None) -> str:
    """The same as markdown; of the cells at most so many."""
    shown = changes.cells if most_cells is None else changes.cells[:most_cells]
    parts = [*([escaped(changes.organisation)] if changes.organisation else []), f"**{headline(changes)}**"]
    if shown:
        rows = [
            [one.address, one.table, f"{one.row}, {one.head}", _before(one), _after(one), one.unit] for one in shown
        ]
        parts.append(grid(["Adress", "Tabell", "Cell", "Före", "Efter", "Enhet"], rows))
    if len(shown) < len(changes.cells):
        parts.append(f"… och {len(changes.cells) - len(shown)} celler till.")
    parts += _beside(changes)
    for head, lines in sections(changes):
        parts.append(f"### {head}\n\n" + "\n".join(f"- {escaped(line)}" for line in _cut(lines)))
    return "\n\n".join(parts) + "\n"


def _by_table(changes: Changes) -> list[tuple[str, list[CellChange]]]:
    return [(heading, list(group)) for heading, group in groupby(changes.cells, key=lambda one: one.table)]


def _print_cells(console: Console, cells: Sequence[CellChange]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), width=min(console.width, 100))
    table.add_column("  Cell", ratio=1, header_style="dim")
    table.add_column("Före", justify="right", header_style="dim", max_width=18)
    table.add_column("Efter", justify="right", header_style="dim", max_width=18)
    for one in cells:
        named = Text(f"  {one.row}, {one.head}")
        named.append(f"\n  {one.address}", style="dim")
        table.add_row(named, Text(_before(one), style="dim"), Text(_after(one), style=_style(one)))
    console.print(table)


def _style(one: CellChange) -> str:
    if one.after is None:
        return "red"
    return {"estimated": "yellow", "missing": "red"}.get(one.status_after, "green")


def _before(one: CellChange) -> str:
    return _told(one.before, one.status_before, one)


def _after(one: CellChange) -> str:
    return _told(one.after, one.status_after, one)


def _told(printed: str | None, status: str, one: CellChange) -> str:
    """What is printed, and what kind of value it is where the kind changes."""
    if printed is None:
        return _NO_CELL
    both = one.before is not None and one.after is not None
    label = read_wording().labels.get(status, "") if both and one.status_before != one.status_after else ""
    return f"{printed} ({label})".strip() if label else printed


def _beside(changes: Changes) -> list[str]:
    """What the cells do not show: exact values that move unseen, and that it is not the deliveries that are new."""
    lines = []
    if changes.unseen:
        others = _counted(changes.unseen, "cell", "celler")
        lines.append(f"{others} till får ett annat exakt värde och trycks som förut.")
    if not changes.is_first and changes.deliveries == Difference():
        lines.append("Leveranserna är desamma: det är regler, metoder eller kod som har ändrats.")
    return lines


def _cut(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _LISTED
    return [*lines[:_LISTED], *([f"… och {rest} till"] if rest > 0 else [])]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
