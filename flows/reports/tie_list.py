"""The ties of a printed report: how many of each class hold, and the differences by themselves."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]

VERDICTS = ("holds", "rounding", "restated", "breaks")
_HEADS = {"holds": "stämmer", "rounding": "avrundning", "restated": "omräknad", "breaks": "bryts"}

COLUMNS = (
    "tie_class",
    "left_cell",
    "right_cells",
    "unit",
    "expected",
    "actual",
    "difference",
    "tolerance",
    "verdict",
    "restatement",
)


def by_class(ties: Iterable[Row]) -> list[tuple[str, str, Counter[str]]]:
    """(class, what it is called, verdict → number), in the classes' order."""
    counted: dict[str, tuple[str, Counter[str]]] = {}
    for tie in sorted(ties, key=lambda tie: tie["tie_order"]):
        _, verdicts = counted.setdefault(tie["tie_class"], (tie["tie_words"], Counter()))
        verdicts[tie["verdict"]] += 1
    return [(name, words, verdicts) for name, (words, verdicts) in counted.items()]


def print_ties(console: Console, ties: Sequence[Row], *, rounded: bool = False, every: bool = False) -> None:
    """The classes with their counts, then what breaks and what is restated.

    `rounded`: those within rounding too; `every`: also those that hold to the digit."""
    classes = by_class(ties)
    width = max((len(name) for name, *_ in classes), default=0)
    _say(console, f"{''.ljust(width)}  {'  '.join(head.rjust(10) for head in ('antal', *_HEADS.values()))}", "dim")
    total: Counter[str] = Counter()
    for name, words, verdicts in classes:
        total += verdicts
        counted = f"{name.ljust(width)}  {_counts(verdicts)}"
        # Piped, a class is a line; on a terminal what it says stands under it where there is no room beside.
        beside = not console.is_terminal or len(counted) + 3 + len(words) <= console.width
        _say(console, f"{counted}   {words}" if beside else f"{counted}\n  {words}")
    _say(console, f"{'alla'.ljust(width)}  {_counts(total)}", "bold")
    shown = ("breaks", "restated", *(("rounding",) if rounded or every else ()), *(("holds",) if every else ()))
    for tie in (tie for verdict in shown for tie in ties if tie["verdict"] == verdict):
        said = f"    {_number(tie['actual'])} mot {_number(tie['expected'])} {tie['unit']}"
        if tie["difference"]:
            said += f", skillnad {_number(tie['difference'])} (avrundning medger {_number(tie['tolerance'])})"
        _say(console, f"\n{_HEADS[tie['verdict']]}  {tie['left_cell']}")
        _say(console, said + (f": {tie['restatement']}" if tie["restatement"] else ""))
        _say(console, f"    {tie['right_cells']}", "dim")


def _say(console: Console, line: str, style: str = "") -> None:
    # In an address `:a:` is a row, not a picture.
    console.print(line, style=style, highlight=False, soft_wrap=True, markup=False, emoji=False)


def _counts(verdicts: Counter[str]) -> str:
    return "  ".join(str(number).rjust(10) for number in (verdicts.total(), *(verdicts[one] for one in VERDICTS)))


def _number(value: Decimal) -> str:
    """As people write it: no zeros at the end, a decimal comma, thousands apart."""
    whole, _, decimals = format(value, ",f").partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", " ") + (f",{decimals}" if decimals else "")


def as_csv(ties: Sequence[Row]) -> str:
    """One line an identity."""
    lines = io.StringIO()
    listed = CsvLines(lines, COLUMNS)
    for tie in ties:
        listed.write(tie[name] for name in COLUMNS)
    return lines.getvalue()


def as_json(ties: Sequence[Row], about: Mapping[str, Any]) -> str:
    """The counts by class, then every identity."""
    classes = [
        {"tie_class": name, "says": words, "number": verdicts.total(), **{one: verdicts[one] for one in VERDICTS}}
        for name, words, verdicts in by_class(ties)
    ]
    listed = [{name: tie[name] for name in COLUMNS} for tie in ties]
    return json.dumps({**about, "classes": classes, "ties": listed}, ensure_ascii=False, indent=2, default=str) + "\n"
