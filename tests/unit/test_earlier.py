"""What earlier closes say is copied for the period being closed: other periods' newest, this one's own comments."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flows.domain.period import Period
from flows.store.closing_calendar import write_calendar
from flows.store.duckdb_engine import open_store
from flows.store.earlier import copy_earlier, earlier_versions
from flows.store.migrations import migrate

MARCH = Period(2022, 3)


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """August closed twice, March once and a later period that March must not see."""
    connection = open_store(":memory:")
    migrate(connection)
    write_calendar(connection, MARCH, MARCH.plus(1).first_day)
    for number, (month, version) in enumerate((("2021-08", 1), ("2021-08", 2), ("2022-03", 1), ("2022-06", 1)), 1):
        connection.execute(
            "insert into control.period_events (event_id, period, act, version, happened_at, who)"
            f" values ({number}, date '{month}-01', 'close', {version}, timestamp '2022-07-01', 'me')"
        )
    yield connection
    connection.close()


def freeze_cells(store: duckdb.DuckDBPyConnection) -> None:
    store.execute(
        "create table closed.report_cell as select date '2021-08-01' as period, 1 as version, * from build.printed_cell"
    )
    for month, version, row, printed in (
        ("2021-08", 1, "a", "10"),
        ("2021-08", 2, "a", "12"),
        ("2022-03", 1, "a", "20"),
        ("2022-06", 1, "a", "30"),
    ):
        store.execute(
            "insert into closed.report_cell (period, version, table_id, row_id, column_id, printed, printed_number)"
            f" values (date '{month}-01', {version}, 'x1', '{row}', 'u', '{printed}', {printed})"
        )


def test_a_store_that_has_frozen_nothing_has_nothing_to_say(store: duckdb.DuckDBPyConnection) -> None:
    copy_earlier(store)
    assert store.execute("select count(*) from build.earlier_cell").fetchall() == [(0,)]


def test_of_each_earlier_period_the_newest_version_counts(store: duckdb.DuckDBPyConnection) -> None:
    freeze_cells(store)
    for _ in range(2):
        copy_earlier(store)
    found = store.execute("select cast(period as varchar), version, printed from build.earlier_cell").fetchall()
    assert found == [("2021-08-01", 2, "12")]
    assert [(str(period), version) for period, version in earlier_versions(store)] == [("2021-08-01", 2)]


def test_a_comment_is_known_by_the_first_version_in_which_it_stood_so(store: duckdb.DuckDBPyConnection) -> None:
    freeze_cells(store)
    store.execute(
        "create table closed.comment as select date '2022-03-01' as period, 1 as version, * from build.printed_text"
    )
    for version, words, printed in ((1, "Vakanser.", "20"), (2, "Vakanser.", "21"), (2, "Nytt.", "21")):
        store.execute(
            "insert into closed.comment (period, version, table_id, row_id, sequence_number, comment_words)"
            f" values (date '2022-03-01', {version}, 'x1', 'a', {1 if words == 'Vakanser.' else 2}, '{words}')"
        )
        if version == 2 and words == "Nytt.":
            store.execute(
                "insert into closed.report_cell (period, version, table_id, row_id, column_id, printed)"
                f" values (date '2022-03-01', 2, 'x1', 'a', 'u', '{printed}')"
            )
    copy_earlier(store)
    found = store.execute(
        "select comment_words, version, column_id, printed from build.earlier_comment order by all"
    ).fetchall()
    assert found == [("Nytt.", 2, "u", "21"), ("Vakanser.", 1, "u", "20")]
