"""The period being closed and its months, as rows: SQL then needs no date arithmetic."""

from __future__ import annotations

from datetime import date

import duckdb

from flows.domain.period import Period


def write_calendar(connection: duckdb.DuckDBPyConnection, period: Period, as_of: date) -> None:
    """Rewrite `build.closing` and `build.month` for a period; the caller holds the transaction."""
    before = period.year_before
    connection.execute("delete from build.closing")
    connection.execute(
        "insert into build.closing by position values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            period.first_day,
            period.last_day,
            as_of,
            period.month,
            period.january.first_day,
            before.january.first_day,
            before.first_day,
            before.last_day,
        ],
    )
    connection.execute("delete from build.month")
    connection.executemany(
        "insert into build.month values (?, ?, ?, ?, ?, ?, ?)",
        [
            [
                month.first_day,
                month.last_day,
                month.year,
                month.year - period.year,
                month.month,
                month.days,
                month.month <= period.month,
            ]
            for month in before.january.through(period.december)
        ],
    )
