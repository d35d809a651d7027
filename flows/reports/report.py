"""The report of one closing as rows: what `closed.report_cell` and `closed.footnote` freeze."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.reports.cells import PrintedCell, add_notes, as_decimal, print_cells
from flows.reports.footnotes import Footnote, add_footnotes
from flows.reports.texts import print_texts, quote_table, text_table
from flows.reports.wording import Wording

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """Arrow tables: `cells` and `footnotes` with the columns of closed.report_cell and closed.footnote, `texts` and
    `quotes` with those of build.printed_text and build.quoted_figure."""

    cells: pa.Table
    footnotes: pa.Table
    texts: pa.Table
    quotes: pa.Table

    def judged(self) -> Mapping[str, pa.Table]:
        """What the gate reads of it: a table of `build` → its rows."""
        return {"printed_cell": self.cells, "printed_text": self.texts, "quoted_figure": self.quotes}


def print_report(
    report_cells: pa.Table,
    period: Period,
    wording: Wording,
    notes: pa.Table | None = None,
    comments: Iterable[Mapping[str, Any]] = (),
) -> PrintedReport:
    """Print every cell of marts.report_cell once, add the footnotes, and fill the texts; raises Refusal where the
    edition is wrong.

    `notes` holds marts.report_note: what the catalogue has said of a cell; `comments` are rows of staging.comment.
    """
    cells = print_cells(report_cells.to_pylist(), period, wording)
    if notes is not None:
        add_notes(cells, notes.to_pylist())
    footnotes = add_footnotes(cells, period, wording)
    texts = print_texts(comments, cells, period)
    return PrintedReport(_cell_table(cells), _footnote_table(footnotes), text_table(texts), quote_table(texts))


#: Taken over from marts.report_cell as they are.
_KEPT = ("edition_id", "table_id", "table_name", "table_order", "table_heading", "row_id", "row_order", "row_label")
_KEPT_OF_COLUMN = ("column_id", "column_order")
#: What a cell's ties to others stand on.
_KEPT_OF_TIES = ("minuend_column", "subtrahend_column", "organisation_tag", "organisation_view")
_KEPT_OF_FIGURE = ("measure_id", "item_id", "area_code", "sex", "quantity", "year_offset")


def _cell_table(cells: Sequence[PrintedCell]) -> pa.Table:
    import pyarrow as pa

    text, count = pa.string(), pa.int64()
    schema = pa.schema(
        [
            *((name, count if name.endswith("_order") else text) for name in (*_KEPT, *_KEPT_OF_COLUMN)),
            ("head", text),
            *((name, pa.int32() if name == "year_offset" else text) for name in _KEPT_OF_FIGURE),
            ("number", pa.decimal128(28, 10)),
            ("numerator", pa.decimal128(28, 6)),
            ("denominator", pa.decimal128(28, 6)),
            *(
                (name, text)
                for name in ("printed", "words", "unit", "value_status", "method", "months", "reason", "footnote")
            ),
            ("printed_number", pa.decimal128(28, 10)),
            ("half_unit", pa.decimal128(28, 10)),
            *((name, pa.decimal128(18, 6)) for name in ("multiplier", "divisor")),
            *((name, pa.int32()) for name in ("row_sign", "deviation_sign")),
            *((name, text) for name in _KEPT_OF_TIES),
            ("adjustment_value", pa.decimal128(28, 6)),
            ("ledger_number", pa.decimal128(28, 10)),
        ]
    )
    return pa.Table.from_pylist([_cell_row(cell) for cell in cells], schema)


def _cell_row(cell: PrintedCell) -> dict[str, Any]:
    source = cell.source
    # A withheld value must not be computable from what stands beside it.
    shown = {} if cell.value_status == "suppressed" else source
    return {
        **{name: source[name] for name in (*_KEPT, *_KEPT_OF_COLUMN, *_KEPT_OF_FIGURE)},
        "head": cell.head,
        "number": as_decimal(cell.number),
        "numerator": shown.get("numerator"),
        "denominator": shown.get("denominator"),
        "printed": cell.printed,
        "words": shown.get("words"),
        "unit": source["unit"],
        "value_status": cell.value_status or None,
        "method": cell.method or None,
        "months": cell.months or None,
        "reason": cell.reason or None,
        "footnote": ",".join(str(number) for number in cell.footnote_numbers) or None,
        "printed_number": as_decimal(cell.printed_number),
        "half_unit": None if cell.number is None else as_decimal(cell.pattern().half_unit()),
        **{name: source.get(name) for name in ("multiplier", "divisor", "row_sign", "deviation_sign")},
        **{name: source.get(name) or None for name in _KEPT_OF_TIES},
        "adjustment_value": shown.get("adjustment_value"),
        "ledger_number": as_decimal(cell.ledger_number),
    }


def _footnote_table(footnotes: Sequence[Footnote]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema(
        [("table_id", pa.string()), ("footnote_number", pa.int32()), ("row_id", pa.string()), ("text", pa.string())]
    )
    return pa.Table.from_pylist([asdict(footnote) for footnote in footnotes], schema)
