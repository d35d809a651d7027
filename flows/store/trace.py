"""From a version back to the files it stands on."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from flows.domain.period import Period


@dataclass(frozen=True, slots=True)
class TracedDelivery:
    """A file that a version stands on; `sha256` finds its bytes in the archive."""

    delivery_id: int
    extract: str
    file_name: str
    sha256: str


def deliveries_of_version(
    connection: duckdb.DuckDBPyConnection, period: Period, version: int
) -> tuple[TracedDelivery, ...]:
    """The files that a version stands on, by extract and name; none where there is no such version."""
    rows = connection.execute(
        "select delivery_id, extract, file_name, sha256 from control.version_deliveries"
        " where period = ? and version = ? order by extract, file_name",
        [period.first_day, version],
    ).fetchall()
    return tuple(TracedDelivery(*row) for row in rows)
