"""Destroy what is about persons when it is old and no open period stands on it: rows, archived files, their copies.

What a delivery was (its name, hash and counts), every closed version and every published file stay as they are.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations.contracts import Contract, contracts
from flows.domain.delivery import DeliveryName
from flows.domain.lifecycle import Act, State
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.retention_list import HeldMonth
from flows.settings import home_settings
from flows.steps.close import stockholm_now
from flows.steps.findings import reading
from flows.steps.inbox_files import files_of
from flows.store.archive import archived_path, destroy, sha256_of
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.store.deliveries import Recorded, Slot

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is held about persons and what is to become of it, as of a day.

    `to_destroy`: deliveries by number. `unfinished`: archived files that an interrupted run left of what it destroyed.
    """

    held: tuple[HeldMonth, ...]
    to_destroy: frozenset[int]
    unfinished: int


@dataclass(slots=True)
class Destroyed:
    """What is gone. `elsewhere`: copies in folders that are not the home's, and not ours to take away."""

    deliveries: int = 0
    rows: int = 0
    files: int = 0
    in_inbox: int = 0
    elsewhere: list[Path] = field(default_factory=list)


def plan_retention(home: Home, now: Callable[[], datetime] = stockholm_now) -> Plan:
    """What would be destroyed today, and why the rest would not. Raises Refusal where nobody has decided on a time."""
    days = home_settings(home.settings_file).retention.days
    if days is None:
        raise Refusal(
            "Nobody has decided how long persons' rows and files are kept.",
            f"Write `days = N` under `[retention]` in {home.settings_file}.",
        )
    with reading(home) as connection:
        return _plan(home, connection, days, now().date())


def retain(
    home: Home,
    planned: Plan,
    progress: Progress = lambda _: None,
    now: Callable[[], datetime] = stockholm_now,
) -> Destroyed:
    """Destroy what was planned and still is to be destroyed, and what an interrupted run had left.

    First the store, in one step; then the files. A crash between leaves files that the next run takes.
    """
    from flows.store.destroyed import destroy_rows
    from flows.store.person_acts import record_act
    from flows.store.rewriting import rewritten

    done = Destroyed()
    with home.writer("retain"):
        numbers = planned.to_destroy & plan_retention(home, now).to_destroy
        if numbers:
            why = f"[retention] days = {home_settings(home.settings_file).retention.days}"
            progress(f"Taking the rows of {len(numbers)} deliveries out, and writing the store anew.")
            with rewritten(home) as connection:
                at = now().replace(tzinfo=None)
                connection.begin()
                act = record_act(connection, "retain", who=getpass.getuser(), why=why, counted=len(numbers), at=at)
                done.rows = destroy_rows(connection, numbers, act)
                connection.commit()
            done.deliveries = len(numbers)
        with reading(home) as connection:
            gone = _gone(connection)
            folders = _folders(connection)
        for sha256, one in gone.items():
            done.files += destroy(home.archive, sha256, one.names)
        progress(f"Destroyed {done.files} archived files.")
        done.in_inbox = sum(_unlinked(path) for path in _copies(home.inbox, gone))
        done.elsewhere = [path for folder in folders if not _is_of(home, folder) for path in _copies(folder, gone)]
    return done


def _plan(home: Home, connection: duckdb.DuckDBPyConnection, days: int, today: date) -> Plan:
    from flows.store.deliveries import recorded

    received = recorded(connection)
    first, read_by = read_by_open_periods(received, *_closed_periods(connection))
    arrived = {
        number: (at.date(), rows or 0, size)
        for number, at, rows, size in connection.execute(
            "select delivery_id, arrived_at, landed_rows, bytes from control.deliveries"
        ).fetchall()
    }
    judged: list[tuple[str, Period, str, str, int, Recorded]] = []
    for one in received:
        if one.extract not in about_persons() or one.destroyed_at is not None:
            continue
        # What is about a month to come, by its name, is as old as its arrival.
        counted_from = min(one.period.last_day, arrived[one.delivery_id][0])
        age = (today - counted_from).days
        reader = read_by.get((one.extract, one.period), one.period if one.period >= first else None)
        if age <= days:
            verdict, why = "young", f"too young until {counted_from + timedelta(days=days)}"
        elif reader is not None and one.status != "refused":
            verdict, why = "needed", f"{reader} reads it"
        else:
            verdict, why = "destroy", "to be destroyed"
        judged.append((one.extract, one.period, verdict, why, age, one))
    judged.sort(key=lambda row: (*row[:4], row[4], row[5].delivery_id))
    held = tuple(_held([*group], arrived) for _, group in groupby(judged, key=lambda row: row[:4]))
    left = sum(archived_path(home.archive, sha256).exists() for sha256 in _gone(connection))
    return Plan(held, frozenset(row[5].delivery_id for row in judged if row[2] == "destroy"), left)


def _held(
    rows: Sequence[tuple[str, Period, str, str, int, Recorded]], arrived: Mapping[int, tuple[date, int, int]]
) -> HeldMonth:
    extract, period, verdict, why, _, _ = rows[0]
    sizes = {one.sha256: arrived[one.delivery_id][2] for *_, one in rows}
    landed = sum(arrived[one.delivery_id][1] for *_, one in rows)
    return HeldMonth(
        extract, period, len(sizes), landed, sum(sizes.values()), max(row[4] for row in rows), verdict, why
    )


def about_persons() -> Mapping[str, Contract]:
    """The extracts with personal columns. Of the ledger, whose texts may name somebody, the law keeps the books."""
    return {
        name: contract for name, contract in contracts().items() if any(column.personal for column in contract.columns)
    }


def read_by_open_periods(
    received: Sequence[Recorded], closed: Sequence[Period], reopened: Sequence[Period]
) -> tuple[Period, Mapping[Slot, Period]]:
    """The first period that has never been closed; and what it, those after it and reopened ones read: by the earliest.

    A period that is closed and not reopened is done with, whether it is locked or not: its version stands.
    """
    from flows.store.delivery_selection import slots_read

    first = max(closed).plus(1)
    read_by: dict[Slot, Period] = {}
    # Nothing of a month is read later than the December after the next.
    for period in (*reopened, *first.through(Period(first.year + 1, 12))):
        for slot in slots_read(received, period, about_persons().values()):
            read_by.setdefault(slot, period)
    return first, read_by


def _closed_periods(connection: duckdb.DuckDBPyConnection) -> tuple[Sequence[Period], Sequence[Period]]:
    """Every period that was ever closed, and those of them that are reopened."""
    from flows.store.versions import period_state

    rows = connection.execute(
        f"select distinct period from control.period_events where act = '{Act.CLOSE}' order by 1"
    ).fetchall()
    closed = [Period.of(month) for (month,) in rows]
    if not closed:
        raise Refusal("No month has been closed: every file may still be needed.", "`bokslut close PERIOD` first.")
    return closed, [period for period in closed if period_state(connection, period) is State.REOPENED]


@dataclass(slots=True)
class _Gone:
    """A file all of whose deliveries are destroyed: the names and months that it came under, and its size."""

    names: set[str]
    slots: set[Slot]
    size: int


def _gone(connection: duckdb.DuckDBPyConnection) -> Mapping[str, _Gone]:
    """The destroyed files by sha256; one that a delivery still stands on is none of them."""
    from flows.store.deliveries import recorded

    received = recorded(connection)
    living = {one.sha256 for one in received if one.destroyed_at is None}
    sizes = dict(connection.execute("select delivery_id, bytes from control.deliveries").fetchall())
    found: dict[str, _Gone] = {}
    for one in received:
        if one.sha256 not in living:
            gone = found.setdefault(one.sha256, _Gone(set(), set(), sizes[one.delivery_id]))
            gone.names.add(one.file_name)
            gone.slots.add((one.extract, one.period))
    return found


def _folders(connection: duckdb.DuckDBPyConnection) -> tuple[Path, ...]:
    """The folders from which the destroyed files were received."""
    rows = connection.execute(
        "select distinct folder from control.delivery_origins"
        " inner join control.destroyed_deliveries using (delivery_id) where folder is not null order by 1"
    ).fetchall()
    return tuple(Path(folder) for (folder,) in rows)


def _copies(folder: Path, gone: Mapping[str, _Gone]) -> Iterator[Path]:
    """The files under a folder with the bytes of a destroyed one, but for what comes under another month's name.

    Two months without a row may be the same bytes.
    """
    sizes = {one.size for one in gone.values()}
    for path in files_of(folder) if gone and folder.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.stat().st_size not in sizes:
            continue
        one = gone.get(sha256_of(path.read_bytes()))
        named = DeliveryName.parse(path.name)
        if one is not None and (named is None or path.name in one.names or (named.extract, named.period) in one.slots):
            yield path


def _unlinked(path: Path) -> bool:
    path.unlink()
    return True


def _is_of(home: Home, folder: Path) -> bool:
    return folder.resolve().is_relative_to(home.inbox.resolve())
