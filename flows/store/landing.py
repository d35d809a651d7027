"""A reading becomes rows of the store: the delivery and everything that came with it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from flows.domain.finding import Finding
from flows.domain.reading import Reading
from flows.store.deliveries import Arrival, Status, record

#: The name under which an Arrow table is shown to the engine while it is copied.
_ARRIVING = "arriving_rows"


def land(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, reading: Reading, findings: Iterable[Finding] = ()
) -> int:
    """Append a file's rows, quarantine, missing and unknown values, findings and the delivery; returns its number.

    A refused reading is recorded with its findings and its quarantine, and no row of it lands. `findings` are those of
    the delivery as such, beside the reading's own.
    """
    status: Status = "landed" if reading.refusal is None else "refused"
    refusal = () if reading.refusal is None else (reading.refusal,)
    tables = reading.tables if reading.refusal is None else {}
    connection.begin()
    try:
        landed_rows = sum(table.num_rows for table in tables.values())
        all_findings = (*refusal, *reading.findings, *findings)
        delivery_id = record(connection, arrival, status, reading, all_findings, landed_rows)
        for name, table in tables.items():
            _append(connection, name, delivery_id, table)
        _append(connection, "quarantine", delivery_id, reading.quarantined)
        if status == "landed":
            _append(connection, "missing_value", delivery_id, reading.missing)
            _append(connection, "unknown_value", delivery_id, reading.unknown)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return delivery_id


def note_duplicate(connection: duckdb.DuckDBPyConnection, arrival: Arrival, finding: Finding) -> int:
    """Record a file whose bytes already count, in one transaction; returns its number."""
    connection.begin()
    try:
        delivery_id = record(connection, arrival, "duplicate", Reading(), (finding,), 0)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return delivery_id


def _append(connection: duckdb.DuckDBPyConnection, table: str, delivery_id: int, rows: pa.Table | None) -> None:
    if rows is None or rows.num_rows == 0:
        return
    columns = ", ".join(f'"{name}"' for name in rows.column_names)
    connection.register(_ARRIVING, rows)
    try:
        connection.execute(
            f"insert into raw.{table} (delivery_id, {columns}) select {delivery_id}, {columns} from {_ARRIVING}"
        )
    finally:
        connection.unregister(_ARRIVING)
