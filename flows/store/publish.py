"""The published file: the newest version of every period, for anyone to open while the next is being made."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.declarations.columns import DictionaryColumn, columns
from flows.domain import lifecycle
from flows.errors import Refusal
from flows.store.home import Home
from flows.store.models import read_model
from flows.store.rewriting import sweep
from flows.store.versions import FROZEN_MARTS, refuse_personal

#: Read by clients of DuckDB 1.1 and later; v1.2.0 is not.
STORAGE_VERSION = "v1.0.0"
_FILE_MODE = 0o640
_FILE_NAME = re.compile(r"^bokslut-(\d+)\.duckdb$")
_REPORT_TABLES = ("report_cell", "footnote", "comment", "quoted_figure", "tie", "organisation")

#: Period, newest version, when it was closed, state.
PublishedPeriod = tuple[date, int, datetime, str]

#: What is published beside the marts, and what it holds.
_DESCRIPTIONS: Mapping[str, str] = {
    "report_cell": "The report's cells: exact number, text as printed, status, method and reason.",
    "footnote": "The report's footnotes, numbered within their table.",
    "comment": "The report's texts: comments to tables and rows, and running text, as written and as printed.",
    "quoted_figure": "The figures that the texts quote, each with the cell that it is.",
    "tie": "Every identity between the report's cells, tables, texts and earlier reports, and whether it holds.",
    "organisation": "Whose figures these are, as the ledger names itself; a synthetic one says so.",
    "finding": "What the gate found when the published version was closed.",
    "period": "The periods closed: newest version, when it was closed, and the period's state.",
    "measure": "The catalogue of measures.",
    "column_dictionary": "Every published column: type, unit, meaning and Swedish label.",
}


def publish(connection: duckdb.DuckDBPyConnection, home: Home, keep: int) -> Path:
    """Publish the newest version of every period as a new file and point the home's link at it; returns the file.

    The file is numbered by the newest event, or above every other where a store restored from its backup counts anew;
    one that holds the same versions already is not written again. Until the link is moved, in one step, everybody reads
    the file before. `keep` files remain. The caller is the home's writer.
    Raises Refusal for a personal column, and for one that the dictionary does not know.
    """
    remove_leftovers(home)
    target = _target(connection, home)
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.tmp")
        _write(connection, unfinished)
        unfinished.chmod(_FILE_MODE)
        _sync(unfinished)
        unfinished.rename(target)
        _sync(home.published_dir)
    _point(home, target)
    _drop_old(home, keep)
    return target


def is_published(connection: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Whether the link leads to a file of this store's newest versions.

    It does not after a crash between a freeze and its publication, nor where the store was restored from a backup.
    """
    return home.published.exists() and _holds(home.published.resolve(), _periods(connection))


def _target(connection: duckdb.DuckDBPyConnection, home: Home) -> Path:
    """The file that holds these versions already, or a new one's place: never another's, which somebody may read."""
    event, now = _newest_event(connection), _periods(connection)
    later = [(number, path) for number, path in _numbered(home) if number >= event]
    for _, path in reversed(later):
        if _holds(path, now):
            return path
    number = later[-1][0] + 1 if later else event
    return home.published_dir / f"bokslut-{number}.duckdb"


def _holds(path: Path, periods: Sequence[PublishedPeriod]) -> bool:
    """Whether a published file tells of exactly these versions, closed when they were; a damaged one does not."""
    try:
        with duckdb.connect(str(path), read_only=True) as published:
            told = published.execute("select * from latest.period order by period").fetchall()
    except duckdb.Error:
        return False
    return told == list(periods)


def remove_leftovers(home: Home) -> tuple[str, ...]:
    """Take away what a crash left half-written; returns the names. The caller is the home's writer."""
    left = [
        *home.published_dir.glob("*.tmp"),
        *home.published_dir.glob("*.tmp.wal"),
        *home.path.glob("published.*.next"),
    ]
    for path in left:
        path.unlink(missing_ok=True)
    return (*(path.name for path in left), *sweep(home))


def _newest_event(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("select max(event_id) from control.period_events").fetchall()[0][0]
    if found is None:
        raise Refusal("No period has been closed yet.", "Close one first.")
    return int(found)


def _write(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the file by an allow-list of tables: CREATE TABLE AS, never a view, which would name this catalogue."""
    connection.execute(f"attach '{_quoted(path)}' as publication (storage_version '{STORAGE_VERSION}')")
    try:
        connection.execute("create schema publication.latest")
        for table, select in _selects(connection).items():
            refuse_personal(
                (name for name, *_ in connection.execute(f"describe {select}").fetchall()), f"latest.{table}"
            )
            connection.execute(f"create table publication.latest.{table} as {select}")
        _write_periods(connection)
        _write_dictionary(connection)
        connection.execute("checkpoint publication")
    finally:
        connection.execute("detach publication")


def _selects(connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    there = _tables(connection, "closed")
    newest = (
        "inner join (select period, max(version) as version from control.period_events group by period) as newest"
        " using (period, version)"
    )
    selects = {
        table: f"select frozen.* from closed.{table} as frozen {newest}"
        for table in (*FROZEN_MARTS, *_REPORT_TABLES)
        if table in there
    }
    selects["finding"] = (
        "select closing.period, closing.version, found.rule_id, found.severity, found.message"
        f" from control.findings as found inner join control.closings as closing using (closing_id) {newest}"
    )
    if "measures" in _tables(connection, "reference"):
        selects["measure"] = "select * from reference.measures"
    return selects


def _write_periods(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table publication.latest.period"
        " (period date, version integer, closed_at timestamp, period_state varchar)"
    )
    for period in _periods(connection):
        connection.execute("insert into publication.latest.period values (?, ?, ?, ?)", list(period))


def _periods(connection: duckdb.DuckDBPyConnection) -> list[PublishedPeriod]:
    """Every closed period with its newest version, when it was closed, and its state."""
    events = connection.execute(
        "select period, act, version, happened_at from control.period_events order by period, event_id"
    ).fetchall()
    found: list[PublishedPeriod] = []
    for period in dict.fromkeys(period for period, *_ in events):
        own = [event for event in events if event[0] == period]
        closed_at = [at for _, act, _, at in own if act == lifecycle.Act.CLOSE]
        state = lifecycle.state_after(act for _, act, _, _ in own)
        found.append((period, max(version for _, _, version, _ in own), closed_at[-1], state.value))
    return found


def _write_dictionary(connection: duckdb.DuckDBPyConnection) -> None:
    """Comment every table and column, and list the columns as rows for those whose tool shows no comments."""
    connection.execute(
        "create table publication.latest.column_dictionary (published_table varchar, column_name varchar,"
        " column_type varchar, unit varchar, meaning varchar, label varchar)"
    )
    published = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'publication' order by table_name, column_index"
    ).fetchall()
    for table in dict.fromkeys(table for table, *_ in published):
        _comment(connection, f"table publication.latest.{table}", _describe(table))
    for table, column, type_ in published:
        entry = _entry(table, column)
        meaning = f"{entry.meaning} ({entry.unit})" if entry.unit else entry.meaning
        _comment(connection, f'column publication.latest.{table}."{column}"', meaning)
        connection.execute(
            "insert into publication.latest.column_dictionary values (?, ?, ?, ?, ?, ?)",
            [table, column, type_, entry.unit, entry.meaning, entry.label],
        )


def _entry(table: str, column: str) -> DictionaryColumn:
    entry = columns().get(column)
    if entry is None:
        raise Refusal(
            f"latest.{table} has the column {column}, which {root.COLUMNS.name} does not know.",
            "Add it there: type, unit, meaning, label and personal.",
        )
    return entry


def _describe(table: str) -> str:
    if table in _DESCRIPTIONS:
        return _DESCRIPTIONS[table]
    model = read_model(root.SQL / "marts" / f"{table}.sql")
    return f"{model.summary} Grain: {model.grain}"


def _comment(connection: duckdb.DuckDBPyConnection, on: str, words: str) -> None:
    connection.execute(f"comment on {on} is '{words.replace(chr(39), chr(39) * 2)}'")


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> frozenset[str]:
    rows = connection.execute(
        f"select table_name from duckdb_tables() where database_name = current_database() and schema_name = '{schema}'"
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _point(home: Home, target: Path) -> None:
    """Move the link in one step; relative, so that the home may be moved or mounted elsewhere."""
    following = home.path / f"published.{os.getpid()}.next"
    following.symlink_to(target.relative_to(home.path))
    following.replace(home.published)
    _sync(home.path)


def _drop_old(home: Home, keep: int) -> None:
    for _, path in _numbered(home)[:-keep]:
        path.unlink()


def _numbered(home: Home) -> list[tuple[int, Path]]:
    """The published files, oldest first."""
    return sorted(
        (int(match[1]), path) for path in home.published_dir.iterdir() if (match := _FILE_NAME.match(path.name))
    )


def _sync(path: Path) -> None:
    """Have the file, or the folder's list of names, reach the disk before the next step."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
