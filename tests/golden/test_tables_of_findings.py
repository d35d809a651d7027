"""Findings as text, csv and json."""

from __future__ import annotations

import csv
import io
import json

from rich.console import Console

from flows.domain.finding import Effect, Finding, Severity
from flows.reports.finding_list import as_csv, as_json, print_findings

MISSING = Finding(
    "month_missing",
    Severity.CRITICAL,
    Effect.BARS_PUBLICATION,
    "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)",
    "Treserva",
)
NOTED = [
    Finding("unknown_column", Severity.INFO, Effect.NONE, f"Okänd kolumn {n}.", file_name="a_202108.csv", line=n)
    for n in range(1, 9)
]


def text(findings: list[Finding]) -> str:
    out = io.StringIO()
    print_findings(Console(file=out, width=200), findings)
    return out.getvalue()


def test_what_stops_comes_first_and_long_lists_are_counted() -> None:
    lines = text([*NOTED, MISSING]).splitlines()
    assert lines[:2] == [
        "Hindrar publicering (1)",
        "  month_missing  Hemtjänst saknas apr–aug 2021 (5 av 8 månader) Fråga: Treserva.",
    ]
    assert lines[2] == "Upplysningar (8)"
    assert lines[3] == "  unknown_column  Okänd kolumn 1. [a_202108.csv, rad 1]"
    assert lines[-1] == "  unknown_column  … och 3 till"


def test_nothing_found_is_said() -> None:
    assert text([]) == "Inga avvikelser.\n"


def test_csv_and_json_hold_every_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv([*NOTED, MISSING]))))
    assert [row["rule_id"] for row in rows] == ["month_missing", *["unknown_column"] * 8]
    assert [one["line"] for one in json.loads(as_json(NOTED))] == list(range(1, 9))
