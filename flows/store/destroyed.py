"""The deliveries that retention destroyed: which, when, and what of them is taken out of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

#: What the models were made of, and that they are there.
_OF_THE_BUILD = ("model_fingerprint", "closing_deliveries", "withheld_extract", "closing", "month")


def destroyed_at(connection: duckdb.DuckDBPyConnection) -> Mapping[int, datetime]:
    """When each destroyed delivery was destroyed; none in a store from before there was retention."""
    if not _tables(connection, "control") >= {"destroyed_deliveries", "person_acts"}:
        return {}
    return dict(
        connection.execute(
            "select gone.delivery_id, act.happened_at from control.destroyed_deliveries as gone"
            " inner join control.person_acts as act using (act_id)"
        ).fetchall()
    )


def destroy_rows(connection: duckdb.DuckDBPyConnection, delivery_ids: Iterable[int], act_id: int) -> int:
    """Delete every row that the deliveries brought, and remember that they are destroyed; returns how many rows.

    Quarantined, missing and unknown values go with them. Where models have made tables of these rows, every table that
    a model made goes too: what stands on them is not told apart. Within the caller's transaction.
    """
    from flows.store.duckdb_engine import MODEL_SCHEMAS

    numbers = sorted(set(delivery_ids))
    listed = ", ".join(map(str, numbers)) or "null"
    rows = 0
    for table in sorted(_with_deliveries(connection, "raw")):
        ((gone,),) = connection.execute(f"delete from {table} where delivery_id in ({listed})").fetchall()
        rows += int(gone)
    if any(
        connection.execute(f"select 1 from {table} where delivery_id in ({listed}) limit 1").fetchall()
        for schema in MODEL_SCHEMAS
        for table in _with_deliveries(connection, schema)
    ):
        for schema in MODEL_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        for table in _OF_THE_BUILD:
            connection.execute(f"delete from build.{table}")
    connection.executemany(
        "insert into control.destroyed_deliveries values (?, ?)", [[number, act_id] for number in numbers]
    )
    return rows


def _with_deliveries(connection: duckdb.DuckDBPyConnection, schema: str) -> frozenset[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_columns() where database_name = current_database()"
        f" and schema_name = '{schema}' and column_name = 'delivery_id'"
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> frozenset[str]:
    rows = connection.execute(
        f"select table_name from duckdb_tables() where database_name = current_database() and schema_name = '{schema}'"
    ).fetchall()
    return frozenset(name for (name,) in rows)
