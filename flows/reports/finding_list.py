"""Findings as a reader meets them: what stops first, each rule once with its places."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from flows.domain.finding import Effect, Finding, Severity

if TYPE_CHECKING:
    from rich.console import Console

#: What each effect is called above its findings, strictest first.
_HEADINGS = {
    Effect.BARS_PUBLICATION: "Hindrar publicering",
    Effect.WITHHOLDS: "Källor som hålls utanför",
    Effect.BARS_LOCK: "Hindrar låsning",
    Effect.NONE: "Upplysningar",
}
_SEVERITY_STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_EFFECTS = list(_HEADINGS)
_SEVERITIES = list(Severity)

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


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Strictest effect first, then severity, rule and place."""
    return sorted(
        findings,
        key=lambda one: (
            _EFFECTS.index(one.effect),
            _SEVERITIES.index(one.severity),
            one.rule_id,
            one.extract,
            one.file_name,
            one.line or 0,
            one.message,
        ),
    )


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Grouped by what they do to the close; long lists of one rule are cut with a count of the rest."""
    from rich.text import Text

    if not findings:
        console.print("Inga avvikelser.")
        return
    for effect, group in groupby(in_order(findings), key=lambda one: one.effect):
        listed = list(group)
        console.print(Text(f"{_HEADINGS[effect]} ({len(listed)})", style="bold"))
        for _, same_rule in groupby(listed, key=lambda one: one.rule_id):
            places = list(same_rule)
            for one in places[:LISTED_PLACES]:
                line = Text("  ")
                line.append(f"{one.rule_id}  ", style=_SEVERITY_STYLES[one.severity])
                line.append(f"{one.message}{_place(one)}{f' Fråga: {one.ask}.' if one.ask else ''}")
                console.print(line)
            if len(places) > LISTED_PLACES:
                console.print(Text(f"  {places[0].rule_id}  … och {len(places) - LISTED_PLACES} till", style="dim"))


def _place(one: Finding) -> str:
    if not one.file_name or one.file_name in one.message:
        return ""
    return f" [{one.file_name}{f', rad {one.line}' if one.line else ''}]"


def as_csv(findings: Sequence[Finding]) -> str:
    """Every finding with its keys as `name=value` pairs."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in in_order(findings):
        keys = ",".join(f"{name}={value}" for name, value in one.keys.items())
        place = (one.extract, one.table, one.file_name, one.line or "", one.column)
        writer.writerow((one.rule_id, one.severity, one.effect, one.message, one.ask, *place, keys))
    return lines.getvalue()


def as_json(findings: Sequence[Finding]) -> str:
    """Every finding as an object."""
    named = [name for name in CSV_COLUMNS if name != "keys"]
    return (
        json.dumps(
            [{**{name: getattr(one, name) for name in named}, "keys": dict(one.keys)} for one in in_order(findings)],
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )
