"""Findings as a reader meets them: who must act, what stops the close first, what to type, known gaps apart."""

from __future__ import annotations

import io
import json
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flows.domain.finding import Effect, Finding, Severity
from flows.errors import Refusal
from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


class WorkItem(Protocol):
    """A finding, and what is to be done about it."""

    @property
    def finding(self) -> Finding: ...
    @property
    def action(self) -> str: ...


class SameFinding(Protocol):
    """The findings of one rule that one person is asked about."""

    @property
    def effect(self) -> Effect: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def items(self) -> Sequence[WorkItem]: ...


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
    def known_gaps(self) -> Sequence[SameFinding]: ...


#: What each effect is called before its findings.
EFFECT_WORDS = {
    Effect.BARS_PUBLICATION: "hindrar publicering",
    Effect.WITHHOLDS: "källan hålls utanför",
    Effect.BARS_LOCK: "hindrar låsning",
    Effect.NONE: "upplysning",
}
_SEVERITY_STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}

#: So many places of one rule are listed in text; csv, json, xlsx and the quality page hold all.
LISTED_PLACES = 5

COLUMNS = (
    "rule_id",
    "severity",
    "effect",
    "message",
    "ask",
    "action",
    "found_before",
    "extract",
    "table",
    "file_name",
    "line",
    "column",
    "keys",
)

#: What stands between backticks in an action is typed as it stands.
COMMAND = re.compile(r"`([^`]*)`")


def print_findings(console: Console, work: WorkList) -> None:
    """By whom to ask, the worst first; long lists of one rule are cut with a count of the rest."""
    from rich.text import Text

    if not work.people and not work.known_gaps:
        console.print("Inga avvikelser.")
    for person in work.people:
        console.print(Text(asked(person.ask), style="bold"))
        for group in person.groups:
            _print_places(console, group, EFFECT_WORDS[group.effect], _SEVERITY_STYLES[group.severity])
    if work.known_gaps:
        console.print(Text("Kända luckor", style="bold"))
        for group in work.known_gaps:
            _print_places(console, group, "", "")


def _print_places(console: Console, group: SameFinding, words: str, style: str) -> None:
    from rich.text import Text

    listed = group.items[:LISTED_PLACES]
    for number, item in enumerate(listed):
        marked = f"{words}: " if words else ""
        for line in _lines(f"{marked}{item.finding.message}{place(item.finding)}{since(item.finding)}", console, "  "):
            shown = Text(line)
            if not line.startswith("   "):
                shown.stylize(style, 2, 2 + len(marked))
            console.print(shown, soft_wrap=True)
        # Said once where the same is to be done about those that follow each other.
        if item.action and (number + 1 == len(listed) or listed[number + 1].action != item.action):
            for line in _lines(item.action, console, "    → "):
                console.print(_with_commands(line), soft_wrap=True)
    if len(group.items) > LISTED_PLACES:
        rest = len(group.items) - LISTED_PLACES
        console.print(Text(f"  … och {rest} till ({group.items[0].finding.rule_id})", style="dim"))


def _lines(words: str, console: Console, indent: str) -> list[str]:
    """Wrapped under its own beginning; a command is never broken, so that it can be copied."""
    whole = COMMAND.sub(lambda found: found[0].replace(" ", "\u2060"), words)
    lines = textwrap.wrap(
        whole,
        max(console.width, 40),
        initial_indent=indent,
        subsequent_indent=" " * max(len(indent), 4),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\u2060", " ") for line in lines]


def _with_commands(line: str) -> Text:
    """A line of an action with its commands coloured."""
    from rich.text import Text

    shown = Text()
    for number, part in enumerate(line.split("`")):
        shown.append(f"`{part}`" if number % 2 else part, style="cyan" if number % 2 else "")
    return shown


def asked(ask: str) -> str:
    """Who must act, as a heading."""
    return ask[:1].upper() + ask[1:] if ask else "Ingen att fråga"


def place(one: Finding) -> str:
    """Where it stands, where the message does not say so."""
    if not one.file_name or one.file_name in one.message:
        return ""
    return f" [{one.file_name}{f', rad {one.line}' if one.line else ''}]"


def since(one: Finding) -> str:
    """Since when it has been known, where it is not new and somebody must act."""
    return f" (sedan {one.found_before:%Y-%m-%d})" if one.found_before and one.effect is not Effect.NONE else ""


def rows(items: Sequence[WorkItem]) -> list[dict[str, str | int]]:
    """A row a finding under `COLUMNS`, keys as `name=value` pairs."""
    return [
        {
            **{name: getattr(item.finding, name) for name in COLUMNS if name not in ("action", "found_before", "keys")},
            "action": item.action,
            "found_before": item.finding.found_before.isoformat(" ", "minutes") if item.finding.found_before else "",
            "line": item.finding.line or "",
            "keys": ",".join(f"{name}={value}" for name, value in item.finding.keys.items()),
        }
        for item in items
    ]


def as_csv(items: Sequence[WorkItem]) -> str:
    """Every finding; what a spreadsheet would take for a formula is preceded by an apostrophe."""
    lines = io.StringIO()
    listed = CsvLines(lines, COLUMNS)
    for row in rows(items):
        listed.write_named(row)
    return lines.getvalue()


def as_json(items: Sequence[WorkItem]) -> str:
    """Every finding as an object."""
    objects = [
        {**row, "line": item.finding.line, "keys": dict(item.finding.keys)}
        for row, item in zip(rows(items), items, strict=True)
    ]
    return json.dumps([{name: one[name] for name in COLUMNS} for one in objects], ensure_ascii=False, indent=2) + "\n"


def write_text(text: str, to: Path) -> None:
    """Write a listing to a file; raises Refusal where that cannot be done."""
    try:
        to.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Refusal(f"{to} cannot be written ({error.strerror}).", "Give another file with --to.") from None
