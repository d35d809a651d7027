"""The deliveries as a ledger: what came, what it replaced and what counts; and the act of withdrawing one."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.delivery_list import ListedDelivery
from flows.sources.printed_text import looks_personal, names_a_person
from flows.steps.close import stockholm_now
from flows.steps.findings import reading
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

#: A source names its folders as it likes.
_A_FOLDER = "(en mapp vars namn inte visas)"
_RECEIVED = """
    select
        delivered.delivery_id,
        delivered.arrived_at,
        coalesce(origin.folder, '') as folder,
        coalesce(delivered.encoding, '') as encoding,
        delivered.lines,
        delivered.landed_rows,
        delivered.quarantined_rows
    from control.deliveries as delivered
    left join control.delivery_origins as origin on delivered.delivery_id = origin.delivery_id
"""


def list_deliveries(home: Home, period: Period | None = None) -> list[ListedDelivery]:
    """Every delivery, or those about one month: by extract, month and arrival. Raises Refusal where nothing came."""
    with reading_received(home) as connection:
        listed = _listed(connection)
    if period is not None:
        listed = [one for one in listed if one.period == period]
        if not listed:
            raise Refusal(f"Nothing has been delivered for {period}.", "`bokslut deliveries` lists what has.")
    return sorted(listed, key=lambda one: (one.extract, one.period, one.delivery_id))


def withdraw_delivery(
    home: Home, delivery_id: int, reason: str, *, undo: bool = False, now: Callable[[], datetime] = stockholm_now
) -> str:
    """Record that a delivery no longer counts, or counts again; returns what to say of it.

    Raises Refusal where it does not count as it is, for no reason, and for a reason that looks personal.
    """
    from flows.store.delivery_events import reinstate, withdraw
    from flows.store.duckdb_engine import open_store
    from flows.store.migrations import migrate

    refuse_personal_words("The reason", reason)
    if not reason.strip():
        raise Refusal("There is no reason.", "Say why with --reason.")
    if not home.build_file.exists():
        raise Refusal(f"Nothing has been delivered to {home.path}.", "`bokslut close` receives what lies in its inbox.")
    with home.writer(f"withdraw delivery {delivery_id}"):
        connection = open_store(home.build_file)
        try:
            migrate(connection)
            act = reinstate if undo else withdraw
            act(connection, delivery_id, getpass.getuser(), reason.strip(), now().replace(tzinfo=None))
            return _told(_listed(connection), delivery_id)
        finally:
            connection.close()


@contextmanager
def reading_received(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store opened for reading; raises Refusal where there is none, a writer has it, or it is of an older shape."""
    with reading(home) as connection:
        there = connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'control' and table_name = 'delivery_origins'"
        ).fetchall()
        if not there:
            raise Refusal(
                f"The store in {home.path} is of an earlier version.", "`bokslut close` brings it to today's shape."
            )
        yield connection


def refuse_personal_words(what: str, words: str) -> None:
    """Raise Refusal where words that others will read seem to hold a personnummer or a phone number."""
    if looks_personal(words):
        raise Refusal(f"{what} seems to hold a personnummer or a phone number.", "Write it without.")


def _told(listed: Sequence[ListedDelivery], delivery_id: int) -> str:
    (one,) = [one for one in listed if one.delivery_id == delivery_id]
    slot = [other for other in listed if (other.extract, other.period) == (one.extract, one.period)]
    counting = next((other for other in slot if other.is_in_force), None)
    says = "is withdrawn" if one.status == "withdrawn" else "is no longer withdrawn"
    counts = (
        f"{counting.file_name} (delivery {counting.delivery_id}) counts from the next close."
        if counting is not None
        else f"No delivery of {one.extract} counts for {one.period} now."
    )
    return f"{one.file_name} {says}. {counts}"


def _listed(connection: duckdb.DuckDBPyConnection) -> list[ListedDelivery]:
    from flows.store.deliveries import in_force, recorded
    from flows.store.delivery_events import last_events

    received = {row[0]: row[1:] for row in connection.execute(_RECEIVED).fetchall()}
    all_recorded = recorded(connection)
    counting = {one.delivery_id for one in in_force(all_recorded).values()}
    replaced = _replaced(all_recorded)
    events = last_events(connection)
    listed: list[ListedDelivery] = []
    for one in all_recorded:
        arrived_at, folder, encoding, lines, landed_rows, quarantined_rows = received[one.delivery_id]
        event = events.get(one.delivery_id)
        contract = contracts().get(one.extract)
        listed.append(
            ListedDelivery(
                delivery_id=one.delivery_id,
                extract=one.extract,
                label=contract.label if contract else one.extract,
                period=one.period,
                file_name=one.file_name,
                extracted_at=one.extracted_at,
                arrived_at=arrived_at,
                folder=_A_FOLDER if names_a_person(folder) else folder,
                encoding=encoding,
                lines=lines or 0,
                landed_rows=landed_rows or 0,
                quarantined_rows=quarantined_rows or 0,
                status=one.status,
                is_in_force=one.delivery_id in counting,
                replaced=replaced.get(one.delivery_id),
                is_mapped=bool(one.mapping_sha256),
                refusal=one.refusal if one.status == "refused" else "",
                withdrawn_at=event.happened_at if event and event.act == "withdraw" else None,
                withdrawn_by=event.who if event and event.act == "withdraw" else "",
                withdrawn_because=event.why if event and event.act == "withdraw" else "",
                destroyed_at=one.destroyed_at,
            )
        )
    return listed


def _replaced(received: Sequence[Any]) -> dict[int, int]:
    """Delivery → the one that counted for its extract and month until it came."""
    counted: dict[tuple[str, Period], Any] = {}
    replaced: dict[int, int] = {}
    for one in received:
        slot = (one.extract, one.period)
        if one.status not in ("landed", "withdrawn"):
            continue
        before = counted.get(slot)
        if before is None or one.extracted_at >= before.extracted_at:
            if before is not None:
                replaced[one.delivery_id] = before.delivery_id
            counted[slot] = one
    return replaced
