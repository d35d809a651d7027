"""What was done about persons: who, when and why, naming nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import duckdb

PersonAct = Literal["find", "rekey", "retain"]


def record_act(
    connection: duckdb.DuckDBPyConnection, act: PersonAct, *, who: str, why: str, counted: int, at: datetime
) -> int:
    """Write an act within the caller's transaction, or as one of its own; returns its number.

    `counted`: files that hold the person (find), persons given another key (rekey), deliveries destroyed (retain).
    """
    act_id = int(connection.execute("select nextval('control.person_act_number')").fetchall()[0][0])
    connection.execute(
        "insert into control.person_acts values (?, ?, ?, ?, ?, ?)", [act_id, act, at, who, why, counted]
    )
    return act_id
