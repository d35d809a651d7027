"""What a check of a file says: which contract it resembles, what fits, what does not, and the mapping it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column of the contract, and what of the file's it seems to be ('': nothing)."""

    ours: str
    theirs: str
    how: str
    conversion: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that would lie in quarantine; `value` is None where it is not shown."""

    line: int
    column: str
    reason: str
    value: str | None


@dataclass(frozen=True, slots=True)
class FirstContact:
    """One checked file. `is_read`: a close would take it in as it is, with the mapping that is there or proposed."""

    file_name: str
    is_read: bool
    extract: str = ""
    label: str = ""
    source: str = ""
    score: float = 1.0
    next_best: str = ""
    next_score: float = 0.0
    columns: tuple[ColumnSeen, ...] = ()
    unknown: tuple[str, ...] = ()
    lines: int = 0
    landed: int = 0
    messages: tuple[str, ...] = ()
    bad_lines: tuple[BadLine, ...] = ()
    undecided: tuple[str, ...] = ()
    proposal: str = ""
    mapping_path: str = ""
    has_mapping: bool = False
    is_written: bool = field(default=False)


def print_contact(console: Console, seen: FirstContact) -> None:
    """What it is, column by column, what the reader says, and the proposed mapping."""
    from rich.text import Text

    if seen.extract:
        known = sum(1 for one in seen.columns if one.theirs)
        told = f": {known} av {len(seen.columns)} kolumner känns igen" if seen.columns else ""
        head = f"{seen.file_name} liknar {seen.extract} ({seen.label}, {seen.source}){told}."
        console.print(Text(head, style="bold"), soft_wrap=True)
    if seen.next_best:
        console.print(Text(f"Likhet {seen.score:.0%}; därnäst {seen.next_best}, {seen.next_score:.0%}.", style="dim"))
    for one in seen.columns:
        console.print(Text(f"  {one.ours:<22} {_told(one)}"), soft_wrap=True)
    if seen.unknown:
        console.print(Text(f"  känns inte igen: {', '.join(seen.unknown)}"), soft_wrap=True)
    if seen.has_mapping:
        console.print(Text(f"Läst med mappningen {seen.mapping_path}."), soft_wrap=True)
    for line in seen.undecided:
        console.print(Text(f"  att avgöra: {line}", style="yellow"), soft_wrap=True)
    if seen.is_read:
        console.print(f"{seen.landed} av {seen.lines} rader skulle läsas in.")
    for message in seen.messages:
        console.print(Text(f"  {message}"), soft_wrap=True)
    for bad in seen.bad_lines:
        value = f": {bad.value}" if bad.value is not None else ""
        place = f"rad {bad.line}" + (f", {bad.column}" if bad.column else "")
        console.print(Text(f"  {place}: {bad.reason}{value}"), soft_wrap=True)
    if seen.proposal:
        console.print()
        done = "Skriven mappning" if seen.is_written else "Föreslagen mappning"
        console.print(Text(f"{done}, {seen.mapping_path}:", style="bold"), soft_wrap=True)
        console.print(Text(seen.proposal), soft_wrap=True)


def _told(one: ColumnSeen) -> str:
    if not one.theirs:
        return "saknas"
    said = f"← {one.theirs} ({one.how})"
    said += f", {one.conversion}" if one.conversion else ""
    return said + (f", {len(one.codes)} koder att översätta" if one.codes else "")
