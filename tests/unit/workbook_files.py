"""Workbooks written for the tests: by a real writer, or part by part where no real writer would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import xlsxwriter

from flows.declarations.contracts import contracts
from flows.domain.reading import Reading
from flows.sources.tabular import read_table
from tests.unit.tabular_files import AUGUST, EXTRACTED_AT, keys_of

#: A cell: a value, or a value with the number format that it is shown by.
Cell = Any


def workbook(
    rows: Sequence[Sequence[Cell]], hidden_rows: Sequence[int] = (), sheets: Sequence[str] = ("Data",)
) -> bytes:
    """A workbook as Excel writes it: the first visible sheet has the rows; names in parentheses are hidden sheets."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    written = False
    for name in sheets:
        sheet = book.add_worksheet(name.strip("()"))
        if name.startswith("("):
            sheet.hide()
            sheet.write(0, 0, "dolt")
        elif not written:
            sheet.activate()
            sheet.set_first_sheet()
            _write(book, sheet, rows)
            for number in hidden_rows:
                sheet.set_row(number - 1, None, None, {"hidden": True})
            written = True
    book.close()
    return target.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:
    formats: dict[str, Any] = {}
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            value, code = cell if isinstance(cell, tuple) else (cell, None)
            shown = None if code is None else formats.setdefault(code, book.add_format({"num_format": code}))
            if value is None:
                continue
            if isinstance(value, str) and value.startswith("="):
                formula, _, result = value.partition("→")
                sheet.write_formula(line, place, formula, shown, result)
            elif isinstance(value, str):
                sheet.write_string(line, place, value, shown)
            elif isinstance(value, bool):
                sheet.write_boolean(line, place, value, shown)
            else:
                sheet.write_number(line, place, value, shown)


def read_workbook(extract: str, data: bytes | Sequence[Sequence[Cell]], **options: Any) -> Reading:
    """The workbook read against its contract."""
    content = data if isinstance(data, bytes) else workbook(data, **options)
    name = f"{extract}_202108_20210903T0600.xlsx"
    return read_table(content, contracts()[extract], name, AUGUST, EXTRACTED_AT, keys_of)


def with_parts(data: bytes, parts: Mapping[str, str | bytes | None]) -> bytes:
    """The workbook with parts replaced, added or (None) taken out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, content in parts.items():
            if content is not None:
                after.writestr(name, content)
    return target.getvalue()


def sheet_of(xml: str, attributes: str = "") -> bytes:
    """A workbook whose sheet is the given rows of XML."""
    content = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        f"{attributes}><sheetData>{xml}</sheetData></worksheet>"
    )
    return with_parts(_any_workbook(), {"xl/worksheets/sheet1.xml": content})


@cache
def _any_workbook() -> bytes:
    return workbook([["x"]])


@cache
def workbook_of_everything() -> bytes:
    """A workbook of a contract that has shared texts, styles, a date and a formula: every part that is read."""
    return workbook([["period", "enhet_kod", "portioner"], [(44409, "yyyy-mm"), "E1", 10], ["2021-08", "E2", "=4+1→5"]])
