"""What is held about persons, by extract and month: how old it is, and whether it is to be destroyed or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.domain.period import Period
from flows.reports import record_list

if TYPE_CHECKING:
    from rich.console import Console

_UNITS = ("B", "kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """The deliveries of an extract about one month that meet the same end. `bytes`: of their archived files.

    `verdict`: destroy, young or needed; `why` says it in words.
    """

    extract: str
    period: Period
    files: int
    rows: int
    bytes: int
    age_days: int
    verdict: str
    why: str


def print_held(console: Console, held: Sequence[HeldMonth]) -> None:
    """A line an extract and month."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("extract", no_wrap=True)
    table.add_column("month", no_wrap=True)
    for head in ("files", "rows", "bytes", "days old"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("")
    for one in held:
        counts = (f"{one.files}", f"{one.rows}", size_in_words(one.bytes), f"{one.age_days}")
        style = "bold red" if one.verdict == "destroy" else None
        table.add_row(one.extract, str(one.period), *counts, one.why, style=style)
    console.print(table)


def size_in_words(size: int) -> str:
    """Bytes as people say them."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} B"


def as_csv(held: Sequence[HeldMonth]) -> str:
    """Every field of every line."""
    return record_list.as_csv(HeldMonth, held)


def as_json(held: Sequence[HeldMonth]) -> str:
    """Every line as an object."""
    return record_list.as_json(HeldMonth, held)
