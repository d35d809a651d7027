"""The report's cells: each figure printed once, in the edition's unit, pattern and sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from flows.domain.heads import render_head
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.patterns import PrintPattern, parse
from flows.reports.wording import Wording

#: A row that is printed only when something stands in it.
SHOWN_WITH_AMOUNT = "VID_BELOPP"

#: What people type into a file: an empty field there is printed empty, anywhere else a missing value says so.
TYPED_QUANTITIES = frozenset({"target", "observation", "assessment"})
TYPED_MEASURES = frozenset({"indicator", "goal"})

#: Where a report stops and a reader is told to mend the edition.
_MEND_EDITION = "Correct the edition's row or column and deliver it again."


@dataclass(slots=True)
class PrintedCell:
    """One cell as the reader sees it; `source` is its row of marts.report_cell, `number` in the printed unit.

    `ledger_number` is the number without the adjustments that move it; None where none do."""

    source: Mapping[str, Any]
    head: str
    number: Fraction | None = None
    ledger_number: Fraction | None = None
    printed: str = ""
    value_status: str = ""
    method: str = ""
    months: str = ""
    reason: str = ""
    footnote_numbers: list[int] = field(default_factory=list)
    #: Its rows of marts.report_note.
    notes: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def table_id(self) -> str:
        return self.source["table_id"]

    @property
    def row_id(self) -> str:
        return self.source["row_id"]

    @property
    def column_id(self) -> str:
        return self.source["column_id"]

    @property
    def unit(self) -> str:
        """The printed unit."""
        return self.source["unit"]

    @property
    def is_deviation(self) -> bool:
        return bool(self.source["minuend_column"])

    @property
    def printed_number(self) -> Fraction | None:
        """The number that a reader sees."""
        return None if self.number is None else self.pattern().rounded(self.number)

    def pattern(self) -> PrintPattern:
        """The row's pattern, or its target pattern in a target's column; raises Refusal where the edition has none."""
        text = self.source["print_pattern"]
        if self.source["quantity"] == "target" and self.source.get("target_pattern"):
            text = self.source["target_pattern"]
        try:
            return parse(text or "")
        except ValueError:
            raise Refusal(f"{self._place()} has the print pattern {text!r}, which is none.", _MEND_EDITION) from None

    def _place(self) -> str:
        return f"The report's cell {self.table_id}/{self.row_id}/{self.column_id}"


def print_cells(report_cells: Iterable[Mapping[str, Any]], period: Period, wording: Wording) -> list[PrintedCell]:
    """Every printed cell in report order, without footnotes; raises Refusal for a head or pattern that is none."""
    ordered = sorted(report_cells, key=_place_in_report)
    shown: list[PrintedCell] = []
    for _, sources in groupby(ordered, key=lambda source: (source["table_id"], source["row_id"])):
        row = [_figure(source, period, wording) for source in sources]
        by_column = {cell.column_id: cell for cell in row}
        for cell in row:
            if cell.is_deviation:
                _deviate(cell, by_column, wording)
        if _is_shown(row):
            shown.extend(row)
    return shown


def add_notes(cells: Iterable[PrintedCell], notes: Iterable[Mapping[str, Any]]) -> None:
    """Give each cell what the catalogue says of it, in the order of the kinds."""
    places = {(cell.table_id, cell.row_id, cell.column_id): cell for cell in cells}
    for note in sorted(notes, key=lambda note: note["footnote_kind"]):
        cell = places.get((note["table_id"], note["row_id"], note["column_id"]))
        if cell is not None:
            cell.notes.append(note)


def _place_in_report(source: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        source["table_order"],
        source["table_id"],
        source["row_order"],
        source["row_id"],
        source["column_order"],
        source["column_id"],
    )


def _figure(source: Mapping[str, Any], period: Period, wording: Wording) -> PrintedCell:
    """A cell that stands on a figure of its own; a deviation is left empty here."""
    cell = PrintedCell(source, _head(source, period))
    if cell.is_deviation:
        return cell
    cell.value_status = source["value_status"] or ""
    cell.method, cell.months, cell.reason = source["method"] or "", source["months"] or "", source["reason"] or ""
    if cell.value_status == "suppressed":
        cell.printed = wording.statuses["suppressed"]
    elif source["words"]:
        cell.printed = source["words"]
    elif (number := _number(source)) is not None:
        cell.number = number
        cell.printed = cell.pattern().print(number)
        if source.get("adjustment_value"):
            cell.ledger_number = number - _in_print(Fraction(source["adjustment_value"]), source)
    else:
        _leave_missing(cell, wording)
    return cell


def _head(source: Mapping[str, Any], period: Period) -> str:
    try:
        return render_head(source["head_template"], period)
    except ValueError as error:
        raise Refusal(
            f"The report's column {source['table_id']}/{source['column_id']}: {error}.", _MEND_EDITION
        ) from None


def noted_number(cell: PrintedCell) -> Fraction | None:
    """The ratio that a footnote gives beside the printed one, in the printed unit and the row's sign."""
    beside = {"numerator": cell.source.get("noted_numerator"), "denominator": cell.source.get("noted_denominator")}
    return _number({**cell.source, "figure_value": None, **beside})


def _number(source: Mapping[str, Any]) -> Fraction | None:
    """The exact figure in the printed unit and the row's sign; a ratio is divided here and nowhere before."""
    if source["numerator"] is not None:
        if not source["denominator"]:
            return None
        exact = Fraction(source["numerator"]) / Fraction(source["denominator"])
    elif source["figure_value"] is not None:
        exact = Fraction(source["figure_value"])
    else:
        return None
    return _in_print(exact, source)


def _in_print(exact: Fraction, source: Mapping[str, Any]) -> Fraction:
    """In the printed unit and the row's sign."""
    return exact * Fraction(source["multiplier"] or 1) / Fraction(source["divisor"] or 1) * (source["row_sign"] or 1)


def _leave_missing(cell: PrintedCell, wording: Wording) -> None:
    is_typed = cell.source["quantity"] in TYPED_QUANTITIES or cell.source["measure_id"] in TYPED_MEASURES
    says_why = bool(cell.reason) or (cell.value_status == "missing" and not is_typed)
    cell.value_status = "missing"
    cell.printed = wording.statuses["missing"] if says_why else ""


def _deviate(cell: PrintedCell, by_column: Mapping[str, PrintedCell], wording: Wording) -> None:
    """A deviation is the difference of the two printed cells, so that a reader who subtracts gets what is printed."""
    parts = []
    for name in ("minuend_column", "subtrahend_column"):
        part = by_column.get(cell.source[name])
        if part is None or part.is_deviation:
            place = f"{cell.table_id}/{cell.row_id}/{cell.column_id}"
            raise Refusal(
                f"The deviation {place} stands on the column {cell.source[name]!r}, which is none.", _MEND_EDITION
            )
        parts.append(part)
    minuend, subtrahend = parts
    leading = min(parts, key=lambda part: _strength(part, wording))
    cell.value_status, cell.method = leading.value_status, leading.method
    cell.months, cell.reason = leading.months, leading.reason
    if minuend.printed_number is None or subtrahend.printed_number is None:
        absent = minuend if minuend.number is None else subtrahend
        cell.value_status = "suppressed" if absent.value_status == "suppressed" else "missing"
        cell.reason = absent.reason
        cell.printed = wording.statuses[cell.value_status] if absent.printed else ""
        return
    sign = cell.source["deviation_sign"] or 1
    difference = (minuend.printed_number - subtrahend.printed_number) * sign
    cell.number, cell.printed = difference, cell.pattern().print(difference)
    if any(part.ledger_number is not None for part in parts):
        cell.ledger_number = (_printed_in_ledger(minuend) - _printed_in_ledger(subtrahend)) * sign


def _printed_in_ledger(cell: PrintedCell) -> Fraction:
    """What would be printed without adjustments."""
    number = cell.number if cell.ledger_number is None else cell.ledger_number
    return cell.pattern().rounded(number or Fraction())


def _strength(cell: PrintedCell, wording: Wording) -> int:
    """Weakest evidence first; where both parts are of plain kinds (outcome, forecast, budget) the first one leads."""
    plain = wording.precedence["actual"]
    return min(wording.precedence.get(cell.value_status, plain), plain)


def _is_shown(row: Sequence[PrintedCell]) -> bool:
    return row[0].source["shown_when"] != SHOWN_WITH_AMOUNT or any(cell.number for cell in row)


def as_decimal(number: Fraction | None) -> Decimal | None:
    """The number at ten decimals, half away from zero; numerator and denominator stand beside it exactly."""
    if number is None:
        return None
    scaled = parse("0," + "0" * 10).rounded(number)
    return Decimal(scaled.numerator * (10**10 // scaled.denominator)).scaleb(-10)
