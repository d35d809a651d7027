"""A tabular file, text or workbook, as header, records and control lines: everything still as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from flows.declarations.intake_limits import intake_limit
from flows.sources.control_lines import ControlLines, is_control_line, is_total, take_off
from flows.sources.delimited import MOST_COLUMNS, Line, Records, first_line, read_records
from flows.sources.encodings import decode, garbled, garbled_at
from flows.sources.refused_file import RefusedFile
from flows.sources.sheet_cells import Row
from flows.sources.workbook import read_sheet

#: What stands in the place of an encoding: a workbook's is its own affair.
_WORKBOOK = "XLSX"


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be said of a file whatever its contract: an intake rule, and of how many rows or sheets."""

    rule_id: str
    count: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """What a file holds, before any contract is asked."""

    header: Line
    records: Records
    control_lines: ControlLines
    encoding: str
    notes: tuple[Noted, ...] = ()


def written_rows(data: bytes, file_name: str) -> WrittenRows:
    """The rows of a file, by its ending; raises RefusedFile where it is not what its ending says."""
    return _of_workbook(data) if file_name.lower().endswith(".xlsx") else _of_text(data)


def _of_text(data: bytes) -> WrittenRows:
    decoded = decode(data)
    header = first_line(decoded.utf8)
    body, control_lines = take_off(decoded.utf8, header)
    return WrittenRows(header, read_records(body, header), control_lines, decoded.encoding)


def _of_workbook(data: bytes) -> WrittenRows:
    sheet = read_sheet(data)
    if not sheet.rows:
        raise RefusedFile("file_empty")
    first, *rows = sheet.rows
    _refuse_garbled([first], ())
    named = max(first.cells) + 1
    rows, control_lines = _control_lines(rows, named)
    # What stands beside the columns with a name is a column without one: put aside like every unknown column.
    width = max([named, *(max(row.cells) + 1 for row in rows)])
    if named > MOST_COLUMNS:
        raise RefusedFile("header_too_wide", line=first.line, most=MOST_COLUMNS)
    if width * len(rows) > (most := int(intake_limit("workbook_cells_tolerated"))):
        # A cell far to the right makes every row as wide.
        raise RefusedFile("workbook_too_large", limit=f"{most} celler")
    header = Line(first.line, _fields(first, width))
    _refuse_garbled(rows, header.fields)
    columns = tuple(pa.array([row.cells.get(place, "") for row in rows], pa.string()) for place in range(width))
    records = Records(np.array([row.line for row in rows], np.int32), columns, ())
    return WrittenRows(header, records, control_lines, _WORKBOOK, _notes(rows, sheet.sheets_left))


def _notes(rows: Sequence[Row], sheets_left: int) -> tuple[Noted, ...]:
    hidden = [row.line for row in rows if row.is_hidden]
    notes = [Noted("hidden_rows", len(hidden), hidden[0])] if hidden else []
    return (*notes, Noted("sheets_left", sheets_left)) if sheets_left else tuple(notes)


def _control_lines(rows: Sequence[Row], width: int) -> tuple[Sequence[Row], ControlLines]:
    """The rows that are data, and the control line and totals among the last two."""
    control: Line | None = None
    footers: list[Line] = []
    ending: set[int] = set()
    for row in reversed(rows[-2:]):
        line = Line(row.line, _fields(row, max(width, max(row.cells) + 1)))
        if is_control_line(line) and control is None:
            control = line
        elif is_total(line, width):
            footers.append(line)
        else:
            continue
        ending.add(row.line)
    last = [row for row in rows[-2:] if row.line not in ending]
    return [*rows[:-2], *last], ControlLines(control, tuple(footers))


def _fields(row: Row, width: int) -> tuple[str, ...]:
    return tuple(row.cells.get(place, "") for place in range(width))


def _refuse_garbled(rows: Sequence[Row], header: Sequence[str]) -> None:
    for row in rows:
        for place, text in row.cells.items():
            if garbled_at(text) is not None:
                raise garbled(row.line, place, header)
