"""The dated decisions: each `warehouse/reference/<name>.csv` is the table `reference.<name>`."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.declarations.columns import column_type
from flows.errors import Refusal


def load_reference(connection: duckdb.DuckDBPyConnection, folder: Path = root.REFERENCE) -> tuple[str, ...]:
    """Load the files that changed since they were loaded, in one transaction; returns the tables made now.

    Comma-separated UTF-8 with a header; an empty field is NULL; each column has the dictionary's type. A table whose
    file is gone goes with it. Raises Refusal naming the file and what is wrong in it.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    before = dict(connection.execute("select reference, fingerprint from build.reference_file").fetchall())
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = current_database() and schema_name = 'reference'"
        ).fetchall()
    }
    made: list[str] = []
    connection.begin()
    try:
        for name in (before.keys() | there) - files.keys():
            connection.execute(f'drop table if exists reference."{name}"')
            connection.execute("delete from build.reference_file where reference = ?", [name])
        for name, path in files.items():
            types = reference_columns(path)
            fingerprint = hashlib.sha256(path.read_bytes() + repr(types).encode()).hexdigest()
            if before.get(name) == fingerprint and name in there:
                continue
            load_reference_file(connection, path, types)
            connection.execute("delete from build.reference_file where reference = ?", [name])
            connection.execute("insert into build.reference_file values (?, ?)", [name, fingerprint])
            made.append(name)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return tuple(made)


def reference_columns(path: Path) -> dict[str, str]:
    """Column → DuckDB type of one file, in the file's order."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    if not header:
        raise Refusal(f"{path.name} is empty.", "Give it a header of column names.")
    return {name: column_type(name, path.name) for name in header}


def load_reference_file(connection: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> None:
    """Make one file's table; raises Refusal naming the file where a field is not of its type."""
    try:
        connection.execute(
            f'create or replace table reference."{path.stem}" as select * from read_csv(?, columns = {types!r},'
            " header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, null_padding = false)",
            [str(path)],
        )
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise Refusal(f"{path.name} cannot be loaded: {first}.", "Correct the line, or the column's type.") from error
