"""The register of known gaps, kept at the command line: each change is a new delivery of the whole register."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from flows.errors import Refusal
from flows.reports.gap_list import ListedGap
from flows.steps.close import stockholm_now
from flows.steps.deliveries import reading_received, refuse_personal_words
from flows.steps.published import literal
from flows.steps.register_rows import Register, Row, register_rows, written_rows
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

_EXTRACT = "luckor"
_KEY = ("extract", "enhet_kod", "fran")
Now = Callable[[], datetime]


def add_gap(
    home: Home,
    extract: str,
    first: Period,
    last: Period | None = None,
    *,
    unit: str = "",
    reason: str = "",
    case: str = "",
    owner: str = "",
    expected: date | None = None,
    now: Now = stockholm_now,
) -> Path:
    """Write the register with one row more, or with what is said anew of the row that is there; returns the file.

    Raises Refusal for an extract without months, a new row without a reason, and words that look personal.
    """
    contract = contracts().get(extract)
    if contract is None or contract.content != "month":
        monthly = ", ".join(one.extract for one in contracts().values() if one.content == "month")
        raise Refusal(f"{extract} is no extract that comes by month.", f"Choose one of {monthly}.")
    if last is not None and last < first:
        raise Refusal(f"The gap would end in {last}, before it begins.", "Give --to a later month, or leave it out.")
    for what, words in (("The reason", reason), ("The case", case), ("The owner", owner)):
        refuse_personal_words(what, words)
    if len(owner.split()) > 1:
        raise Refusal("The owner has blanks: it may be a name.", "Give a role or a user id: systemforvaltare.vard.")
    key = (extract, unit, str(first))
    said = {
        "till": str(last) if last else "",
        "orsak": reason.strip(),
        "arende": case.strip(),
        "ansvarig": owner.strip(),
        "vantas": expected.isoformat() if expected else "",
    }

    def changed(rows: Sequence[Row]) -> list[Row]:
        before = next((row for row in rows if _key(row) == key), None)
        if before is None and not said["orsak"]:
            raise Refusal("A new gap needs a reason.", "Say with --reason why the months are missing.")
        kept: Mapping[str, str] = before or {"ansvarig": getpass.getuser()}
        row = {**dict(zip(_KEY, key, strict=True)), **kept, **{name: value for name, value in said.items() if value}}
        return [*(other for other in rows if _key(other) != key), row]

    return _rewrite(home, first, changed, now)


def close_gap(home: Home, extract: str, first: Period, *, unit: str = "", now: Now = stockholm_now) -> Path:
    """Write the register without a row; returns the file. Raises Refusal where there is no such row."""
    key = (extract, unit, str(first))

    def changed(rows: Sequence[Row]) -> list[Row]:
        left = [row for row in rows if _key(row) != key]
        if len(left) == len(rows):
            whose = f" of unit {unit}" if unit else ""
            raise Refusal(f"There is no gap in {extract}{whose} from {first}.", "`bokslut gap list` shows them all.")
        return left

    return _rewrite(home, first, changed, now)


def list_gaps(home: Home) -> list[ListedGap]:
    """Every row of the register as the next close will see it, with the months that have arrived in the meantime."""
    register = register_rows(home, contracts()[_EXTRACT])
    if not home.build_file.exists():
        return [_listed(row, {}) for row in register.rows]
    with reading_received(home) as connection:
        return [_listed(row, _arrived(connection, row)) for row in register.rows]


def _rewrite(home: Home, first: Period, change: Callable[[Sequence[Row]], list[Row]], now: Now) -> Path:
    with home.writer("write the register of gaps"):
        contract = contracts()[_EXTRACT]
        register = register_rows(home, contract)
        text = written_rows(contract, change(register.rows))
        at = _after(register, now().replace(tzinfo=None))
        month = register.period or first
        path = home.inbox / f"{_EXTRACT}_{month.compact()}_{at:%Y%m%dT%H%M}.csv"
        arriving = path.with_name(f".{path.name}")
        arriving.write_text(text, "utf-8")
        arriving.replace(path)
        return path


def _after(register: Register, now: datetime) -> datetime:
    """This minute, or the one after the register's own: of two in one minute neither would be the newer."""
    this_minute = now.replace(second=0, microsecond=0)
    if register.extracted_at is not None and register.extracted_at >= this_minute:
        return register.extracted_at + timedelta(minutes=1)
    return this_minute


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in _KEY)


def _arrived(connection: duckdb.DuckDBPyConnection, row: Row) -> Mapping[Period, bool]:
    """Each month of a gap, up to the last one that anything has been delivered for, and whether its rows are there."""
    from flows.store.deliveries import in_force, recorded

    contract = contracts().get(row["extract"])
    if contract is None or contract.content != "month":
        return {}
    counting = in_force(recorded(connection))
    first = Period.parse(row["fran"])
    latest = max((month for _, month in counting), default=first)
    months = first.through(Period.parse(row["till"]) if row["till"] else latest)
    numbers = {
        counting[contract.extract, month].delivery_id: month
        for month in months
        if (contract.extract, month) in counting
    }
    has_units = any(column.name == "enhet_kod" for column in contract.columns)
    unit = row["enhet_kod"] if has_units else ""
    of_unit = f" and enhet_kod = {literal(unit)}" if unit else ""
    listed = ", ".join(map(str, numbers)) or "null"
    there = connection.execute(
        f"select distinct delivery_id from raw.{contract.extract} as rows where delivery_id in ({listed}){of_unit}"
        " and not exists (select 1 from raw.missing_value as missing"
        " where missing.delivery_id = rows.delivery_id and missing.line = rows.line)"
    ).fetchall()
    arrived = {numbers[number] for (number,) in there}
    return {month: month in arrived for month in months}


def _listed(row: Row, months: Mapping[Period, bool]) -> ListedGap:
    contract = contracts().get(row["extract"])
    return ListedGap(
        extract=row["extract"],
        label=contract.label if contract else row["extract"],
        unit=row["enhet_kod"],
        first=Period.parse(row["fran"]),
        last=Period.parse(row["till"]) if row["till"] else None,
        reason=row["orsak"],
        case=row["arende"],
        owner=row["ansvarig"],
        expected=date.fromisoformat(row["vantas"]) if row["vantas"] else None,
        arrived=tuple(month for month, is_there in months.items() if is_there),
        is_open=not months or not all(months.values()),
    )
