"""The deliveries as recorded, which of them count, and which ones a close reads (contracts, section 1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from flows.declarations.contracts import Contract, contracts
from flows.declarations.intake_rules import intake_rule
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.errors import Refusal
from flows.store.closing_calendar import write_calendar
from flows.store.delivery_events import withdrawn

Status = Literal["landed", "duplicate", "refused"]

#: (extract, period): what one file is about.
Slot = tuple[str, Period]

_EXPECTATIONS = "forvantade_leveranser"


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

    A withdrawn one is as a refused one: it is kept and does not count.
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


def select_deliveries(connection: duckdb.DuckDBPyConnection, period: Period, as_of: date | None) -> date:
    """Rewrite what `build` says of the period and its deliveries; returns the as-of day.

    By default that is the newest extraction among the deliveries selected. Rows that are already as they would be are
    left alone. Raises Refusal where nothing at all has been delivered for the close.
    """
    all_received = recorded(connection)
    applied = in_force(all_received)
    refused = {(one.extract, one.period): one for one in all_received if one.status in ("refused", "withdrawn")}
    selected: list[Recorded] = []
    withheld: list[Recorded] = []
    expected = _expected_slots(connection, applied, period)
    for contract in contracts().values():
        for slot in _slots(contract, period, applied, refused):
            if slot in applied:
                selected.append(applied[slot])
            elif slot in refused and (contract.needed != "history" or expected is None or slot in expected):
                withheld.append(refused[slot])
    if not selected:
        raise Refusal(
            f"Nothing has been delivered for {period}.", "Run `bokslut close PERIOD --from DIR` on its exports."
        )
    day = as_of or max(one.extracted_at for one in selected).date()
    _write_selection(connection, period, day, selected, withheld)
    return day


def _slots(
    contract: Contract, period: Period, applied: Mapping[Slot, Recorded], refused: Mapping[Slot, Recorded]
) -> list[Slot]:
    """What a close of the period reads of one extract, delivered or not."""
    last_possible = contract.last_period or period
    if contract.needed == "history":
        months = [*period.year_before.to_date(), *period.to_date()]
        if contract.whole_year_before:
            rest = period.year_before.through(period.year_before.december)[1:]
            months += [month for month in rest if (contract.extract, month) in applied]
        return [(contract.extract, month) for month in months if contract.first_period <= month <= last_possible]
    came = {month for extract, month in (*applied, *refused) if extract == contract.extract}
    landed = {month for extract, month in applied if extract == contract.extract}
    if contract.needed == "optional_history":
        # What is promised in one month is kept in another, across a year's end too.
        return [(contract.extract, month) for month in sorted(came) if contract.first_period <= month <= period]
    if contract.content == "register":
        # A refused register never stands before an older one that landed.
        months = [month for month in landed or came if month <= period] or [month for month in came if month <= period]
        return [(contract.extract, max(months))] if months else []
    slots = [(contract.extract, period)]
    if contract.needed == "ledger" or contract.newest_of_year_before:
        # The ledger's last month must be whole: a refused December is not replaced by November.
        candidates = came if contract.needed == "ledger" else landed
        year_before = [month for month in candidates if month.year == period.year - 1]
        slots += [(contract.extract, max(year_before))] if year_before else []
    return slots


def _expected_slots(
    connection: duckdb.DuckDBPyConnection, applied: Mapping[Slot, Recorded], period: Period
) -> frozenset[Slot] | None:
    """The (extract, month) pairs that the register of expected deliveries names; None where there is no register."""
    months = [month for extract, month in applied if extract == _EXPECTATIONS and month <= period]
    if not months:
        return None
    delivery_id = applied[(_EXPECTATIONS, max(months))].delivery_id
    rows = connection.execute(
        f"select extract, giltig_from, giltig_tom from raw.{_EXPECTATIONS} where delivery_id = {delivery_id}"
    ).fetchall()
    return frozenset(
        (extract, month)
        for extract, valid_from, valid_to in rows
        for month in period.year_before.january.through(period)
        if valid_from <= month.last_day and (valid_to is None or valid_to >= month.first_day)
    )


def _write_selection(
    connection: duckdb.DuckDBPyConnection,
    period: Period,
    as_of: date,
    selected: Sequence[Recorded],
    withheld: Sequence[Recorded],
) -> None:
    deliveries = sorted(
        (one.delivery_id, one.extract, one.period.first_day, one.extracted_at, one.file_name, one.sha256, one.encoding)
        for one in selected
    )
    reasons = sorted((one.extract, one.period.first_day, one.refusal) for one in withheld)
    there = [
        connection.execute("select period, as_of from build.closing").fetchall(),
        connection.execute("select * from build.closing_deliveries order by delivery_id").fetchall(),
        connection.execute("select * from build.withheld_extract order by all").fetchall(),
    ]
    if there == [[(period.first_day, as_of)], deliveries, reasons]:
        return
    connection.begin()
    try:
        write_calendar(connection, period, as_of)
        connection.execute("delete from build.closing_deliveries")
        connection.executemany("insert into build.closing_deliveries values (?, ?, ?, ?, ?, ?, ?)", deliveries)
        connection.execute("delete from build.withheld_extract")
        if reasons:
            connection.executemany("insert into build.withheld_extract values (?, ?, ?)", reasons)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
