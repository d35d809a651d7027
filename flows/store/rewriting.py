"""The store written anew: what was changed or deleted in it is then in none of its bytes.

DuckDB marks a deleted row's block as free and leaves what stood there until something else is written in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.errors import ExitCode, Refusal
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.migrations import migrate

#: A copy on which the change is made, and the new file with nothing but what it left. Their stems name catalogues.
_CHANGING, _ANEW = "changing", "anew"
_STORE_RIGHTS = 0o600

_COUNTS = "select schema_name || '.' || table_name from duckdb_tables() where database_name = '{catalogue}' order by 1"


@contextmanager
def rewritten(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the store to be changed; when the caller is done, it is written to a new file that takes its place.

    The place is taken in one step: until then a crash leaves the store as it was, after it nothing of the old one is
    left. The caller is the home's writer. Raises Refusal (exit 5) where somebody else has the store open.
    """
    sweep(home)
    for spilled in home.path.glob("*.duckdb.tmp"):
        shutil.rmtree(spilled)  # Rows that the engine put aside, and a crash left.
    _settle(home)
    changing, anew = _places(home)
    try:
        _copy(home.build_file, changing)
        connection = open_store(changing)
        try:
            migrate(connection)
            yield connection
            _write_anew(connection, anew)
        finally:
            connection.close()
        anew.chmod(_STORE_RIGHTS)
        _sync(anew)
        _refuse_log_left(home)
        anew.replace(home.build_file)
        _sync(home.path)
    finally:
        sweep(home)


def sweep(home: Home) -> tuple[str, ...]:
    """Take away what a crash left of a rewriting; returns the names. The caller is the home's writer."""
    left = [beside for place in _places(home) for beside in (place, place.with_name(f"{place.name}.wal"))]
    there = [path for path in left if path.exists()]
    for path in there:
        path.unlink()
    return tuple(path.name for path in there)


def _places(home: Home) -> tuple[Path, Path]:
    return home.path / f"{_CHANGING}.duckdb", home.path / f"{_ANEW}.duckdb"


def _settle(home: Home) -> None:
    """Have all that the store's log holds in the store itself: the copy is of one file."""
    connection = open_store(home.build_file)
    try:
        connection.execute("checkpoint")
    finally:
        connection.close()


def _refuse_log_left(home: Home) -> None:
    """A log beside the new file would be replayed into it."""
    if home.build_file.with_name(f"{home.build_file.name}.wal").exists():
        raise Refusal(
            f"Another process has written to {home.build_file} meanwhile; nothing was changed.",
            "Run the same again when it is done.",
            ExitCode.ANOTHER_WRITER,
        )


def _copy(store: Path, to: Path) -> None:
    to.touch(mode=_STORE_RIGHTS)
    shutil.copyfile(store, to)


def _write_anew(connection: duckdb.DuckDBPyConnection, anew: Path) -> None:
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"attach '{str(anew).replace(chr(39), chr(39) * 2)}' as {_ANEW}")
    connection.execute(f"copy from database {_CHANGING} to {_ANEW}")
    for (table,) in connection.execute(_COUNTS.format(catalogue=_CHANGING)).fetchall():
        ((before, after),) = connection.execute(
            f"select (select count(*) from {_CHANGING}.{table}), (select count(*) from {_ANEW}.{table})"
        ).fetchall()
        if before != after:
            raise RuntimeError(f"{table} was not copied whole")
    connection.execute(f"checkpoint {_ANEW}")
    connection.execute(f"detach {_ANEW}")


def _sync(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
