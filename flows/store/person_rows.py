"""Where the store holds persons' keys, and what makes each of them another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from flows.declarations.columns import columns

#: The landed key itself. Others are made of it (`source_key`), and bear a name that the dictionary calls personal.
_KEY = "person_key"
_MAP = "key_of_person"


def tables_with_keys(connection: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[str, ...]]:
    """Table → its columns that may hold a person's key, in every schema of the store."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and data_type = 'VARCHAR' order by all"
    ).fetchall()
    personal = {name for name, one in columns().items() if one.personal}
    found: dict[str, tuple[str, ...]] = {}
    for table, column in rows:
        if column in personal:
            found[table] = (*found.get(table, ()), column)
    return found


def landed_tables(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The raw tables whose rows name a person by key."""
    return tuple(
        table for table, names in tables_with_keys(connection).items() if table.startswith("raw.") and _KEY in names
    )


def deliveries_beyond(connection: duckdb.DuckDBPyConnection, known: Sequence[str]) -> tuple[int, ...]:
    """The deliveries with a person who is not among the `known` keys."""
    _show(connection, dict(zip(known, known, strict=True)))
    found: set[int] = set()
    for table in landed_tables(connection):
        found |= {
            number
            for (number,) in connection.execute(
                f"select distinct delivery_id from {table}"
                f" where {_KEY} is not null and {_KEY} not in (select old_key from {_MAP})"
            ).fetchall()
        }
    connection.unregister(_MAP)
    return tuple(sorted(found))


def change_keys(connection: duckdb.DuckDBPyConnection, new_keys: Mapping[str, str]) -> None:
    """Give every person in every table the new key instead of the old one, within the caller's transaction."""
    _show(connection, new_keys)
    for table, names in tables_with_keys(connection).items():
        for name in names:
            connection.execute(
                f'update {table} as held set "{name}" = {_MAP}.new_key from {_MAP} where held."{name}" = {_MAP}.old_key'
            )
    connection.unregister(_MAP)


def _show(connection: duckdb.DuckDBPyConnection, new_keys: Mapping[str, str]) -> None:
    pairs = {"old_key": list(new_keys), "new_key": list(new_keys.values())}
    connection.register(_MAP, pa.table(pairs, pa.schema([("old_key", pa.string()), ("new_key", pa.string())])))
