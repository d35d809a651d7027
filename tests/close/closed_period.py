"""A store with two small marts and a report, closed without the rest of the house."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.store.closing_calendar import write_calendar
from flows.store.closings import Attempt
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.migrations import migrate
from flows.store.versions import closing_fingerprint, freeze

MARTS = ("volume", "result")
AUGUST = Period(2021, 8)


def open_home(home: Home) -> duckdb.DuckDBPyConnection:
    """The home's build store with marts that hold one row each."""
    home.create()
    connection = open_store(home.build_file)
    migrate(connection)
    connection.execute("create schema if not exists marts")
    connection.execute(
        "create or replace table marts.volume as"
        " select 'U1' as unit_code, date '2021-08-01' as month, 'meals' as measure_id,"
        " cast(12.5 as decimal(28, 6)) as figure_value, 'actual' as value_status"
    )
    connection.execute(
        "create or replace table marts.result as"
        " select '4711' as ansvar, 'PERSONAL' as account_group, cast(100 as decimal(18, 2)) as amount_sek"
    )
    return connection


def close_once(
    connection: duckdb.DuckDBPyConnection, period: Period = AUGUST, printed: str = "12", minute: int = 5
) -> int:
    """Freeze the marts and a report of one cell, so many minutes past eight; returns the version."""
    write_calendar(connection, period, date(2021, 9, 10))
    connection.execute("delete from build.closing_deliveries")
    connection.execute(
        "insert into build.closing_deliveries values (1, 'kost_maltider', date '2021-08-01',"
        " timestamp '2021-09-03 08:00:00', 'kost_maltider_202108_20210903T0800.csv', 'ab12', 'utf-8')"
    )
    attempt = Attempt(period, date(2021, 9, 10), datetime(2021, 9, 10, 8, 0), closing_fingerprint(connection))
    cell = pa.table(
        {
            "table_id": ["x01"],
            "row_id": ["meals"],
            "column_id": ["now"],
            "number": pa.array([Decimal("12.5")], pa.decimal128(28, 10)),
            "printed": [printed],
        }
    )
    note = pa.table({"table_id": ["x01"], "footnote_number": pa.array([1], pa.int32()), "text": ["Uppskattat."]})
    found = Finding("meals_late", Severity.WARNING, Effect.BARS_LOCK, "Måltider kom sent.", keys={"unit_code": "U1"})
    return freeze(
        connection,
        attempt,
        [found],
        {"report_cell": cell, "footnote": note},
        who="controller",
        happened_at=datetime(2021, 9, 10, 8, minute),
        marts=MARTS,
    )
