"""Which source is in for which month, as the last close saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from flows.domain.period import Period
from flows.reports.delivery_matrix import DeliveryMonth
from flows.steps.findings import never_closed, reading
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
        built = built_period(connection)
        asked = period or built
        if asked is None:
            raise never_closed(Period.of(date.today()))
        rows = connection.execute(_DELIVERY_MONTHS).fetchall() if asked == built else _frozen(connection, asked)
    return DeliveryMatrix(asked, [_delivery_month(*row) for row in rows])


def built_period(connection: duckdb.DuckDBPyConnection) -> Period | None:
    """The period that the build's tables stand on; None before the first build.

    The tables say it themselves: `build.closing` is already another's after a close that changed nothing.
    """
    built = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'quality' and table_name = 'delivery_status'"
    ).fetchall()
    months = connection.execute("select max(month) from quality.delivery_status").fetchall() if built else []
    return Period.of(months[0][0]) if months and months[0][0] is not None else None


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


def nth_working_day(period: Period, number: int) -> date:
    """The month's working day of that number: no weekend, no Swedish public holiday, Midsummer or Christmas Eve."""
    day = period.first_day
    counted = 0
    while True:
        if day.weekday() < 5 and day not in _holidays(day.year):
            counted += 1
        if counted == number:
            return day
        day += timedelta(days=1)


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays

    # Sundays are counted as holidays by law; de facto ones (eves) are days on which nobody delivers.
    return frozenset(
        holidays.country_holidays("SE", years=year, include_sundays=False, categories=("public", "de_facto"))
    )
