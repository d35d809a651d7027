"""A finding knows whether an earlier close of the same period found it too."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.steps.findings import read_closing_findings
from flows.store.closings import Attempt, record_barred
from flows.store.duckdb_engine import open_store
from flows.store.migrations import migrate

LATE = Finding("late", Severity.WARNING, Effect.BARS_LOCK, "5 rader.", keys={"unit_code": "U1"})
OTHER = Finding("late", Severity.WARNING, Effect.BARS_LOCK, "5 rader.", keys={"unit_code": "U2"})


def test_the_same_rule_at_the_same_place_was_known_and_anything_else_is_new(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "store.duckdb")
    migrate(connection)

    def attempt(period: Period, day: int, *found: Finding) -> int:
        at = datetime(2021, 9, day, 8, 0)
        return record_barred(connection, Attempt(period, date(2021, 9, day), at, "x"), found, at)

    attempt(Period(2021, 7), 1, OTHER)
    first = attempt(Period(2021, 8), 3, LATE)
    attempt(Period(2021, 8), 5, LATE)
    more_rows = Finding("late", Severity.WARNING, Effect.BARS_LOCK, "6 rader.", keys={"unit_code": "U1"})
    last = attempt(Period(2021, 8), 7, more_rows, OTHER)

    def known(closing_id: int) -> dict[str, datetime | None]:
        return {one.keys["unit_code"]: one.found_before for one in read_closing_findings(connection, closing_id)}

    assert known(first) == {"U1": None}
    assert known(last) == {"U1": datetime(2021, 9, 3, 8, 0), "U2": None}
    connection.close()
