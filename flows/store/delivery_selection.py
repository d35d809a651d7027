"""Which deliveries a close of a period stands on: selected among those in force, and written to `build`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb

from flows.declarations.contracts import Contract, contracts
from flows.domain.period import Period
from flows.errors import Refusal
from flows.store.closing_calendar import write_calendar
from flows.store.deliveries import Recorded, Slot, in_force, recorded

_EXPECTATIONS = "forvantade_leveranser"


def select_deliveries(connection: duckdb.DuckDBPyConnection, period: Period, as_of: date | None) -> date:
    """Rewrite what `build` says of the period and its deliveries; returns the as-of day.

    By default that is the newest extraction among the deliveries selected. Rows that are already as they would be are
    left alone. Raises Refusal where nothing at all has been delivered for the close, and where retention has destroyed
    rows that it would stand on: without them its figures would be smaller, and look whole.
    """
    all_received = recorded(connection)
    applied = in_force(all_received)
    refused = _not_landed(all_received)
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
    _refuse_destroyed(period, [one for one in selected if one.destroyed_at is not None])
    day = as_of or max(one.extracted_at for one in selected).date()
    _write_selection(connection, period, day, selected, withheld)
    return day


def stands_on_destroyed(received: Sequence[Recorded], period: Period) -> bool:
    """Whether a close of the period would stand on rows that retention has destroyed."""
    applied = in_force(received)
    read = slots_read(received, period, contracts().values())
    return any(applied[slot].destroyed_at is not None for slot in read if slot in applied)


def slots_read(received: Sequence[Recorded], period: Period, of: Iterable[Contract]) -> frozenset[Slot]:
    """The (extract, month) pairs that a close of the period reads of these extracts, delivered or not."""
    applied, refused = in_force(received), _not_landed(received)
    return frozenset(slot for contract in of for slot in _slots(contract, period, applied, refused))


def _not_landed(received: Iterable[Recorded]) -> Mapping[Slot, Recorded]:
    return {(one.extract, one.period): one for one in received if one.status in ("refused", "withdrawn")}


def _refuse_destroyed(period: Period, gone: Sequence[Recorded]) -> None:
    if not gone:
        return
    days = sorted({f"{one.destroyed_at:%Y-%m-%d}" for one in gone})
    extracts = sorted({one.extract for one in gone})
    first, last = min(one.period for one in gone), max(one.period for one in gone)
    months = f"{first}" if first == last else f"{first} to {last}"
    raise Refusal(
        f"{period} can no longer be closed: the rows of {len(gone)} of its deliveries ({', '.join(extracts)}, {months})"
        f" were destroyed by retention on {', '.join(days)}.",
        "What was published of it stands; `bokslut tables` shows it.",
    )


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
