"""The files that hold a person who was looked for; the person is not named in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flows.domain.period import Period
from flows.reports import record_list

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN_HASH = 12


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A file that holds the person, on so many lines; so many of its rows in the store are the person's.

    `what_became`: landed, duplicate, refused, withdrawn, or that it lies in the inbox and was never received. `lines`
    is None where the archived file cannot be read any more. `file_name` is as it may be shown.
    """

    extract: str
    period: Period | None
    file_name: str
    what_became: str
    lines: int | None
    rows: int
    sha256: str


def print_files(console: Console, found: Sequence[PersonFile]) -> None:
    """By extract; a line a file."""
    from rich.text import Text

    width = max((len(one.file_name) for one in found), default=0)
    for extract, group in groupby(found, key=lambda one: one.extract):
        console.print(Text(extract or "no extract", style="bold"))
        for one in group:
            month = "" if one.period is None else str(one.period)
            lines = "? lines" if one.lines is None else f"{one.lines} {'line' if one.lines == 1 else 'lines'}"
            said = [one.what_became, lines, _in_store(one.rows)]
            place = f"{month:7}  {one.file_name:{width}}  {one.sha256[:_SHOWN_HASH]}"
            console.print(Text(f"  {place}  {', '.join(said)}"), soft_wrap=True)


def _in_store(rows: int) -> str:
    return f"{rows or 'no'} {'row' if rows <= 1 else 'rows'} in the store"


def as_csv(found: Sequence[PersonFile]) -> str:
    """Every field of every file."""
    return record_list.as_csv(PersonFile, found)


def as_json(found: Sequence[PersonFile]) -> str:
    """Every file as an object."""
    return record_list.as_json(PersonFile, found)
