"""What a new version of a report would change against the newest one. Pure: rows in, differences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.domain.cell_address import address_of
from flows.domain.finding import Effect, Finding
from flows.domain.period import Period
from flows.reports.tables import in_report_order

Row = Mapping[str, Any]

_ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that a version stands on: what it is called, of which month, and when it was taken out."""

    label: str
    month: Period
    extracted_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What one version says and stands on: rows of closed.report_cell, footnote and comment, findings, deliveries."""

    cells: Sequence[Row] = ()
    footnotes: Sequence[Row] = ()
    texts: Sequence[Row] = ()
    findings: Sequence[Finding] = ()
    deliveries: Sequence[Delivered] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell, printed before and after; None where it was not, or is not, in the report."""

    address: str
    table: str
    row: str
    head: str
    unit: str
    before: str | None
    after: str | None
    status_before: str = ""
    status_after: str = ""

    @property
    def became_estimated(self) -> bool:
        return self.status_after == _ESTIMATED != self.status_before

    @property
    def was_estimated(self) -> bool:
        return self.status_before == _ESTIMATED != self.status_after


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that came and lines that went, of one kind: footnotes, texts, findings or deliveries."""

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that the next version of a period would change. `version_before` None: it would be the first.

    `unseen`: cells whose exact number moves and whose printed one does not. `organisation`: whose they are, as its
    ledger says; the demo's says that it is synthetic."""

    period: Period
    version_before: int | None
    cells_in_all: int
    cells: tuple[CellChange, ...] = ()
    unseen: int = 0
    footnotes: Difference = field(default_factory=Difference)
    texts: Difference = field(default_factory=Difference)
    findings: Difference = field(default_factory=Difference)
    deliveries: Difference = field(default_factory=Difference)
    organisation: str = ""

    @property
    def version(self) -> int:
        """The number that the next version would get."""
        return (self.version_before or 0) + 1

    @property
    def is_first(self) -> bool:
        return self.version_before is None

    @property
    def is_nothing(self) -> bool:
        """Nothing that a reader of the report could see would change."""
        return not (self.cells or self.footnotes != Difference() or self.texts != Difference())


def compare(period: Period, version_before: int | None, before: Standing, after: Standing) -> Changes:
    """Cells meet by their ids, findings by rule and place, footnotes and texts by what they say in their table.

    A first version has nothing to meet: its cells are counted, its findings and footnotes told."""
    first = version_before is None
    known = {_place(one): one for one in before.findings}
    found = {_place(one): one for one in after.findings}
    return Changes(
        period,
        version_before,
        len(after.cells),
        () if first else tuple(_changed(before.cells, after.cells)),
        0 if first else _unseen(before.cells, after.cells),
        _difference(_notes(before), _notes(after)),
        _difference(_texts(before), _texts(after)),
        Difference(
            tuple(_said(one) for place, one in found.items() if place not in known),
            tuple(_said(one) for place, one in known.items() if place not in found),
        ),
        _difference(map(_taken_out, before.deliveries), map(_taken_out, after.deliveries)),
    )


def _changed(before: Sequence[Row], after: Sequence[Row]) -> Iterable[CellChange]:
    """Cells that print otherwise or are of another kind, new and gone ones too, in the report's order."""
    was, is_now = _by_address(before), _by_address(after)
    gone = (cell for address, cell in was.items() if address not in is_now)
    for cell in in_report_order([*after, *gone]):
        old, new = was.get(address_of(cell)), is_now.get(address_of(cell))
        if old is None or new is None or _seen(old) != _seen(new):
            yield CellChange(
                address_of(cell),
                cell["table_heading"],
                cell["row_label"],
                cell["head"],
                cell["unit"] or "",
                None if old is None else old["printed"],
                None if new is None else new["printed"],
                (old or {}).get("value_status") or "",
                (new or {}).get("value_status") or "",
            )


def _unseen(before: Sequence[Row], after: Sequence[Row]) -> int:
    was = _by_address(before)
    return sum(
        1
        for address, cell in _by_address(after).items()
        if address in was and _seen(was[address]) == _seen(cell) and was[address]["number"] != cell["number"]
    )


def _by_address(cells: Iterable[Row]) -> dict[str, Row]:
    return {address_of(cell): cell for cell in cells}


def _seen(cell: Row) -> tuple[str, str]:
    return cell["printed"], cell["value_status"] or ""


def _notes(of: Standing) -> list[str]:
    headings = {cell["table_id"]: cell["table_heading"] for cell in of.cells}
    return [f"{headings.get(note['table_id'], note['table_id'])}: {note['text']}" for note in of.footnotes]


def _texts(of: Standing) -> list[str]:
    printed = (text for text in of.texts if text["printed"] is not None and text["is_placed"])
    return [f"{text['heading'] or text['row_label'] or text['table_id']}: {text['printed']}" for text in printed]


def _place(one: Finding) -> tuple[object, ...]:
    """The same finding is the same rule at the same place; its message may count something that changes."""
    return one.rule_id, one.file_name, one.line, one.column, tuple(sorted(one.keys.items()))


def _said(one: Finding) -> str:
    return f"{one.message} (hindrar låsning)" if one.effect is Effect.BARS_LOCK else one.message


def _taken_out(one: Delivered) -> str:
    return f"{one.label} {one.month}, uttagen {one.extracted_at:%Y-%m-%d %H:%M}"


def _difference(before: Iterable[str], after: Iterable[str]) -> Difference:
    """What stands in one alone, each once, in its own order."""
    was, is_now = dict.fromkeys(before), dict.fromkeys(after)
    return Difference(tuple(one for one in is_now if one not in was), tuple(one for one in was if one not in is_now))
