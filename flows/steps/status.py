"""Which source is in for which month, as the last close saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flows.domain.period import Period
from flows.reports.delivery_matrix import DeliveryMonth
from flows.steps.findings import never_closed, reading
from flows.steps.working_days import nth_working_day
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_DELIVERY_MONTHS = """
    select extract, label, unit_code, month, delivery_state, gap_reason, case_number, expected_day, working_day
    from quality.delivery_status
    order by extract, unit_code, month
"""


@dataclass(frozen=True, slots=True)
class DeliveryMatrix:
    """The owed months of a period's close."""

    period: Period
    months: Sequence[DeliveryMonth]


def delivery_months(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The matrix of the close that the build holds, to be frozen with its version."""
    return connection.execute(_DELIVERY_MONTHS).to_arrow_table()


def built_months(connection: duckdb.DuckDBPyConnection) -> list[DeliveryMonth]:
    """The matrix of the close that the build holds."""
    return [_delivery_month(*row) for row in connection.execute(_DELIVERY_MONTHS).fetchall()]


def read_status(home: Home, period: Period | None = None) -> DeliveryMatrix:
    """The matrix of a period, or of the one closed last; a barred close counts while the build still holds it.

    Raises Refusal where the period was never closed.
    """
    with reading(home) as connection:
        asked = period or built_period(connection) or _closed_last(connection)
        if asked is None:
            raise never_closed(Period.of(date.today()))
        return DeliveryMatrix(asked, months_of(connection, asked))


def months_of(connection: duckdb.DuckDBPyConnection, period: Period) -> list[DeliveryMonth]:
    """The matrix of a period: the build's where it holds that period, else its newest version's. Raises Refusal."""
    if period == built_period(connection):
        return built_months(connection)
    return [_delivery_month(*row) for row in _frozen(connection, period)]


def built_period(connection: duckdb.DuckDBPyConnection) -> Period | None:
    """The period that the build's tables stand on; None before the first build.

    The tables say it themselves: `build.closing` is already another's after a close that changed nothing.
    """
    built = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'quality' and table_name = 'delivery_status'"
    ).fetchall()
    months = connection.execute("select max(month) from quality.delivery_status").fetchall() if built else []
    return Period.of(months[0][0]) if months and months[0][0] is not None else None


def _closed_last(connection: duckdb.DuckDBPyConnection) -> Period | None:
    """The period that was published last: the build may be dropped at any moment, and its matrix was frozen."""
    rows = connection.execute(
        "select period from control.closings where version is not null order by closing_id desc limit 1"
    ).fetchall()
    return Period.of(rows[0][0]) if rows else None


def _frozen(connection: duckdb.DuckDBPyConnection, period: Period) -> list[tuple[object, ...]]:
    there = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'closed' and table_name = 'delivery_month'"
    ).fetchall()
    if not there:
        raise never_closed(period)
    day = f"date '{period.first_day.isoformat()}'"
    rows = connection.execute(
        f"select * exclude (period, version) from closed.delivery_month where period = {day}"
        f" and version = (select max(version) from closed.delivery_month where period = {day})"
        " order by extract, unit_code, month"
    ).fetchall()
    if not rows:
        raise never_closed(period)
    return rows


def _delivery_month(
    extract: str,
    label: str,
    unit_code: str,
    month: date,
    state: str,
    reason: str | None,
    case_number: str | None,
    expected_day: date | None,
    working_day: int | None,
) -> DeliveryMonth:
    due = expected_day
    if due is None and state not in ("complete", "preliminary") and working_day is not None:
        due = nth_working_day(Period.of(month).plus(1), int(working_day))
    return DeliveryMonth(extract, label, unit_code, Period.of(month), state, reason or "", case_number or "", due)
