"""What the reader sees: tables as text, csv and json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows.reports.tables import as_csv, as_json, print_tables
from tests.shared_folder import SHARED, needs_shared


def cell(row: str, column: str, printed: str, **fields: Any) -> dict[str, Any]:
    plain = {
        "table_id": "x1",
        "table_name": "x1_volymer",
        "table_order": 1,
        "table_heading": "Volymer",
        "row_id": row,
        "row_order": 1,
        "row_label": row,
        "column_id": column,
        "column_order": 1,
        "head": column,
        "printed": printed,
        "unit": "timmar",
        "number": None,
        "numerator": None,
        "denominator": None,
        "value_status": "actual",
        "method": None,
        "months": None,
        "reason": None,
        "footnote": None,
    }
    return {**plain, **fields}


CELLS = [
    cell("Vårddyg", "Augusti 2020", "130 546", column_order=2, row_order=2),
    cell("Hemtjänst, timmar", "Augusti 2021", "229 544", value_status="estimated", footnote="1"),
    cell("Hemtjänst, timmar", "Augusti 2020", "227 910", column_order=2),
    cell("Vårddyg", "Augusti 2021", "129 266", row_order=2),
]
FOOTNOTES = [
    {"table_id": "x1", "footnote_number": 1, "row_id": "Hemtjänst, timmar", "text": "Hemtjänst: januari–mars."}
]


def text(cells: Sequence[dict[str, Any]], width: int = 80, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None)
    print_tables(console, cells, FOOTNOTES)
    return out.getvalue()


def test_text_marks_an_estimate_and_says_why_below() -> None:
    expected = """\
x1  Volymer (timmar)
                   Augusti 2021  Augusti 2020
Hemtjänst, timmar    229 544 1)       227 910
Vårddyg              129 266          130 546
1) Hemtjänst: januari–mars.
"""
    assert [line.rstrip() for line in text(CELLS).splitlines()] == [*expected.splitlines(), ""]


def test_colour_is_for_terminals_only() -> None:
    assert "\x1b[" not in text(CELLS)
    assert "\x1b[" in text(CELLS, terminal=True)


def test_csv_is_the_printed_value_without_marks() -> None:
    assert as_csv(CELLS) == (
        "table,row,column,value,unit,ledger_value,adjustment\n"
        'x1_volymer,"Hemtjänst, timmar",Augusti 2021,229 544,timmar,,\n'
        'x1_volymer,"Hemtjänst, timmar",Augusti 2020,227 910,timmar,,\n'
        "x1_volymer,Vårddyg,Augusti 2021,129 266,timmar,,\n"
        "x1_volymer,Vårddyg,Augusti 2020,130 546,timmar,,\n"
    )


def test_json_says_what_each_value_stands_on() -> None:
    told = json.loads(as_json(CELLS, FOOTNOTES, {"period": "2021-08", "version": 1}))
    assert (told["period"], told["tables"][0]["table"]) == ("2021-08", "x1_volymer")
    assert told["tables"][0]["cells"][0]["value_status"] == "estimated"
    assert told["tables"][0]["footnotes"] == [
        {"number": 1, "row_id": "Hemtjänst, timmar", "text": "Hemtjänst: januari–mars."}
    ]


@pytest.fixture
def published() -> list[dict[str, Any]]:
    cells = []
    for order, path in enumerate(sorted((SHARED / "reference" / "2021-08").glob("t*.csv"))):
        rows: dict[str, int] = {}
        columns: dict[str, int] = {}
        for line in csv.DictReader(path.open(encoding="utf-8")):
            place = {
                "table_id": Path(path).stem[:3],
                "table_name": line["table"],
                "table_order": order,
                "row_order": rows.setdefault(line["row"], len(rows)),
                "column_order": columns.setdefault(line["column"], len(columns)),
            }
            cells.append(cell(line["row"], line["column"], line["value"], unit=line["unit"], **place))
    return cells


@needs_shared
def test_the_published_report_fits_in_eighty_columns_with_every_word_whole(published: list[dict[str, Any]]) -> None:
    laid_out = text(published)
    assert max(len(line.rstrip()) for line in laid_out.splitlines()) <= 80
    for one in published:
        for word in (*one["row_label"].split(), *one["head"].split(), *one["printed"].split()):
            assert word in laid_out, word


@needs_shared
def test_the_published_report_is_written_back_line_by_line(published: list[dict[str, Any]]) -> None:
    written = [line[:5] for line in csv.reader(io.StringIO(as_csv(published)))][1:]
    read = [
        line[:5]
        for path in sorted((SHARED / "reference" / "2021-08").glob("t*.csv"))
        for line in list(csv.reader(path.open(encoding="utf-8")))[1:]
    ]
    assert written == read
