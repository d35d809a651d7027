"""Findings as text, csv and json."""

from __future__ import annotations

import csv
import io
import json

from rich.console import Console

from flows.domain.finding import Effect, Finding, Severity
from flows.quality.findings import in_order, work_list
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
    print_findings(Console(file=out, width=200), work_list(findings))
    return out.getvalue()


def test_what_stops_comes_first_and_long_lists_are_counted() -> None:
    assert text([*NOTED, MISSING]).splitlines() == [
        "Treserva",
        "  hindrar publicering: Hemtjänst saknas apr–aug 2021 (5 av 8 månader)",
        "Ingen att fråga",
        *(f"  upplysning: Okänd kolumn {n}. [a_202108.csv, rad {n}]" for n in range(1, 6)),
        "  … och 3 till (unknown_column)",
    ]


def test_a_known_gap_stands_apart() -> None:
    gap = Finding("known_gap", Severity.WARNING, Effect.BARS_LOCK, "Hemtjänst saknas apr–aug 2021.", "Treserva")
    assert text([gap]).splitlines() == ["Kända luckor", "  Hemtjänst saknas apr–aug 2021."]


def test_nothing_found_is_said() -> None:
    assert text([]) == "Inga avvikelser.\n"


def test_csv_and_json_hold_every_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(in_order([*NOTED, MISSING])))))
    assert [row["rule_id"] for row in rows] == ["month_missing", *["unknown_column"] * 8]
    assert [one["line"] for one in json.loads(as_json(NOTED))] == list(range(1, 9))
