"""A version is numbered, whole, and never changed by what comes after it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from flows.domain import lifecycle
from flows.domain.lifecycle import Act, State
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.findings import last_closing
from flows.store.closings import Attempt, record_barred
from flows.store.home import Home
from flows.store.trace import deliveries_of_version
from flows.store.versions import closing_fingerprint, declarations_fingerprint, latest_version, period_state
from tests.close.closed_period import AUGUST, close_once, open_home


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return open_home(Home(tmp_path / "home"))


def test_versions_are_numbered_per_period_from_one(connection) -> None:
    assert latest_version(connection, AUGUST) is None
    assert [close_once(connection), close_once(connection), close_once(connection, Period(2021, 9))] == [1, 2, 1]
    assert period_state(connection, AUGUST) is State.PRELIMINARY


def test_a_later_version_leaves_the_one_before_as_it_was(connection) -> None:
    close_once(connection, printed="12")
    connection.execute("update marts.volume set figure_value = 13")
    close_once(connection, printed="13")
    rows = connection.execute("select version, printed from closed.report_cell order by version").fetchall()
    assert rows == [(1, "12"), (2, "13")]
    values = connection.execute("select version, figure_value from closed.volume order by version").fetchall()
    assert values == [(1, Decimal("12.5")), (2, Decimal(13))]


def test_a_mart_that_gains_a_column_keeps_its_older_versions(connection) -> None:
    close_once(connection)
    connection.execute("alter table marts.volume add column method varchar default 'months'")
    close_once(connection)
    assert connection.execute("select version, method from closed.volume order by version").fetchall() == [
        (1, None),
        (2, "months"),
    ]


def test_a_frozen_column_never_changes_its_type(connection) -> None:
    close_once(connection)
    connection.execute("alter table marts.result alter column amount_sek type decimal(18, 6)")
    with pytest.raises(Refusal, match="amount_sek"):
        close_once(connection)


def test_a_freeze_that_fails_leaves_nothing(connection) -> None:
    connection.execute("alter table marts.result add column person_key varchar")
    with pytest.raises(Refusal, match="person_key") as refused:
        close_once(connection)
    assert refused.value.exit_code is ExitCode.BARRED
    assert connection.execute("select count(*) from control.period_events").fetchall() == [(0,)]
    assert connection.execute("select count(*) from control.closings").fetchall() == [(0,)]
    assert connection.execute("select count(*) from duckdb_tables() where schema_name = 'closed'").fetchall() == [(0,)]


def test_a_version_names_its_files_and_stores_its_declarations(connection) -> None:
    version = close_once(connection)
    (traced,) = deliveries_of_version(connection, AUGUST, version)
    assert (traced.extract, traced.sha256) == ("kost_maltider", "ab12")
    stored = connection.execute(
        "select count(*) from control.version_declarations inner join control.declaration_texts using (sha256)"
        " where path in ('sql/staging/meal.sql', 'warehouse/columns.toml', 'flows/store/versions.py')"
    )
    assert stored.fetchall() == [(3,)]


def test_a_locked_period_is_not_closed(connection) -> None:
    close_once(connection)
    connection.execute(
        "insert into control.period_events values (nextval('control.event_number'), date '2021-08-01', 'lock', 1,"
        " timestamp '2021-09-12 09:00:00', 'chef', 'klar')"
    )
    with pytest.raises(Refusal, match="locked"):
        close_once(connection)


def test_a_lock_without_a_reason_is_refused_by_the_store_itself(connection) -> None:
    for reason in ("null", "''", "'  '"):
        with pytest.raises(duckdb.ConstraintException):
            connection.execute(
                "insert into control.period_events values"
                f" (1, date '2021-08-01', 'lock', 1, timestamp '2021-09-12 09:00:00', 'chef', {reason})"
            )


def test_each_act_is_allowed_only_where_the_table_says() -> None:
    chain = (Act.CLOSE, Act.LOCK, Act.REOPEN, Act.CLOSE, Act.LOCK)
    assert lifecycle.state_after(chain) is State.LOCKED
    assert len(lifecycle.TRANSITIONS) == 6
    for state in State:
        for act in Act:
            if (state, act) not in lifecycle.TRANSITIONS:
                with pytest.raises(Refusal):
                    lifecycle.after(state, act)


def test_the_fingerprint_of_a_closing_moves_with_its_deliveries_only(connection) -> None:
    close_once(connection)
    before = closing_fingerprint(connection)
    last = last_closing(connection, AUGUST)
    assert last is not None
    assert (last.fingerprint, last.version) == (before, 1)
    connection.execute("update build.closing_deliveries set encoding = 'cp1252'")
    assert closing_fingerprint(connection) == before
    connection.execute("update build.closing_deliveries set delivery_id = 2")
    assert closing_fingerprint(connection) != before


def test_the_fingerprint_of_the_declarations_moves_with_one_byte(tmp_path: Path) -> None:
    (tmp_path / "sql" / "marts").mkdir(parents=True)
    model = tmp_path / "sql" / "marts" / "volume.sql"
    model.write_text("select 1")
    before = declarations_fingerprint.__wrapped__(tmp_path)
    assert declarations_fingerprint.__wrapped__(tmp_path) == before
    model.write_text("select 2")
    assert declarations_fingerprint.__wrapped__(tmp_path) != before


def test_a_barred_attempt_is_recorded_and_makes_no_version(connection) -> None:
    attempt = Attempt(AUGUST, date(2021, 9, 10), _at(8), "f1")
    record_barred(connection, attempt, [], _at(9))
    assert connection.execute("select outcome, version from control.closings").fetchall() == [("barred", None)]
    assert latest_version(connection, AUGUST) is None


def test_asking_whether_anything_changed_loads_no_pandas(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with open_home(home) as connection:
        close_once(connection)
    asked = (
        "import sys\n"
        "from flows.domain.period import Period\n"
        "from flows.steps.findings import last_closing\n"
        "from flows.store.duckdb_engine import open_store\n"
        "from flows.store.versions import closing_fingerprint\n"
        f"connection = open_store({str(home.build_file)!r})\n"
        "assert last_closing(connection, Period(2021, 8)).fingerprint == closing_fingerprint(connection)\n"
        "print([name for name in ('pandas', 'great_expectations', 'prefect', 'pyarrow') if name in sys.modules])\n"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def _at(hour: int) -> datetime:
    return datetime(2021, 9, 10, hour, 0)
