"""Findings as text, csv and json."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.errors import Refusal
from flows.quality.findings import work_list
from flows.reports.finding_book import write_book
from flows.reports.finding_list import as_csv, as_json, print_findings

AUGUST = Period(2021, 8)
MISSING = Finding(
    "missing_month",
    Severity.CRITICAL,
    Effect.BARS_PUBLICATION,
    "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)",
    "Treserva",
    "treserva_hemtjanst",
    keys={"month_list": "2021-04,2021-05,2021-06,2021-07,2021-08"},
)
NOTED = [
    Finding("unknown_column", Severity.INFO, Effect.NONE, f"Okänd kolumn {n}.", file_name="a_202108.csv", line=n)
    for n in range(1, 9)
]


def text(findings: list[Finding], width: int = 200) -> str:
    out = io.StringIO()
    print_findings(Console(file=out, width=width), work_list(findings, AUGUST))
    return out.getvalue()


def test_what_stops_comes_first_and_long_lists_are_counted() -> None:
    first, last = (f"treserva_hemtjanst_2021{month}_ÅÅÅÅMMDDTTTMM.csv" for month in ("04", "08"))
    assert text([*NOTED, MISSING], 100).splitlines() == [
        "Treserva",
        "  hindrar publicering: Hemtjänst saknas apr–aug 2021 (5 av 8 månader)",
        f"    → Be om {first} till och med",
        f"      {last}. Kommer den inte i tid:",
        "      `bokslut gap add treserva_hemtjanst --from 2021-04 --to 2021-08 --reason … --case …`; volymer",
        "      uppskattas då och får fotnot.",
        "Ingen att fråga",
        *(f"  upplysning: Okänd kolumn {n}. [a_202108.csv, rad {n}]" for n in range(1, 6)),
        "    → Inget. Är kolumnen efterfrågad: säg till den som förvaltar bokslut.",
        "  … och 3 till (unknown_column)",
    ]


def test_a_command_is_never_broken() -> None:
    command = "`bokslut gap add treserva_hemtjanst --from 2021-04 --to 2021-08 --reason … --case …`"
    assert any(command in line for line in text([MISSING], 60).splitlines())


def test_a_known_gap_stands_apart_with_since_when() -> None:
    gap = Finding(
        "known_gap",
        Severity.WARNING,
        Effect.BARS_LOCK,
        "Måltider saknas maj 2021.",
        "Kost",
        "kost_maltider",
        keys={"month_list": "2021-05"},
        found_before=datetime(2021, 9, 3, 8, 0),
    )
    assert text([gap]).splitlines() == [
        "Kända luckor",
        "  Måltider saknas maj 2021. (sedan 2021-09-03)",
        "    → Inget före den utlovade dagen. När kost_maltider_202105_ÅÅÅÅMMDDTTTMM.csv har kommit:"
        " `bokslut close 2021-08`, sedan `bokslut gap close kost_maltider --from 2021-05`.",
    ]


def test_nothing_found_is_said() -> None:
    assert text([]) == "Inga avvikelser.\n"


def test_csv_and_json_hold_every_finding_and_what_to_do() -> None:
    items = work_list([*NOTED, MISSING], AUGUST).items()
    listed = list(csv.DictReader(io.StringIO(as_csv(items))))
    assert [row["rule_id"] for row in listed] == ["missing_month", *["unknown_column"] * 8]
    assert "bokslut gap add treserva_hemtjanst" in listed[0]["action"]
    assert [one["line"] for one in json.loads(as_json(items))] == [None, *range(1, 9)]


def test_no_cell_becomes_a_formula(tmp_path: Path) -> None:
    hostile = [Finding("name_not_a_delivery", Severity.INFO, Effect.NONE, f"{sign}1+1") for sign in "=+-@"]
    items = work_list(hostile, AUGUST).items()
    assert [row["message"] for row in csv.DictReader(io.StringIO(as_csv(items)))] == [f"'{one}1+1" for one in "=+-@"]
    write_book(items, AUGUST, tmp_path / "findings.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "findings.xlsx").active
    assert [cell.value for cell in sheet["C"]] == ["Avvikelse", "=1+1", "+1+1", "-1+1", "@1+1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_workbook_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        write_book([], AUGUST, tmp_path / "absent" / "findings.xlsx")
