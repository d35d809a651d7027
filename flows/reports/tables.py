"""The report's tables from `closed.*`: as text for people, as csv and json for programs."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.reports.csv_lines import CsvLines

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]

#: The narrowest terminal that tables are laid out for; the most that a label or a value takes before it wraps.
NARROW = 80
LABEL_WIDTH = 34
VALUE_WIDTH = 17

CSV_COLUMNS = ("table", "row", "column", "value", "unit")
#: Beside them, empty where no adjustment moves the cell: the ledger's own number, and what the adjustments make of it.
ADJUSTED_COLUMNS = ("ledger_value", "adjustment")


def as_csv(cells: Sequence[Row]) -> str:
    """`table,row,column,value,unit`, values as printed, without footnote marks; and what adjustments make of them."""
    lines = io.StringIO()
    listed = CsvLines(lines, (*CSV_COLUMNS, *ADJUSTED_COLUMNS))
    for cell in in_report_order(cells):
        printed = (cell["table_name"], cell["row_label"], cell["head"], cell["printed"], cell["unit"])
        listed.write((*printed, *_adjusted(cell).values()))
    return lines.getvalue()


def _adjusted(cell: Row) -> dict[str, Any]:
    """The cell's number in the ledger alone and what adjustments make of it, exact, in the printed unit."""
    booked = cell.get("ledger_number")
    return dict(
        zip(ADJUSTED_COLUMNS, (None, None) if booked is None else (booked, cell["number"] - booked), strict=True)
    )


def as_json(cells: Sequence[Row], footnotes: Sequence[Row], about: Mapping[str, Any], texts: Sequence[Row] = ()) -> str:
    """The same cells with what each stands on, and the texts; `about` (period, version, whose) comes first."""
    tables = [
        {
            "table": table[0]["table_name"],
            "table_id": table[0]["table_id"],
            "heading": table[0]["table_heading"],
            "cells": [_json_cell(cell) for cell in table],
            "footnotes": [
                {"number": note["footnote_number"], "row_id": note["row_id"], "text": note["text"]}
                for note in footnotes
                if note["table_id"] == table[0]["table_id"]
            ],
            "comments": [_json_text(text) for text in comments_of(table[0]["table_id"], texts)],
        }
        for table in by_table(cells)
    ]
    running = [
        {"heading": section[0]["heading"], "texts": [_json_text(text) for text in section]}
        for section in running_texts(texts)
    ]
    return json.dumps({**about, "tables": tables, "texts": running}, ensure_ascii=False, indent=2, default=str) + "\n"


def _json_text(text: Row) -> dict[str, Any]:
    row = {} if text["is_running_text"] else {"row_id": text["row_id"] or None, "row": text["row_label"] or None}
    return {**row, "text": text["printed"], "responsible": text["responsible"], "dated_on": text["dated_on"]}


def comments_of(table_id: str, texts: Iterable[Row]) -> list[Row]:
    """The comments that are printed under a table: to the whole of it, then by row."""
    return [text for text in _in_text_order(texts) if text["table_id"] == table_id and not text["is_running_text"]]


def running_texts(texts: Iterable[Row]) -> list[list[Row]]:
    """The running texts that are printed, by heading, in the order written."""
    running = (text for text in _in_text_order(texts) if text["is_running_text"])
    return [list(section) for _, section in groupby(running, key=lambda text: text["table_id"])]


def _in_text_order(texts: Iterable[Row]) -> list[Row]:
    printed = (text for text in texts if text["printed"] is not None and text["is_placed"])
    return sorted(
        printed,
        key=lambda text: (
            text["table_order"],
            text["table_id"],
            text["row_order"],
            text["row_id"],
            text["sequence_number"],
        ),
    )


def _json_cell(cell: Row) -> dict[str, Any]:
    named = {"row": "row_label", "column": "head", "value": "printed"}
    same = ("row_id", "column_id", "unit", "number", "numerator", "denominator")
    said = ("value_status", "method", "months", "reason", "footnote")
    told = {**{name: cell[source] for name, source in named.items()}, **{name: cell[name] for name in (*same, *said)}}
    return {**told, **_adjusted(cell)}


def in_report_order(cells: Iterable[Row]) -> list[Row]:
    """The cells as the report prints them: by table, row and column."""
    return sorted(
        cells, key=lambda cell: (cell["table_order"], cell["table_id"], cell["row_order"], cell["column_order"])
    )


def by_table(cells: Iterable[Row]) -> list[list[Row]]:
    """The cells of each table, in the report's order."""
    return [list(table) for _, table in groupby(in_report_order(cells), key=lambda cell: cell["table_id"])]


def print_tables(console: Console, cells: Sequence[Row], footnotes: Sequence[Row], texts: Sequence[Row] = ()) -> None:
    """Each table with its footnotes and comments below, then the running texts.

    A table too wide for the console continues under itself."""
    for table in by_table(cells):
        table_id = table[0]["table_id"]
        _print_table(console, table)
        for note in sorted(footnotes, key=lambda note: note["footnote_number"]):
            if note["table_id"] == table_id:
                console.print(
                    f"{note['footnote_number']}) {note['text']}", style="italic", highlight=False, markup=False
                )
        for text in comments_of(table_id, texts):
            label = f"{text['row_label']}: " if text["row_label"] else ""
            console.print(f"{label}{text['printed']}", highlight=False, markup=False, emoji=False)
        console.print()
    for section in running_texts(texts):
        console.print(section[0]["heading"], style="bold", highlight=False, markup=False)
        for text in section:
            console.print(text["printed"], highlight=False, markup=False, emoji=False)
        console.print()


def _print_table(console: Console, table: Sequence[Row]) -> None:
    from rich.text import Text

    console.print(Text(f"{table[0]['table_id']}  {table[0]['table_heading']}{_only_unit(table)}", style="bold"))
    for widths in _blocks(table, console.width):
        heads = [_Field(_head(table, column_id), width, "dim") for column_id, width in widths.items()]
        _print_line(console, [_Field("", _label_width(table)), *heads])
        for row in _rows(table):
            label = _Field(row[0]["row_label"], _label_width(table), on_the_left=True)
            by_column = {cell["column_id"]: cell for cell in row}
            fields = [_field(by_column.get(column_id), width, table) for column_id, width in widths.items()]
            _print_line(console, [label, *fields])


#: How a terminal colours what is not plain outcome.
_STYLES = {"estimated": "yellow", "preliminary": "cyan", "missing": "dim", "suppressed": "dim"}


def _field(cell: Row | None, width: int, table: Sequence[Row]) -> _Field:
    if cell is None:
        return _Field("", width)
    return _Field(_value(cell, table), width, _STYLES.get(cell["value_status"] or "", ""))


@dataclass(frozen=True, slots=True)
class _Field:
    """What stands in one column of one line, wrapped upwards from the line's foot."""

    text: str
    width: int
    style: str = ""
    on_the_left: bool = False

    def wrapped(self, height: int) -> list[str]:
        # A mark's place is kept where there is none, so that digits stand under digits.
        foot = self.text[len(self.text.rstrip()) :]
        lines = textwrap.wrap(self.text, self.width - len(foot), break_on_hyphens=False) or [""]
        placed = [line.ljust(self.width) if self.on_the_left else (line + foot).rjust(self.width) for line in lines]
        return [" " * self.width] * (height - len(placed)) + placed


def _print_line(console: Console, fields: Sequence[_Field]) -> None:
    from rich.text import Text

    height = max(len(field.wrapped(1)) for field in fields)
    for parts in zip(*(field.wrapped(height) for field in fields), strict=True):
        line = Text()
        for field, part in zip(fields, parts, strict=True):
            line.append("  " if line else "")
            line.append(part, style=field.style or None)
        line.rstrip()
        console.print(line, soft_wrap=True)


def _only_unit(table: Sequence[Row]) -> str:
    """The unit behind the heading where the whole table has one."""
    units = {cell["unit"] for cell in table}
    unit = units.pop() if len(units) == 1 else ""
    return f" ({unit})" if unit else ""


def _blocks(table: Sequence[Row], console_width: int) -> list[dict[str, int]]:
    """Column → width, as many as fit beside the labels in each block; heads wrap only where they must."""
    room = max(console_width, NARROW) - _label_width(table)
    blocks: list[dict[str, int]] = [{}]
    for column_id, (narrowest, _) in _widths(table).items():
        if blocks[-1] and sum(blocks[-1].values()) + narrowest + 2 * (len(blocks[-1]) + 1) > room:
            blocks.append({})
        blocks[-1][column_id] = narrowest
    for block in blocks:
        unwrapped = {column_id: _widths(table)[column_id][1] for column_id in block}
        if sum(unwrapped.values()) + 2 * len(unwrapped) <= room:
            block.update(unwrapped)
    return blocks


def _label_width(table: Sequence[Row]) -> int:
    return min(LABEL_WIDTH, max(len(cell["row_label"]) for cell in table))


def _widths(table: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Column → the least width that breaks no word, and the width that wraps nothing; in the table's order."""
    widths: dict[str, tuple[int, int]] = {}
    for cell in sorted(table, key=lambda cell: cell["column_order"]):
        value, head = len(_value(cell, table)), cell["head"] or ""
        narrowest = max(*(len(word) for word in (*head.split(), *cell["printed"].split(), "")), min(value, VALUE_WIDTH))
        before = widths.get(cell["column_id"], (0, 0))
        widths[cell["column_id"]] = (max(before[0], narrowest), max(before[1], value, len(head)))
    return widths


def _head(table: Sequence[Row], column_id: str) -> str:
    return next(cell["head"] for cell in table if cell["column_id"] == column_id)


def _rows(table: Sequence[Row]) -> list[list[Row]]:
    return [list(row) for _, row in groupby(table, key=lambda cell: cell["row_id"])]


def _value(cell: Row, table: Sequence[Row]) -> str:
    """The printed value with its footnote mark, or with the room that the column's marks take."""
    column = (other for other in table if other["column_id"] == cell["column_id"])
    marks = [len(other["footnote"]) + 2 for other in column if other["footnote"]]
    mark = f" {cell['footnote']})" if cell["footnote"] else ""
    return cell["printed"] + mark.ljust(max(marks, default=0))
