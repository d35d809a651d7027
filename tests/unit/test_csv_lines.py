"""What a spreadsheet would calculate is text in any csv of ours; what is a number stays one."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reports.csv_lines import CsvLines, harmless


@pytest.mark.parametrize(
    "formula",
    ["=HYPERLINK(A1)", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "-A1", "-2*3", "=1", "-1;=1"],
)
def test_a_formula_is_made_text(formula: str) -> None:
    assert harmless(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "number", ["-22 100", "-25,7 mnkr", "-0,1 %", "-", "-4687", "-1.5", "+3", "-12 timmar", -7, None]
)
def test_a_number_stays_as_it_is(number: object) -> None:
    assert harmless(number) == number


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_a_line_is_read_back_and_begins_no_formula(row: list[str]) -> None:
    to = io.StringIO(newline="")
    CsvLines(to, ("a", "b")).write(row)
    read = list(csv.reader(io.StringIO(to.getvalue(), newline="")))[1]
    written = [one.replace("\r\n", "\n").replace("\r", "\n") for one in row]
    assert [one.removeprefix("'") for one in read] == [one.removeprefix("'") for one in written]
    assert not any(one.startswith(("=", "@")) for one in read)


def test_a_name_that_is_no_column_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="no such column: c"):
        CsvLines(io.StringIO(), ("a", "b")).write_named({"a": 1, "c": 2})
