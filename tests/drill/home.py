"""What the drill's home holds when a night has ended: read as anybody reads it while nobody writes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from tests.drill.record import Cell, Delivery, MonthWithout, Published

#: Monthly extracts of systems: the months of the year to date that a report stands on.
_OWED = tuple(
    f"{system}_{what}"
    for system, all_ in {
        "heroma": ("anstallning", "franvaro", "arbetstid", "avgang"),
        "timecare": ("pass",),
        "treserva": ("hemtjanst", "boende", "assistans"),
        "kost": ("maltider",),
    }.items()
    for what in all_
)


@contextmanager
def reading(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store, read only; waited for where a run lets go of it just now."""
    for seconds in (1, 2, 4, 8, 16):
        try:
            connection = duckdb.connect(str(home / "store.duckdb"), read_only=True)
            break
        except duckdb.IOException:
            time.sleep(seconds)
    else:
        raise AssertionError("somebody writes in the store still")
    with connection:
        yield connection


def fetched(home: Path) -> set[str]:
    """`place/name` of every file that was ever fetched."""
    return {
        f"{memory.stem}/{name}"
        for memory in (home / "pulled").glob("*.json")
        for name in json.loads(memory.read_text())
    }


def published(home: Path) -> tuple[Published, ...]:
    """Every version, in the order in which they came to be."""
    with reading(home) as connection:
        rows = connection.execute(
            "select period, version from control.period_events where act = 'close' order by event_id"
        ).fetchall()
    return tuple(Published(Period.of(period), version) for period, version in rows)


def deliveries(home: Path) -> list[Delivery]:
    with reading(home) as connection:
        rows = connection.execute("select file_name, sha256, status from control.deliveries order by 1, 2").fetchall()
    return [Delivery(*row) for row in rows]


def months_without(home: Path, known: tuple[Published, ...]) -> list[MonthWithout]:
    """Per version, from what it stands on: which owed months of the year to date no delivery of it is about."""
    found = []
    with reading(home) as connection:
        for one in known:
            where = f"period = date '{one.period.first_day}' and version = {one.version}"
            used = connection.execute(
                "select distinct used.extract, delivered.period from control.version_deliveries as used"
                f" inner join control.deliveries as delivered using (delivery_id) where used.{where}"
            ).fetchall()
            has = {(extract, Period.of(month)) for extract, month in used}
            reasons = {
                (extract, Period.of(month)): reason
                for extract, month, reason in connection.execute(
                    "select extract, month, min(coalesce(gap_reason, '')) from closed.delivery_month"
                    f" where {where} group by all"
                ).fetchall()
            }
            for extract in _OWED:
                first = contracts()[extract].first_period
                for month in one.period.january.through(one.period):
                    if month >= first and (extract, month) not in has:
                        reason = reasons.get((extract, month), "")
                        found.append(MonthWithout(one.period, one.version, extract, month, reason))
    return found


def cells(home: Path, known: tuple[Published, ...]) -> list[Cell]:
    """Every printed cell of every version."""
    found = []
    with reading(home) as connection:
        rows = connection.execute("select distinct measure_id, extract from reference.measure_sources").fetchall()
        extracts: dict[str, set[str]] = {}
        for measure, extract in rows:
            extracts.setdefault(measure, set()).add(extract)
        for one in known:
            where = f"period = date '{one.period.first_day}' and version = {one.version}"
            for row in connection.execute(
                "select table_id, row_id, column_id, printed, value_status, quantity, year_offset, months, reason,"
                f" footnote, measure_id from closed.report_cell where {where} order by all"
            ).fetchall():
                table, line, column, printed, status, quantity, offset, months, reason, note, measure = row
                found.append(
                    Cell(
                        one.period,
                        one.version,
                        f"{table}:{line}:{column}",
                        printed or "",
                        status or "",
                        quantity or "",
                        one.period.year + (offset or 0),
                        months or "",
                        reason or "",
                        bool(note),
                        frozenset(extracts.get(measure, ())),
                    )
                )
    return found


def printed(home: Path, periods: list[Period]) -> dict[str, str]:
    """Every cell of the newest version of the periods, with its mark, by its address."""
    newest: dict[Period, Published] = {}
    for one in published(home):
        newest[one.period] = one
    known = tuple(newest[period] for period in periods if period in newest)
    return {
        f"{one.period}:{one.address}": f"{one.printed}|{one.value_status}|{one.months}|{one.reason}"
        for one in cells(home, known)
    }
