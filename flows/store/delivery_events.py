"""What becomes of a delivery after it came: it may be withdrawn, and taken back into force. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb

from flows.errors import Refusal

Act = Literal["withdraw", "reinstate"]


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One act upon a delivery."""

    delivery_id: int
    act: Act
    happened_at: datetime
    who: str
    why: str


def last_events(connection: duckdb.DuckDBPyConnection) -> Mapping[int, DeliveryEvent]:
    """The newest act upon each delivery that has seen one; none in a store from before there were such acts."""
    there = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'control' and table_name = 'delivery_events'"
    ).fetchall()
    if not there:
        return {}
    rows = connection.execute(
        "select delivery_id, act, happened_at, who, why from control.delivery_events order by event_id"
    ).fetchall()
    return {row[0]: DeliveryEvent(*row) for row in rows}


def withdrawn(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """The numbers of the deliveries that do not count, since somebody withdrew them."""
    return frozenset(number for number, event in last_events(connection).items() if event.act == "withdraw")


def withdraw(connection: duckdb.DuckDBPyConnection, delivery_id: int, who: str, why: str, at: datetime) -> None:
    """Record that a delivery no longer counts; raises Refusal where it does not count as it is."""
    status = _status(connection, delivery_id)
    if status == "duplicate":
        raise Refusal(
            f"Delivery {delivery_id} is a duplicate: it brought no rows.", "Withdraw the delivery that it repeats."
        )
    if status == "refused":
        raise Refusal(f"Delivery {delivery_id} was refused: it never counted.", "There is nothing to withdraw.")
    if delivery_id in withdrawn(connection):
        raise Refusal(f"Delivery {delivery_id} is withdrawn already.", "`bokslut deliveries` says by whom and why.")
    _write(connection, DeliveryEvent(delivery_id, "withdraw", at, who, why))


def reinstate(connection: duckdb.DuckDBPyConnection, delivery_id: int, who: str, why: str, at: datetime) -> None:
    """Record that a withdrawn delivery counts again; raises Refusal where it is not withdrawn."""
    _status(connection, delivery_id)
    if delivery_id not in withdrawn(connection):
        raise Refusal(f"Delivery {delivery_id} is not withdrawn.", "There is nothing to undo.")
    _write(connection, DeliveryEvent(delivery_id, "reinstate", at, who, why))


def _status(connection: duckdb.DuckDBPyConnection, delivery_id: int) -> str:
    found = connection.execute(
        f"select status from control.deliveries where delivery_id = {int(delivery_id)}"
    ).fetchall()
    if not found:
        raise Refusal(f"There is no delivery {delivery_id}.", "`bokslut deliveries` lists them with their numbers.")
    return str(found[0][0])


def _write(connection: duckdb.DuckDBPyConnection, event: DeliveryEvent) -> None:
    connection.execute(
        "insert into control.delivery_events values (nextval('control.delivery_event_number'), ?, ?, ?, ?, ?)",
        [event.delivery_id, event.act, event.happened_at, event.who, event.why],
    )
