"""What an adjustment makes of a cell stands beside it: in a footnote, and in csv and json."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa

from flows.domain.period import Period
from flows.reports.report import PrintedReport, print_report
from flows.reports.tables import as_csv, as_json
from flows.reports.wording import read_wording
from tests.unit.test_print_cells import PLAIN

IN_THOUSANDS = {"measure_id": "result", "row_label": "Summa", "divisor": Decimal(1000), "unit": "tkr"}
ACTUAL = {**IN_THOUSANDS, "head_template": "Utfall", "figure_value": Decimal("12261500")}
BUDGET = {
    **IN_THOUSANDS,
    "column_id": "k2",
    "column_order": 2,
    "quantity": "budget_to_date",
    "figure_value": Decimal("10000000"),
}
DEVIATION = {
    **IN_THOUSANDS,
    "column_id": "k3",
    "column_order": 3,
    "quantity": "deviation",
    "head_template": "Avvikelse",
    "minuend_column": "k1",
    "subtrahend_column": "k2",
    "adjustment_reason": "El för augusti",
}
MOVED = {"adjustment_value": Decimal("-1000600"), "adjustment_reason": "El för augusti"}


def report(*changes: dict[str, Any]) -> PrintedReport:
    rows = [{**PLAIN, "adjustment_value": None, "adjustment_reason": None, **change} for change in changes]
    numbers = {name for row in rows for name, value in row.items() if isinstance(value, Decimal)}
    numbers |= {"numerator", "denominator", "noted_numerator", "noted_denominator", "figure_value", "adjustment_value"}
    arrays = {
        name: pa.array([row[name] for row in rows], pa.decimal128(38, 6) if name in numbers else None)
        for name in rows[0]
    }
    return print_report(pa.table(arrays), Period(2021, 8), read_wording())


def notes(made: PrintedReport) -> list[str]:
    return made.footnotes.column("text").to_pylist()


def test_the_ledgers_own_figure_stands_in_a_footnote_of_each_cell_that_is_moved() -> None:
    made = report({**ACTUAL, **MOVED}, BUDGET, DEVIATION)
    assert made.cells.column("printed").to_pylist() == ["12 262", "10 000", "2 262"]
    assert notes(made) == [
        "Summa, Utfall: varav justering -1 001 tkr (El för augusti); bokfört 13 262 tkr.",
        "Summa, Avvikelse: varav justering -1 000 tkr (El för augusti); bokfört 3 262 tkr.",
    ]
    assert made.cells.column("ledger_number").to_pylist() == [Decimal("13262.1"), None, Decimal(3262)]


def test_the_row_turns_the_adjustment_with_the_figure_and_a_unit_in_the_pattern_is_not_said_twice() -> None:
    made = report({**ACTUAL, **MOVED, "row_sign": -1, "print_pattern": "# ##0,0 tkr"})
    assert notes(made) == [
        "Summa, Utfall: varav justering 1 000,6 tkr (El för augusti); bokfört -13 262,1 tkr.",
    ]


def test_what_an_adjustment_makes_of_a_per_cent_is_percentage_points() -> None:
    ratio = {
        "numerator": Decimal(4),
        "denominator": Decimal(1000),
        "multiplier": Decimal(100),
        "unit": "%",
        "print_pattern": "0,0 %",
        "head_template": "Utfall",
        "adjustment_value": Decimal("-0.0015"),
        "adjustment_reason": "El för augusti",
    }
    (note,) = notes(report(ratio))
    assert "varav justering -0,2 procentenheter (El för augusti)" in note
    assert "bokfört 0,6 %" in note


def test_a_cell_without_adjustments_says_nothing() -> None:
    made = report(ACTUAL, BUDGET, DEVIATION)
    assert notes(made) == []
    assert set(made.cells.column("ledger_number").to_pylist()) == {None}


def test_csv_and_json_carry_both_numbers_and_the_columns_are_always_the_same() -> None:
    cells = report({**ACTUAL, **MOVED}, BUDGET).cells.to_pylist()
    first, second = csv.DictReader(io.StringIO(as_csv(cells)))
    assert (Decimal(first["ledger_value"]), Decimal(first["adjustment"])) == (Decimal("13262.1"), Decimal("-1000.6"))
    assert (second["ledger_value"], second["adjustment"]) == ("", "")
    heads = {as_csv(each.cells.to_pylist()).splitlines()[0] for each in (report(ACTUAL), report({**ACTUAL, **MOVED}))}
    assert heads == {"table,row,column,value,unit,ledger_value,adjustment"}
    told = json.loads(as_json(cells, [], {}))["tables"][0]["cells"]
    assert [cell["adjustment"] for cell in told] == ["-1000.6000000000", None]
