"""Places between two days: where they stood, each dated event, and where they came to; as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class PlaceStep:
    """One dated event of one unit: `places` are all places after it."""

    on: date
    unit: str
    unit_name: str
    area: str
    change: int
    places: int
    words: str


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """How many places there were on a day; `remark` says which report printed that day."""

    on: date
    places: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PlaceBridge:
    """One kind of places from the first level's day to the last one's; each step lies between two of the levels."""

    kind: str
    label: str
    levels: Sequence[PlaceLevel]
    steps: Sequence[PlaceStep]

    def between(self, earlier: PlaceLevel, later: PlaceLevel) -> list[PlaceStep]:
        """The steps after one level's day, up to and with the next one's."""
        return [step for step in self.steps if earlier.on < step.on <= later.on]


def print_place_bridges(console: Console, bridges: Sequence[PlaceBridge]) -> None:
    """The levels in bold, with the steps that lead from one to the next in between."""
    from rich.text import Text

    for bridge in bridges:
        first, last = bridge.levels[0], bridge.levels[-1]
        console.print(Text(f"{bridge.label}, {first.on} – {last.on}", style="bold"), soft_wrap=True)
        _print_level(console, first)
        for earlier, later in zip(bridge.levels, bridge.levels[1:], strict=False):
            for step in bridge.between(earlier, later):
                where = ", ".join(word for word in (step.unit_name or step.unit, step.area) if word)
                words = step.words or "utan förklaring i registret"
                line = f"  {step.on}  {_signed(step.change):>5}  {step.places:>5}  {words} ({where})"
                console.print(Text(line, style="green" if step.change > 0 else "red"), soft_wrap=True)
            _print_level(console, later)
        console.print()


def _print_level(console: Console, level: PlaceLevel) -> None:
    from rich.text import Text

    remark = f"  {level.remark}" if level.remark else ""
    console.print(Text(f"{level.on}         {level.places:>5}{remark}".rstrip(), style="bold"), soft_wrap=True)


def _signed(change: int) -> str:
    return f"{change:+d}".replace("-", "−")


_NAMES: Sequence[str] = ("place_kind", "step", "date", "change", "places", "unit_code", "unit_name", "area", "words")


def as_csv(bridges: Sequence[PlaceBridge]) -> str:
    """A row a level and a row a step, in order."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for bridge in bridges:
        for row in _rows(bridge):
            listed.write_named({"place_kind": bridge.kind, **row})
    return lines.getvalue()


def as_json(bridges: Sequence[PlaceBridge]) -> str:
    """A bridge an object, with its rows in order."""
    told = [{"place_kind": one.kind, "label": one.label, "rows": _rows(one)} for one in bridges]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _rows(bridge: PlaceBridge) -> list[dict[str, Any]]:
    rows = [_level_row(bridge.levels[0])]
    for earlier, later in zip(bridge.levels, bridge.levels[1:], strict=False):
        rows += [_step_row(step) for step in bridge.between(earlier, later)]
        rows.append(_level_row(later))
    return rows


def _level_row(level: PlaceLevel) -> dict[str, Any]:
    return {"step": "day", "date": level.on.isoformat(), "places": level.places, "words": level.remark}


def _step_row(step: PlaceStep) -> dict[str, Any]:
    return {
        "step": "event",
        "date": step.on.isoformat(),
        "change": step.change,
        "places": step.places,
        "unit_code": step.unit,
        "unit_name": step.unit_name,
        "area": step.area,
        "words": step.words,
    }
