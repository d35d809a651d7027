"""What stands behind one printed cell: the largest parts, the rest, and the total; as text, csv and json."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.reports.cells import as_decimal
from flows.reports.csv_lines import CsvLines
from flows.reports.patterns import parse

if TYPE_CHECKING:
    from rich.console import Console

#: A part is told one decimal finer than most cells are printed; csv and json have all of them.
_FINER = parse("# ##0,0")
_WIDEST_NAME = 30
#: A name that is cut to fit a terminal keeps so much of itself.
_NARROWEST_NAME = 8
_BETWEEN = "  "


@dataclass(frozen=True, slots=True)
class Part:
    """One addend: what it is named by, its amounts (None: not shown), and what is to be known of it."""

    names: tuple[str, ...]
    amounts: tuple[Fraction | None, ...]
    remark: str = ""

    @property
    def size(self) -> Fraction:
        """The last amount is the one that counts: a deviation's, after what it is the difference of."""
        return abs(self.amounts[-1] or Fraction())


@dataclass(frozen=True, slots=True)
class Composition:
    """Parts that add up to the total, or, without a total, parts that only stand side by side."""

    title: str
    name_heads: tuple[str, ...]
    amount_heads: tuple[str, ...]
    parts: tuple[Part, ...]
    total: tuple[Fraction, ...] | None

    def shown(self, top: int) -> tuple[list[Part], list[Part]]:
        """The largest parts, and those that are summed up."""
        ordered = sorted(self.parts, key=lambda part: (-part.size, part.names))
        # A single part that is left over is shown rather than called the rest.
        return (ordered, []) if len(ordered) <= top + 1 or self.total is None else (ordered[:top], ordered[top:])

    def rest(self, parts: Sequence[Part]) -> tuple[Fraction, ...]:
        """What several parts come to, amount by amount."""
        return tuple(
            sum((part.amounts[place] or Fraction() for part in parts), Fraction())
            for place in range(len(self.amount_heads))
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell: as printed, exactly, what is to be known of it, and what it is made of."""

    address: str
    heading: str
    row_label: str
    head: str
    period: Period
    version: int
    printed: str
    unit: str
    number: Fraction | None
    facts: tuple[tuple[str, str], ...]
    compositions: tuple[Composition, ...]


def print_explanation(console: Console, explained: Explanation, top: int) -> None:
    """The cell, the facts, and each composition with its largest parts."""
    from rich.text import Text

    def line(words: str, style: str = "") -> None:
        console.print(Text(words, style=style), soft_wrap=True)

    line(f"{explained.heading}: {explained.row_label}, {explained.head}", "bold")
    exact = "" if explained.number is None else f" (exakt {_FINER.print(explained.number)})"
    unit = "" if explained.unit and explained.printed.endswith(explained.unit) else f" {explained.unit}"
    line(f"{explained.printed or 'tomt'}{unit}{exact}  [{explained.address}, {explained.period} v{explained.version}]")
    for label, words in explained.facts:
        line(f"  {label}: {words}")
    for composition in explained.compositions:
        console.print()
        line(composition.title, "bold")
        # Piped, whole names stand in one line, to be searched; on a terminal the amounts stay under each other.
        for words, style in _table(composition, top, console.width if console.is_terminal else None):
            line(words, style)


def _table(composition: Composition, top: int, room: int | None) -> list[tuple[str, str]]:
    shown, left = composition.shown(top)
    rows: list[tuple[tuple[str, ...], tuple[str, ...], str, str]] = [
        (composition.name_heads, composition.amount_heads, "", "dim")
    ]
    rows += [(part.names, _written(part.amounts), part.remark, "") for part in shown]
    blank = ("",) * (len(composition.name_heads) - 1)
    if left:
        rows.append(((f"{len(left)} mindre poster", *blank), _written(composition.rest(left)), "", ""))
    if composition.total is not None:
        rows.append((("Totalt", *blank), _written(composition.total), "", "bold"))
    name_widths = [min(_WIDEST_NAME, max(len(row[0][at]) for row in rows)) for at in range(len(composition.name_heads))]
    amount_widths = [max(len(row[1][at]) for row in rows) for at in range(len(composition.amount_heads))]
    if room is not None:
        _narrow(name_widths, room - sum(amount_widths) - len(_BETWEEN) * (len(name_widths) + len(amount_widths) - 1))
    lines: list[tuple[str, str]] = []
    for names, amounts, remark, style in rows:
        fields = [_cut(name, width).ljust(width) for name, width in zip(names, name_widths, strict=True)]
        fields += [amount.rjust(width) for amount, width in zip(amounts, amount_widths, strict=True)]
        words = _BETWEEN.join(fields)
        beside = f"{words}{_BETWEEN}{remark}" if remark else words
        if room is None or len(beside) <= room:
            lines.append((beside, style))
        else:
            lines += [(words, style), (f"{_BETWEEN}{remark}", style)]
    return lines


def _narrow(widths: list[int], room: int) -> None:
    """Take from the widest column until they fit in the room, or none can give more."""
    while sum(widths) > room and max(widths) > _NARROWEST_NAME:
        widths[widths.index(max(widths))] -= 1


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _written(amounts: Sequence[Fraction | None]) -> tuple[str, ...]:
    return tuple(".." if amount is None else _FINER.print(amount) for amount in amounts)


_NAMES: Sequence[str] = ("composition", "row", "names", "amount_of", "amount", "remark")


def as_csv(explained: Explanation, top: int) -> str:
    """A row an amount: of the largest parts, the rest and the total of each composition, exact."""
    lines = io.StringIO()
    listed = CsvLines(lines, _NAMES)
    for composition in explained.compositions:
        for row in _rows(composition, top):
            for head, amount in zip(composition.amount_heads, row["amounts"], strict=True):
                names = " / ".join(row["names"].values())
                told = (composition.title, row["row"], names, head, amount, row.get("remark", ""))
                listed.write_named(dict(zip(_NAMES, told, strict=True)))
    return lines.getvalue()


def as_json(explained: Explanation, top: int) -> str:
    """The whole explanation as an object; amounts are strings, so that no decimal becomes a float."""
    told: dict[str, Any] = {
        "address": explained.address,
        "table": explained.heading,
        "row": explained.row_label,
        "column": explained.head,
        "period": str(explained.period),
        "version": explained.version,
        "printed": explained.printed,
        "unit": explained.unit,
        "number": as_decimal(explained.number),
        "facts": dict(explained.facts),
        "compositions": [
            {"title": one.title, "amounts_of": one.amount_heads, "rows": _rows(one, top)}
            for one in explained.compositions
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def _rows(composition: Composition, top: int) -> list[dict[str, Any]]:
    shown, left = composition.shown(top)
    rows: list[dict[str, Any]] = [
        {
            "row": "part",
            "names": dict(zip(composition.name_heads, part.names, strict=True)),
            "amounts": [as_decimal(amount) for amount in part.amounts],
            "remark": part.remark,
        }
        for part in shown
    ]
    if left:
        rest = [as_decimal(amount) for amount in composition.rest(left)]
        rows.append({"row": "rest", "names": {}, "parts": len(left), "amounts": rest})
    if composition.total is not None:
        rows.append({"row": "total", "names": {}, "amounts": [as_decimal(amount) for amount in composition.total]})
    return rows
