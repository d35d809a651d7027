"""The numbered versions of a period: what was read is frozen with what it stands on, and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows.declarations import root
from flows.declarations.columns import columns
from flows.domain import lifecycle
from flows.domain.finding import Finding
from flows.domain.lifecycle import Act, State
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.store.closings import Attempt, Outcome, write_closing
from flows.store.earlier import earlier_versions

if TYPE_CHECKING:
    import pyarrow as pa

#: What a version freezes of the marts, beside the report's printed cells and footnotes.
FROZEN_MARTS = (
    "volume",
    "volume_to_date",
    "staffing",
    "staffing_to_date",
    "result",
    "economic_ratio",
    "home_care_utilisation",
    "investment",
    "forecast",
    "forecast_method",
    "measure_month",
    "backtest",
    "backtest_year",
    "backtest_summary",
    "indicator",
    "indicator_catalogue",
    "indicator_target",
    "goal",
    "organisation_unit",
    "result_bridge",
    "underlying_result",
    "one_off",
    "place_event",
    "area",
    "unit",
    "volume_part",
    "indicator_source",
)

#: (folder or file of the project, pattern): all that decides what a close makes of its deliveries.
_DECLARATIONS = (
    ("sql", "**/*.sql"),
    ("expectations", "**/*.json"),
    ("flows", "**/*.py"),
    ("warehouse/contracts", "*.toml"),
    ("warehouse/reference", "*.csv"),
    ("warehouse/migrations", "*.sql"),
    ("warehouse", "columns.toml"),
    (".", "requirements.lock"),
)


def freeze(
    connection: duckdb.DuckDBPyConnection,
    attempt: Attempt,
    findings: Iterable[Finding],
    printed: Mapping[str, pa.Table],
    *,
    who: str,
    happened_at: datetime,
    why: str | None = None,
    outcome: Outcome = "published",
    marts: Iterable[str] = FROZEN_MARTS,
) -> int:
    """Freeze the build as the period's next version, with its event, findings and sources, in one transaction.

    `printed` holds the report's Arrow tables by the name they get in `closed`. Returns the version, from 1.
    Raises Refusal where the period's state allows no close, or a table holds a personal column.
    """
    period = attempt.period
    connection.begin()
    try:
        lifecycle.after(period_state(connection, period), Act.CLOSE)
        version = (latest_version(connection, period) or 0) + 1
        _write_event(connection, period, Act.CLOSE, version, who, why, happened_at)
        for mart in marts:
            _append(connection, f"marts.{mart}", mart, period, version)
        for name, rows in printed.items():
            connection.register("printed_rows", rows)
            _append(connection, "printed_rows", name, period, version)
            connection.unregister("printed_rows")
        connection.execute(
            "insert into control.version_deliveries"
            f" select {_day(period)}, {version}, delivery_id, extract, sha256, file_name from build.closing_deliveries"
        )
        _store_declarations(connection, period, version)
        write_closing(connection, attempt, findings, happened_at, outcome, version)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return version


def period_state(connection: duckdb.DuckDBPyConnection, period: Period) -> State:
    """The state of a period, read from its events."""
    acts = connection.execute(
        f"select act from control.period_events where period = {_day(period)} order by event_id"
    ).fetchall()
    return lifecycle.state_after(act for (act,) in acts)


def latest_version(connection: duckdb.DuckDBPyConnection, period: Period) -> int | None:
    """The newest version of a period; None where it was never closed."""
    found = connection.execute(
        f"select max(version) from control.period_events where period = {_day(period)}"
    ).fetchall()
    return None if found[0][0] is None else int(found[0][0])


@cache
def declarations_fingerprint(project: Path = root.PROJECT) -> str:
    """SHA-256 over the bytes of every file that decides what a close makes of its deliveries."""
    found = hashlib.sha256()
    for path in _declaration_files(project):
        found.update(f"{path.relative_to(project)}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def closing_fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """What the close that `build.closing` describes stands on: its day, its deliveries, what was refused, and the code.

    Read after the closing's rows are written, before anything is built; equal to the last close's, nothing changed.
    """
    parts = [
        declarations_fingerprint(),
        connection.execute("select * from build.closing").fetchall(),
        connection.execute("select delivery_id, extract, period from build.closing_deliveries order by all").fetchall(),
        connection.execute("select * from build.withheld_extract order by all").fetchall(),
        # What earlier periods have said; this one's own versions would make every second close a new one.
        earlier_versions(connection),
        # A file refused after the last close changes no figure, but it is a finding that has not been shown.
        connection.execute(
            "select received.delivery_id from control.deliveries as received, build.closing as closed"
            " where received.status = 'refused'"
            " and received.period between closed.previous_year_start and closed.period order by all"
        ).fetchall(),
    ]
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


def _write_event(
    connection: duckdb.DuckDBPyConnection,
    period: Period,
    act: Act,
    version: int,
    who: str,
    why: str | None,
    happened_at: datetime,
) -> None:
    connection.execute(
        "insert into control.period_events values (nextval('control.event_number'), ?, ?, ?, ?, ?, ?)",
        [period.first_day, act.value, version, happened_at, who, why],
    )


def _append(connection: duckdb.DuckDBPyConnection, source: str, name: str, period: Period, version: int) -> None:
    """Append a table's rows under period and version; `closed` gains the columns that it does not have yet."""
    described = {column: type_ for column, type_, *_ in connection.execute(f"describe {source}").fetchall()}
    refuse_personal(described, source)
    closed = f'closed."{name}"'
    listed = "".join(f', "{column}" {type_}' for column, type_ in described.items())
    connection.execute(f"create table if not exists {closed} (period date not null, version integer not null{listed})")
    there = {column: type_ for column, type_, *_ in connection.execute(f"describe {closed}").fetchall()}
    for column, type_ in described.items():
        if column not in there:
            connection.execute(f'alter table {closed} add column "{column}" {type_}')
        elif there[column] != type_:
            raise Refusal(
                f"{source} makes {column} as {type_}; the versions of {closed} hold it as {there[column]}.",
                "A frozen column keeps its type: give the new one a name of its own.",
            )
    names = ", ".join(f'"{column}"' for column in described)
    connection.execute(
        f"insert into {closed} (period, version, {names}) select {_day(period)}, {version}, {names} from {source}"
    )


def refuse_personal(found: Iterable[str], where: str) -> None:
    """Raise Refusal (exit 4) where a table about to leave the restricted store has a personal column."""
    dictionary = columns()
    personal = [name for name in found if name in dictionary and dictionary[name].personal]
    if personal:
        raise Refusal(
            f"{where} has personal columns: {', '.join(personal)}.",
            "Leave them out of its SELECT.",
            ExitCode.BARRED,
        )


def _store_declarations(connection: duckdb.DuckDBPyConnection, period: Period, version: int) -> None:
    known = {sha256 for (sha256,) in connection.execute("select sha256 from control.declaration_texts").fetchall()}
    named: list[list[object]] = []
    texts: dict[str, str] = {}
    for path in _declaration_files(root.PROJECT):
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        named.append([period.first_day, version, path.relative_to(root.PROJECT).as_posix(), sha256])
        if sha256 not in known:
            texts[sha256] = content.decode("utf-8")
    connection.executemany("insert into control.version_declarations values (?, ?, ?, ?)", named)
    if texts:
        connection.executemany(
            "insert into control.declaration_texts values (?, ?)", [list(one) for one in texts.items()]
        )


def _declaration_files(project: Path) -> Iterator[Path]:
    for folder, pattern in _DECLARATIONS:
        yield from sorted((project / folder).glob(pattern))


def _day(period: Period) -> str:
    """A period as a literal: the first parameter bound makes DuckDB import pandas, which takes a second."""
    return f"date '{period.first_day.isoformat()}'"
