"""From budget or last year to the outcome: what each account group of each area does to the result."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flows.domain.month_range import month_range
from flows.domain.period import Period
from flows.reports.account_groups import account_group_labels
from flows.reports.csv_lines import CsvLines
from flows.reports.patterns import parse

if TYPE_CHECKING:
    from rich.console import Console

#: How long the longest bar is.
_BAR = 18
#: The words of a line before they are cut: bar and amount stand within eighty columns.
_WIDEST = 46

_COMPARED = {"budget": "Periodens budget", "last_year": "Samma period i fjol, omräknad"}
_THOUSANDS = parse("# ##0")


@dataclass(frozen=True, slots=True)
class ResultStep:
    """What one account group of one area does to the result; SEK, a surplus is positive."""

    area: str
    area_name: str
    account_group: str
    is_one_off: bool
    start: Decimal
    end: Decimal

    @property
    def step(self) -> Decimal:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class OneOff:
    """What one one-off does to the outcome; SEK, a surplus is positive."""

    one_off_id: str
    name: str
    decision: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ResultBridge:
    """The whole organisation's, or one area's where `area` is given; `steps` are sorted by size."""

    period: Period
    version: int
    comparison: str
    area: str | None
    area_name: str
    steps: Sequence[ResultStep]
    one_offs: Sequence[OneOff]

    @property
    def start(self) -> Decimal:
        return sum((step.start for step in self.steps), Decimal())

    @property
    def end(self) -> Decimal:
        return sum((step.end for step in self.steps), Decimal())

    @property
    def one_off(self) -> Decimal:
        """What of the outcome is one-off."""
        return sum((step.end for step in self.steps if step.is_one_off), Decimal())


def print_result_bridge(console: Console, bridge: ResultBridge, top: int | None = None) -> None:
    """Both ends, the steps between them with a bar each, and the underlying result; in tkr."""
    from rich.text import Text

    months = month_range(bridge.period.to_date())
    console.print(
        Text(f"Resultat {months}, {bridge.area_name or 'hela organisationen'} (tkr)", style="bold"), soft_wrap=True
    )
    lines = list(_lines(bridge, top))
    width = min(_WIDEST, max(len(line.words) for line in lines))
    longest = max((abs(line.amount) for line in lines if line.is_step), default=Decimal())
    for line in lines:
        _print_line(console, line, width, longest)
    console.print(Text("Stegen går ihop på öret; varje rad är avrundad för sig.", style="dim"), soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    amount: Decimal
    is_step: bool = False
    remark: str = ""


def _lines(bridge: ResultBridge, top: int | None) -> Iterator[_Line]:
    yield _Line(_COMPARED[bridge.comparison], bridge.start)
    shown, rest = _shown(bridge.steps, top)
    yield from (_Line(f"  {_words(step, bridge)}", step.step, is_step=True) for step in shown)
    if rest:
        yield _Line(f"  {len(rest)} mindre poster", sum((step.step for step in rest), Decimal()), is_step=True)
    yield _Line("Utfall", bridge.end)
    if bridge.one_offs:
        for one in bridge.one_offs:
            yield _Line(f"  varav engångspost {one.name}", one.amount, remark=one.decision)
        yield _Line("Underliggande resultat", bridge.end - bridge.one_off)
    before = sum((step.start for step in bridge.steps if step.is_one_off), Decimal())
    if before:
        yield _Line("Underliggande resultat i fjol", bridge.start - before)


def _shown(steps: Sequence[ResultStep], top: int | None) -> tuple[Sequence[ResultStep], Sequence[ResultStep]]:
    moving = [step for step in steps if step.step]
    return (moving, []) if top is None or len(moving) <= top else (moving[:top], moving[top:])


def _words(step: ResultStep, bridge: ResultBridge) -> str:
    group = account_group_labels().get(step.account_group, step.account_group)
    one_off = ", engångs" if step.is_one_off else ""
    return f"{group}{one_off}" if bridge.area is not None else f"{step.area_name or step.area}: {group}{one_off}"


def _print_line(console: Console, line: _Line, width: int, longest: Decimal) -> None:
    from rich.text import Text

    words = line.words if len(line.words) <= width else f"{line.words[: width - 1]}…"
    printed = Text(f"{words:<{width}}  ", style="" if line.words.startswith(" ") else "bold")
    printed.append(f"{in_thousands(line.amount):>10}")
    if line.is_step and longest:
        # Colour tells the sign on a terminal; without it the sign must draw the bar.
        drawn = "█" if console.is_terminal else "+" if line.amount > 0 else "-"
        printed.append("  " + drawn * _bar(line.amount, longest), style="green" if line.amount > 0 else "red")
    printed.append(f"  {line.remark}" if line.remark else "", style="dim")
    console.print(printed, soft_wrap=True)


def _bar(amount: Decimal, longest: Decimal) -> int:
    return max(1, int(_BAR * abs(amount) / longest))


def in_thousands(amount: Decimal) -> str:
    """SEK as printed in tkr."""
    return _THOUSANDS.print(Fraction(amount) / 1000)


_NAMES: Sequence[str] = (
    "comparison",
    "row",
    "area_code",
    "area_name",
    "account_group",
    "is_one_off",
    "start_sek",
    "end_sek",
    "step_sek",
)


def as_csv(bridge: ResultBridge) -> str:
    """A row for each end and a row a step, exact."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    whole = {"comparison": bridge.comparison, "area_code": bridge.area or "", "area_name": bridge.area_name}
    listed.write_named({**whole, "row": "start", "start_sek": bridge.start})
    for step in bridge.steps:
        listed.write_named({"comparison": bridge.comparison, "row": "step", **_written(step)})
    listed.write_named({**whole, "row": "end", "end_sek": bridge.end})
    return lines.getvalue()


def _written(step: ResultStep) -> dict[str, Any]:
    return {**_step(step), "is_one_off": str(step.is_one_off).lower()}


def as_json(bridge: ResultBridge) -> str:
    """The bridge as an object; amounts are strings, so that no decimal becomes a float."""
    told: dict[str, Any] = {
        "period": str(bridge.period),
        "version": bridge.version,
        "comparison": bridge.comparison,
        "area_code": bridge.area or "",
        "start_sek": bridge.start,
        "steps": [_step(step) for step in bridge.steps],
        "end_sek": bridge.end,
        "one_offs": [
            {"one_off_id": one.one_off_id, "name": one.name, "decision": one.decision, "result_sek": one.amount}
            for one in bridge.one_offs
        ],
        "underlying_sek": bridge.end - bridge.one_off,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def _step(step: ResultStep) -> Mapping[str, Any]:
    return {
        "area_code": step.area,
        "area_name": step.area_name,
        "account_group": step.account_group,
        "is_one_off": step.is_one_off,
        "start_sek": step.start,
        "end_sek": step.end,
        "step_sek": step.step,
    }
