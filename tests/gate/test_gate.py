"""The gate itself: what it judges again, what it refuses, and what it never lets pass unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows.declarations.rules import Suite, suites
from flows.domain.finding import Effect, Severity
from flows.errors import ExitCode, Refusal
from flows.quality import gate
from flows.store.duckdb_engine import open_store
from flows.store.migrations import migrate
from tests.gate.conftest import House


def suite_of(folder: Path, expectation: dict[str, Any], **meta: Any) -> dict[str, Suite]:
    """A suite of one rule over quality.drawn."""
    described = {
        "rule_id": "drawn_rule",
        "severity": "warning",
        "because": "Provet.",
        "ask": "den som ritade {unit_code}",
        "message": "{unit_code}: {difference:sek}",
        "keys": ["unit_code"],
        **meta,
    }
    path = folder / "quality" / "drawn.json"
    path.parent.mkdir(parents=True)
    declared = {"name": "quality.drawn", "expectations": [{**expectation, "severity": "warning", "meta": described}]}
    path.write_text(json.dumps(declared), "utf-8")
    return dict(suites(folder))


ZERO = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "difference", "min_value": 0, "max_value": 0},
}


def drawn(house: House, *rows: tuple[str, str | None]) -> None:
    house.connection.execute("create table quality.drawn (unit_code varchar, difference decimal(18, 2))")
    for row in rows:
        house.connection.execute("insert into quality.drawn values (?, ?)", list(row))


def test_each_failing_row_is_a_finding_with_its_exact_amount(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "0.00"), ("1103", "9007199254740993.01"), ("1102", "-0.01"))
    found = gate.judge(house.connection, declared=suite_of(tmp_path, ZERO))
    assert [one.message for one in found] == [
        "1102: −0,01 kr",
        "1103: 9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0993,01 kr",
    ]
    assert found[0].keys == {"unit_code": "1102"}
    assert found[0].ask == "den som ritade 1102"
    assert (found[0].severity, found[0].effect) == (Severity.WARNING, Effect.BARS_LOCK)


def test_a_difference_that_could_not_be_computed_has_not_passed(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", None), ("1102", "0.00"))
    (found,) = gate.judge(house.connection, declared=suite_of(tmp_path, ZERO))
    assert found.message == "1101: okänt"


def test_an_unknown_passes_where_the_rule_says_so(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", None))
    assert gate.judge(house.connection, declared=suite_of(tmp_path, ZERO, unknown_passes=True)) == []


def test_an_empty_table_has_no_findings(house: House, tmp_path: Path) -> None:
    drawn(house)
    assert gate.judge(house.connection, declared=suite_of(tmp_path, ZERO)) == []


def test_a_rule_of_the_whole_table_gives_one_finding(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "0.00"))
    at_least_two = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 2}}
    words = {"message": "{observed} rader", "ask": "någon", "keys": []}
    (found,) = gate.judge(house.connection, declared=suite_of(tmp_path, at_least_two, **words))
    assert found.message == "1 rader"


def test_an_unchanged_table_is_not_judged_again(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "2.00"))
    house.connection.execute("insert into build.model_fingerprint values ('quality.drawn', 'one')")
    declared = suite_of(tmp_path, ZERO)
    heard: list[str] = []
    first = gate.judge(house.connection, heard.append, declared)
    again = gate.judge(house.connection, heard.append, declared)
    assert first == again
    assert heard == ["quality.drawn"]
    house.connection.execute("update build.model_fingerprint set fingerprint = 'two'")
    gate.judge(house.connection, heard.append, declared)
    assert heard == ["quality.drawn", "quality.drawn"]


def test_a_changed_rule_is_judged_again_over_the_same_table(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "2.00"))
    house.connection.execute("insert into build.model_fingerprint values ('quality.drawn', 'one')")
    assert len(gate.judge(house.connection, declared=suite_of(tmp_path / "before", ZERO))) == 1
    wider = {**ZERO, "kwargs": {"column": "difference", "min_value": 0, "max_value": 5}}
    assert gate.judge(house.connection, declared=suite_of(tmp_path / "after", wider)) == []


def test_a_table_too_large_to_judge_is_refused_with_what_to_do(house: House, tmp_path: Path) -> None:
    house.connection.execute(
        f"create table quality.drawn as select 'u' as unit_code, 0.0 as difference from range({gate.MOST_ROWS + 1})"
    )
    with pytest.raises(Refusal, match="100001 rows; the gate judges at most 100000") as caught:
        gate.judge(house.connection, declared=suite_of(tmp_path, ZERO))
    assert caught.value.exit_code is ExitCode.OUR_FAULT


def test_a_suite_without_its_table_is_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"quality\.drawn has rules but does not exist"):
        gate.judge(house.connection, declared=suite_of(tmp_path, ZERO))


def test_a_rule_over_a_column_that_is_not_there_is_refused(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "0.00"))
    absent = {**ZERO, "kwargs": {"column": "differense", "min_value": 0, "max_value": 0}}
    with pytest.raises(Refusal, match="differense"):
        gate.judge(house.connection, declared=suite_of(tmp_path, absent))


def test_a_message_over_a_column_that_is_not_there_is_refused(house: House, tmp_path: Path) -> None:
    drawn(house, ("1101", "1.00"))
    with pytest.raises(Refusal, match="names the column absent"):
        gate.judge(house.connection, declared=suite_of(tmp_path, ZERO, message="{absent}"))


def test_nothing_left_to_judge_imports_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home.duckdb"
    with open_store(home) as connection:
        migrate(connection)
        connection.execute("create schema quality")
        connection.execute("create table quality.drawn as select '1101' as unit_code, 2.00 as difference")
        connection.execute("insert into build.model_fingerprint values ('quality.drawn', 'one')")
    suite_of(tmp_path, ZERO)
    script = f"""
import sys
from pathlib import Path
from flows.declarations.rules import suites
from flows.quality import findings, gate
from flows.store.duckdb_engine import open_store
found = gate.judge(open_store({str(home)!r}), declared=suites(Path({str(tmp_path)!r})))
print(len(found), *({{"great_expectations", "pandas"}} & sys.modules.keys()))
"""

    def run() -> str:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert "great_expectations" in run()
    assert run() == "1"
