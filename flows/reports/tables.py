"""The report's tables from `closed.*`: as text for people, as csv and json for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]

#: The narrowest terminal that a table is laid out for, and the widest its row labels may grow there.
NARROW = 80
LABEL_WIDTH = 34

CSV_COLUMNS = ("table", "row", "column", "value", "unit")


def as_csv(cells: Sequence[Row]) -> str:
    """`table,row,column,value,unit`, values as printed, without footnote marks."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(
        (cell["table_name"], cell["row_label"], cell["head"], cell["printed"], cell["unit"])
        for cell in in_report_order(cells)
    )
    return lines.getvalue()


def as_json(cells: Sequence[Row], footnotes: Sequence[Row], about: Mapping[str, Any]) -> str:
    """The same cells with what each stands on; `about` (period, version, synthetic or not) comes first."""
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
        }
        for table in by_table(cells)
    ]
    return json.dumps({**about, "tables": tables}, ensure_ascii=False, indent=2, default=str) + "\n"


def _json_cell(cell: Row) -> dict[str, Any]:
    named = {"row": "row_label", "column": "head", "value": "printed"}
    same = ("row_id", "column_id", "unit", "number", "numerator", "denominator")
    said = ("value_status", "method", "months", "reason", "footnote")
    return {**{name: cell[source] for name, source in named.items()}, **{name: cell[name] for name in (*same, *said)}}


def in_report_order(cells: Iterable[Row]) -> list[Row]:
    """The cells as the report prints them: by table, row and column."""
    return sorted(
        cells, key=lambda cell: (cell["table_order"], cell["table_id"], cell["row_order"], cell["column_order"])
    )


def by_table(cells: Iterable[Row]) -> list[list[Row]]:
    """The cells of each table, in the report's order."""
    return [list(table) for _, table in groupby(in_report_order(cells), key=lambda cell: cell["table_id"])]


def print_tables(console: Console, cells: Sequence[Row], footnotes: Sequence[Row]) -> None:
    """Each table with its footnotes below; a table too wide for the console continues under itself."""
    for table in by_table(cells):
        table_id = table[0]["table_id"]
        _print_table(console, table)
        for note in sorted(footnotes, key=lambda note: note["footnote_number"]):
            if note["table_id"] == table_id:
                console.print(
                    f"{note['footnote_number']}) {note['text']}", style="italic", highlight=False, markup=False
                )
        console.print()


def _print_table(console: Console, table: Sequence[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    heading = f"{table[0]['table_id']}  {table[0]['table_heading']}{_only_unit(table)}"
    console.print(Text(heading, style="bold"))
    for columns in _blocks(table, console.width):
        laid_out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
        laid_out.add_column("", width=_label_width(table))
        for column_id in columns:
            width = _widths(table)[column_id]
            laid_out.add_column(Text(_head(table, column_id)), justify="right", min_width=width, vertical="bottom")
        for row in _rows(table):
            named = {cell["column_id"]: cell for cell in row}
            laid_out.add_row(
                Text(row[0]["row_label"]),
                *(_value(named[column_id], table) for column_id in columns if column_id in named),
            )
        console.print(laid_out)


def _only_unit(table: Sequence[Row]) -> str:
    """The unit behind the heading where the whole table has one."""
    units = {cell["unit"] for cell in table}
    return f" ({units.pop()})" if len(units) == 1 else ""


def _blocks(table: Sequence[Row], width: int) -> list[list[str]]:
    """The columns that fit beside the labels, as many as go into each block."""
    room = max(width, NARROW) - _label_width(table) - 2
    blocks: list[list[str]] = [[]]
    left = room
    for column_id, needed in _widths(table).items():
        if blocks[-1] and needed + 2 > left:
            blocks.append([])
            left = room
        blocks[-1].append(column_id)
        left -= needed + 2
    return blocks


def _label_width(table: Sequence[Row]) -> int:
    return min(LABEL_WIDTH, max(len(cell["row_label"]) for cell in table))


def _widths(table: Sequence[Row]) -> dict[str, int]:
    """Column → the widest word of its head or its widest value with mark; in the table's order."""
    widths: dict[str, int] = {}
    for cell in sorted(table, key=lambda cell: cell["column_order"]):
        longest_word = max((len(word) for word in (cell["head"] or "").split()), default=0)
        needed = max(longest_word, min(len(_value(cell, table)), LABEL_WIDTH // 2))
        widths[cell["column_id"]] = max(needed, widths.get(cell["column_id"], 0))
    return widths


def _head(table: Sequence[Row], column_id: str) -> str:
    return next(cell["head"] for cell in table if cell["column_id"] == column_id)


def _rows(table: Sequence[Row]) -> list[list[Row]]:
    return [list(row) for _, row in groupby(table, key=lambda cell: cell["row_id"])]


def _value(cell: Row, table: Sequence[Row]) -> Any:
    """The printed value and, in a column with footnotes, a place for the mark, so that digits stay under digits."""
    from rich.text import Text

    marks = [len(other["footnote"]) + 2 for other in table if other["footnote"]]
    mark = f" {cell['footnote']})" if cell["footnote"] else ""
    style = {"estimated": "yellow", "preliminary": "cyan", "missing": "dim", "suppressed": "dim"}
    return Text(cell["printed"] + mark.ljust(max(marks, default=0)), style=style.get(cell["value_status"] or "", ""))
