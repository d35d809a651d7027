"""The source × month matrix as text, csv and json."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from rich.console import Console

from flows.domain.period import Period
from flows.reports.delivery_matrix import DeliveryMonth, as_csv, as_json, print_matrix

APRIL = Period(2021, 4)
GAP = {"state": "estimated", "reason": "systemfel", "case_number": "A-17", "expected_by": date(2021, 10, 15)}
MONTHS = [
    *(DeliveryMonth("treserva_hemtjanst", "Hemtjänst", "", Period(2021, n), "complete") for n in (1, 2)),
    *(DeliveryMonth("treserva_hemtjanst", "Hemtjänst", "", Period(2021, n), **GAP) for n in (3, 4)),
    *(DeliveryMonth("treserva_hemtjanst", "Hemtjänst", unit, APRIL, **GAP) for unit in ("1001", "1002")),
    DeliveryMonth("mal_bedomning", "Målbedömning", "", APRIL, "missing"),
]


def text() -> str:
    out = io.StringIO()
    print_matrix(Console(file=out, width=80, highlight=False), MONTHS, APRIL)
    return out.getvalue()


def test_the_matrix_says_what_is_in_and_why_the_rest_is_not() -> None:
    assert [line.rstrip() for line in text().splitlines()] == [
        "2021  Leveranser till och med april",
        "               jan   feb   mars     apr",
        "Hemtjänst     klar  klar  uppsk   uppsk",
        "Målbedömning                     saknas",
        "",
        "Hemtjänst, mars–apr 2021 (2 enheter): saknas, uppskattas: systemfel (ärende",
        "A-17); väntas senast 2021-10-15.",
        "Målbedömning, apr 2021: saknas.",
        "",
    ]


def test_csv_and_json_hold_every_unit() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(MONTHS))))
    assert [row["unit"] for row in rows] == ["", "", "", "", "1001", "1002", ""]
    assert rows[2] == {
        "extract": "treserva_hemtjanst",
        "label": "Hemtjänst",
        "unit": "",
        "month": "2021-03",
        "state": "estimated",
        "reason": "systemfel",
        "case_number": "A-17",
        "expected_by": "2021-10-15",
    }
    assert json.loads(as_json(MONTHS, APRIL))["deliveries"] == rows
