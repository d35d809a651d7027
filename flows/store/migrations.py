"""The laws of the store: numbered migrations for what only grows, and the tables that the contracts declare."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.declarations.contracts import contracts
from flows.errors import Refusal
from flows.store.earlier import EARLIER_SHAPES
from flows.store.printed import PRINTED_SHAPES

MIGRATIONS = root.PROJECT / "warehouse" / "migrations"

#: The schemas that may be dropped at any moment; the closing's own tables are made again with them.
_CLOSING_TABLES = """
create schema build;
create table build.closing (
    period date, period_end date, as_of date, month_number integer, year_start date,
    previous_year_start date, previous_year_period date, previous_year_period_end date
);
create table build.month (
    month date, month_end date, year integer, year_offset integer, month_number integer, days integer,
    is_to_date boolean
);
create table build.closing_deliveries (
    delivery_id integer, extract varchar, period date, extracted_at timestamp, file_name varchar, sha256 varchar,
    encoding varchar
);
create table build.withheld_extract (extract varchar, period date, reason varchar);
create table build.model_fingerprint (model varchar, fingerprint varchar);
create table build.reference_file (reference varchar, fingerprint varchar);
"""
_BUILD_TABLES = _CLOSING_TABLES + EARLIER_SHAPES + PRINTED_SHAPES


def migrate(connection: duckdb.DuckDBPyConnection, migrations: Path = MIGRATIONS) -> tuple[str, ...]:
    """Bring a store to today's shape, in one transaction; returns the names of the migrations applied now.

    Raises Refusal where a migration that was applied has been changed or taken away since.
    """
    connection.begin()
    try:
        applied = _apply_numbered(connection, migrations)
        _make_build(connection)
        _declare_raw(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return applied


def _apply_numbered(connection: duckdb.DuckDBPyConnection, migrations: Path) -> tuple[str, ...]:
    connection.execute("create schema if not exists control")
    connection.execute(
        "create table if not exists control.migrations"
        " (name varchar primary key, sha256 varchar not null, applied_at timestamp not null)"
    )
    before = dict(connection.execute("select name, sha256 from control.migrations").fetchall())
    files = {path.stem: path.read_text("utf-8") for path in sorted(migrations.glob("[0-9]*.sql"))}
    applied: list[str] = []
    for name in before.keys() - files.keys():
        raise Refusal(f"The store knows the migration {name}, this checkout does not.", "Use a checkout that has it.")
    for name, text in files.items():
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if name in before:
            if before[name] != sha256:
                raise Refusal(
                    f"The migration {name} was changed after the store applied it.",
                    "Restore it, and write what is new as a migration of its own.",
                )
            continue
        connection.execute(text)
        connection.execute("insert into control.migrations values (?, ?, ?)", [name, sha256, datetime.now()])
        applied.append(name)
    return tuple(applied)


def _make_build(connection: duckdb.DuckDBPyConnection) -> None:
    """The closing's own tables; of another shape than today's they are made anew, for `build` may always be dropped."""
    shape = hashlib.sha256(_BUILD_TABLES.encode()).hexdigest()
    found = connection.execute(
        "select comment from duckdb_tables() where database_name = current_database()"
        " and schema_name = 'build' and table_name = 'closing'"
    ).fetchall()
    if found != [(shape,)]:
        connection.execute("drop schema if exists build cascade")
        connection.execute(_BUILD_TABLES)
        connection.execute(f"comment on table build.closing is '{shape}'")
    connection.execute("create schema if not exists reference")


def _declare_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """One raw table a contract; a column that a contract has gained is added, and is NULL in older deliveries."""
    landed: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'raw'"
    ).fetchall():
        landed.setdefault(table, {})[column] = type_
    for contract in contracts().values():
        if not contract.columns:
            continue  # The ledger's contract has no columns of its own: its tables are a migration.
        declared = (("delivery_id", "INTEGER"), ("line", "INTEGER"), *contract.landed())
        there = landed.get(contract.extract)
        if there is None:
            listed = ", ".join(f'"{name}" {type_}' for name, type_ in declared)
            connection.execute(f"create table raw.{contract.extract} ({listed})")
            continue
        for name, type_ in declared:
            if name not in there:
                connection.execute(f'alter table raw.{contract.extract} add column "{name}" {type_}')
            elif there[name] != type_:
                raise Refusal(
                    f"The contract {contract.extract} declares {name} as {type_}; the store has it as {there[name]}.",
                    "A landed column keeps its type: give the new one a name of its own.",
                )
