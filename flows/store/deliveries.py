"""The deliveries as recorded, and which of them count (contracts, section 1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from flows.declarations.intake_rules import intake_rule
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.store.delivery_events import withdrawn
from flows.store.destroyed import destroyed_at

Status = Literal["landed", "duplicate", "refused"]

#: (extract, period): what one file is about.
Slot = tuple[str, Period]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file that has come, before it is judged. `extracted_at` is local time, as in its name.

    `mapping` is the text of the mapping that it is read with, '' where it is as its contract says.
    """

    extract: str
    period: Period
    extracted_at: datetime
    arrived_at: datetime
    file_name: str
    sha256: str
    size: int
    format: str
    folder: str = ""
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A delivery read back. `counts_from`: the newest extraction that brought these very bytes, duplicates included.

    A withdrawn one is as a refused one: it is kept and does not count. `destroyed_at`: when retention destroyed its
    rows and its archived bytes; it goes on being the one that counts, so that nothing older takes its place.
    """

    delivery_id: int
    extract: str
    period: Period
    extracted_at: datetime
    file_name: str
    sha256: str
    encoding: str
    status: Status | Literal["withdrawn"]
    refusal: str
    counts_from: datetime
    mapping_sha256: str = ""
    destroyed_at: datetime | None = None


def record(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    status: Status,
    reading: Reading,
    findings: Iterable[Finding],
    landed_rows: int,
) -> int:
    """Write a delivery and its findings within the caller's transaction; returns its number."""
    delivery_id = int(connection.execute("select nextval('control.delivery_number')").fetchall()[0][0])
    quarantined = reading.quarantined
    connection.execute(
        "insert into control.deliveries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            delivery_id,
            arrival.extract,
            arrival.period.first_day,
            arrival.extracted_at,
            arrival.arrived_at,
            arrival.file_name,
            arrival.sha256,
            arrival.size,
            arrival.format,
            reading.encoding or None,
            reading.declared_encoding or None,
            status,
            reading.lines,
            landed_rows,
            0 if quarantined is None else len(set(quarantined.column("line").to_pylist())),
            None if reading.refusal is None else reading.refusal.message,
        ],
    )
    _record_origin(connection, delivery_id, arrival)
    rows = [_finding_row(delivery_id, finding) for finding in findings]
    if rows:
        connection.executemany(
            "insert into control.delivery_findings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
    return delivery_id


def _record_origin(connection: duckdb.DuckDBPyConnection, delivery_id: int, arrival: Arrival) -> None:
    sha256 = mapping_sha256(arrival.mapping) or None
    connection.execute(
        "insert into control.delivery_origins values (?, ?, ?)", [delivery_id, arrival.folder or None, sha256]
    )
    if sha256 is not None:
        connection.execute("insert or ignore into control.mapping_texts values (?, ?)", [sha256, arrival.mapping])


def mapping_sha256(mapping: str) -> str:
    """By which a mapping's text is known; '' for none."""
    return hashlib.sha256(mapping.encode()).hexdigest() if mapping else ""


def _finding_row(delivery_id: int, finding: Finding) -> list[object]:
    return [
        delivery_id,
        finding.rule_id,
        finding.severity.value,
        finding.effect.value,
        finding.message,
        finding.ask,
        finding.extract,
        finding.table,
        finding.file_name,
        finding.line,
        finding.column,
        json.dumps(dict(finding.keys), ensure_ascii=False),
    ]


def seen_files(connection: duckdb.DuckDBPyConnection, today: date) -> frozenset[tuple[str, str, str]]:
    """(file name, sha256, its mapping's) of everything received, but for what deserves to be read once more.

    That is a file that was dated ahead and whose day has come, and one on which our own reader failed.
    """
    rows = connection.execute(
        "select file_name, sha256, coalesce(mapping_sha256, '') from control.deliveries"
        " left join control.delivery_origins using (delivery_id) where delivery_id not in ("
        " select again.delivery_id from control.deliveries as again"
        " inner join control.delivery_findings as found on again.delivery_id = found.delivery_id"
        " where found.rule_id = 'file_failed'"
        f" or (found.rule_id = 'file_dated_ahead' and cast(again.extracted_at as date) <= date '{today.isoformat()}'))"
    ).fetchall()
    return frozenset(rows)


def recorded(connection: duckdb.DuckDBPyConnection) -> list[Recorded]:
    """Every delivery, in the order of arrival; a duplicate lets the one it repeats count from its own extraction."""
    rows = connection.execute(
        "select delivery_id, extract, period, extracted_at, file_name, sha256, coalesce(encoding, ''), status,"
        " coalesce(refusal, ''), coalesce(mapping_sha256, '') from control.deliveries"
        " left join control.delivery_origins using (delivery_id) order by delivery_id"
    ).fetchall()
    not_counting = withdrawn(connection)
    destroyed = destroyed_at(connection)
    found: dict[int, Recorded] = {}
    newest_of_bytes: dict[tuple[str, date, str], int] = {}
    for number, extract, month, extracted_at, file_name, sha256, encoding, status, refusal, mapping_sha256 in rows:
        bytes_of_slot = (extract, month, sha256)
        if status == "landed":
            newest_of_bytes[bytes_of_slot] = number
        elif status == "duplicate" and bytes_of_slot in newest_of_bytes:
            repeated = found[newest_of_bytes[bytes_of_slot]]
            found[repeated.delivery_id] = _counting_from(repeated, extracted_at)
        if number in not_counting:
            status, refusal = "withdrawn", intake_rule("delivery_withdrawn").found(file_name=file_name).message
        found[number] = Recorded(
            number,
            extract,
            Period.of(month),
            extracted_at,
            file_name,
            sha256,
            encoding,
            status,
            refusal,
            extracted_at,
            mapping_sha256,
            destroyed.get(number),
        )
    return list(found.values())


def _counting_from(delivery: Recorded, extracted_at: datetime) -> Recorded:
    fields = {name: getattr(delivery, name) for name in Recorded.__slots__}
    return Recorded(**{**fields, "counts_from": max(delivery.counts_from, extracted_at)})


def in_force(deliveries: Iterable[Recorded]) -> Mapping[Slot, Recorded]:
    """The delivery that counts for each (extract, period): newest extraction, of equal ones the later arrival."""
    found: dict[Slot, Recorded] = {}
    for one in deliveries:
        slot = (one.extract, one.period)
        if one.status == "landed" and (slot not in found or one.counts_from >= found[slot].counts_from):
            found[slot] = one
    return found
