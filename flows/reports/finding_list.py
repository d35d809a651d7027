"""Findings as a reader meets them: who must act, what stops the close first, known gaps apart."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from flows.domain.finding import Effect, Finding, Severity

if TYPE_CHECKING:
    from rich.console import Console


class SameFinding(Protocol):
    """The findings of one rule that one person is asked about."""

    @property
    def effect(self) -> Effect: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


class AskedPerson(Protocol):
    """One who must act, and on what."""

    @property
    def ask(self) -> str: ...
    @property
    def groups(self) -> Sequence[SameFinding]: ...


class WorkList(Protocol):
    """The findings in the order in which they are dealt with."""

    @property
    def people(self) -> Sequence[AskedPerson]: ...
    @property
    def known_gaps(self) -> tuple[Finding, ...]: ...


#: What each effect is called before its findings.
_EFFECT_WORDS = {
    Effect.BARS_PUBLICATION: "hindrar publicering",
    Effect.WITHHOLDS: "källan hålls utanför",
    Effect.BARS_LOCK: "hindrar låsning",
    Effect.NONE: "upplysning",
}
_SEVERITY_STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}

#: So many places of one rule are listed in text; csv and json hold all.
LISTED_PLACES = 5

CSV_COLUMNS = (
    "rule_id",
    "severity",
    "effect",
    "message",
    "ask",
    "extract",
    "table",
    "file_name",
    "line",
    "column",
    "keys",
)


def print_findings(console: Console, work: WorkList) -> None:
    """By whom to ask, the worst first; long lists of one rule are cut with a count of the rest."""
    from rich.text import Text

    if not work.people and not work.known_gaps:
        console.print("Inga avvikelser.")
    for person in work.people:
        console.print(Text(person.ask or "Ingen att fråga", style="bold"))
        for group in person.groups:
            _print_places(console, group.findings, _EFFECT_WORDS[group.effect], _SEVERITY_STYLES[group.severity])
    if work.known_gaps:
        console.print(Text("Kända luckor", style="bold"))
        _print_places(console, work.known_gaps, "", "")


def _print_places(console: Console, findings: Sequence[Finding], words: str, style: str) -> None:
    from rich.text import Text

    for one in findings[:LISTED_PLACES]:
        line = Text("  ")
        line.append(f"{words}: " if words else "", style=style or None)
        line.append(f"{one.message}{_place(one)}")
        console.print(line)
    if len(findings) > LISTED_PLACES:
        console.print(Text(f"  … och {len(findings) - LISTED_PLACES} till ({findings[0].rule_id})", style="dim"))


def _place(one: Finding) -> str:
    if not one.file_name or one.file_name in one.message:
        return ""
    return f" [{one.file_name}{f', rad {one.line}' if one.line else ''}]"


def as_csv(findings: Sequence[Finding]) -> str:
    """Every finding with its keys as `name=value` pairs."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in findings:
        keys = ",".join(f"{name}={value}" for name, value in one.keys.items())
        place = (one.extract, one.table, one.file_name, one.line or "", one.column)
        writer.writerow((one.rule_id, one.severity, one.effect, one.message, one.ask, *place, keys))
    return lines.getvalue()


def as_json(findings: Sequence[Finding]) -> str:
    """Every finding as an object."""
    named = [name for name in CSV_COLUMNS if name != "keys"]
    return (
        json.dumps(
            [{**{name: getattr(one, name) for name in named}, "keys": dict(one.keys)} for one in findings],
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )
