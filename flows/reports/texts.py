"""The report's texts: comments under their tables and running text after them, with the figures that they quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flows.declarations import root
from flows.domain.period import Period
from flows.reports.cells import PrintedCell, as_decimal
from flows.reports.print_units import read_print_units
from flows.reports.quoted_figures import QuotedFigure
from flows.reports.quoted_placeholders import fill
from flows.reports.quoted_typed import TypedFigures, limits_of
from flows.reports.wording import read_rows
from flows.reports.written_numbers import read_text_words

if TYPE_CHECKING:
    import pyarrow as pa

#: What stands before a running text's heading in the table's place.
_RUNNING = "text:"

#: Why a text is not printed: what it holds may not be, or one of its figures could not be filled.
_WITHHELD = "texten hålls inne"
_UNFILLED = "en siffra i texten kan inte hämtas"


@dataclass(frozen=True, slots=True)
class PrintedText:
    """One text in its place; `printed` is None where it is not printed, `reason` then says why."""

    table_id: str
    row_id: str
    sequence_number: int
    table_order: int
    row_order: int
    heading: str
    row_label: str
    is_running_text: bool
    is_placed: bool
    comment_words: str | None
    printed: str | None
    reason: str | None
    responsible: str | None
    dated_on: date | None
    quotes: tuple[QuotedFigure, ...]


def print_texts(
    comments: Iterable[Mapping[str, Any]], cells: Sequence[PrintedCell], period: Period
) -> list[PrintedText]:
    """The period's comments (rows of staging.comment) in the report's order, their figures filled and read."""
    typed = TypedFigures(cells, period, read_print_units(), read_text_words(), limits_of(_limits(period)))
    rows = {(cell.table_id, cell.row_id): cell.source for cell in cells}
    tables = {cell.table_id: cell.source for cell in cells}
    written = sorted(comments, key=lambda comment: (comment["delivery_id"], comment["line"]))
    headings = list(dict.fromkeys(comment["table_id"] for comment in written))
    texts = [_text(one, rows, tables, headings.index(one["table_id"]), cells, typed) for one in written]
    return sorted(texts, key=_place_in_report)


def _place_in_report(text: PrintedText) -> tuple[bool, int, str, int, str, int]:
    place = (text.is_running_text, text.table_order, text.table_id, text.row_order, text.row_id)
    return (*place, text.sequence_number)


def _text(
    comment: Mapping[str, Any],
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    tables: Mapping[str, Mapping[str, Any]],
    place_of_heading: int,
    cells: Sequence[PrintedCell],
    typed: TypedFigures,
) -> PrintedText:
    table_id, row_id = comment["table_id"], comment["row_id"] or ""
    is_running = table_id.startswith(_RUNNING)
    table = {} if is_running else tables.get(table_id, {})
    row = {} if is_running else rows.get((table_id, row_id), {})
    words = comment["comment_words"]
    printed, reason, quotes = None, _WITHHELD, ()
    if words:
        filled = fill(words, cells, read_print_units())
        quotes = (*filled.quotes, *typed.read(filled.without_figures, table_id, row_id))
        printed, reason = filled.printed, None if filled.printed is not None else _UNFILLED
    return PrintedText(
        table_id=table_id,
        row_id=row_id,
        sequence_number=comment["sequence_number"],
        table_order=place_of_heading if is_running else table.get("table_order") or 0,
        row_order=row.get("row_order") or 0,
        heading=table_id.removeprefix(_RUNNING).strip() if is_running else table.get("table_heading") or table_id,
        row_label=row.get("row_label") or "",
        is_running_text=is_running,
        is_placed=is_running or bool(row) or (bool(table) and not row_id),
        comment_words=words,
        printed=printed,
        reason=reason,
        responsible=comment["responsible"],
        dated_on=comment["dated_on"],
        quotes=quotes,
    )


def _limits(period: Period) -> dict[str, Fraction]:
    """The limits in force at the period's end; of two, the one that began last."""
    day = period.last_day.isoformat()
    in_force = [
        row
        for row in read_rows(root.REFERENCE / "text_limits.csv")
        if row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] >= day)
    ]
    ordered = sorted(in_force, key=lambda row: row["valid_from"])
    return {row["threshold_id"]: Fraction(row["threshold_value"]) for row in ordered}


def text_table(texts: Sequence[PrintedText]) -> pa.Table:
    """The texts as rows of build.printed_text."""
    import pyarrow as pa

    text, count = pa.string(), pa.int64()
    schema = pa.schema(
        [
            *((name, text) for name in ("table_id", "row_id")),
            *((name, count) for name in ("sequence_number", "table_order", "row_order")),
            *((name, text) for name in ("heading", "row_label")),
            *((name, pa.bool_()) for name in ("is_running_text", "is_placed")),
            *((name, text) for name in ("comment_words", "printed", "reason", "responsible")),
            ("dated_on", pa.date32()),
        ]
    )
    return pa.Table.from_pylist([{name: getattr(one, name) for name in schema.names} for one in texts], schema)


def quote_table(texts: Sequence[PrintedText]) -> pa.Table:
    """The figures that the texts quote, as rows of build.quoted_figure."""
    import pyarrow as pa

    text, number = pa.string(), pa.decimal128(28, 10)
    schema = pa.schema(
        [
            *((name, text) for name in ("table_id", "row_id")),
            *((name, pa.int64()) for name in ("sequence_number", "quote_number")),
            *((name, text) for name in ("quote_kind", "quoted_words", "printed")),
            *((f"cell_{name}", text) for name in ("table_id", "row_id", "column_id")),
            ("unit", text),
            *((name, number) for name in ("quoted_number", "cell_number", "tolerance")),
            ("reason", text),
        ]
    )
    rows = [
        {
            "table_id": one.table_id,
            "row_id": one.row_id,
            "sequence_number": one.sequence_number,
            "quote_number": place,
            "quote_kind": quote.kind,
            "quoted_words": quote.written,
            "printed": quote.printed,
            "cell_table_id": quote.cell.table_id if quote.cell else None,
            "cell_row_id": quote.cell.row_id if quote.cell else None,
            "cell_column_id": quote.cell.column_id if quote.cell else None,
            "unit": quote.unit,
            "quoted_number": as_decimal(quote.quoted_number),
            "cell_number": as_decimal(quote.cell_number),
            "tolerance": as_decimal(quote.tolerance),
            "reason": quote.reason,
        }
        for one in texts
        for place, quote in enumerate(one.quotes, 1)
    ]
    return pa.Table.from_pylist(rows, schema)
