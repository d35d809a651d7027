"""A register as it will stand at the next close: the one in force, or a newer one that waits in the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.declarations.contracts import Contract
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.deliveries import reading_received
from flows.steps.inbox_files import LARGEST_FILE, files_of, no_delivery, whole_file
from flows.store.archive import sha256_of
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.store.deliveries import Recorded

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of a register as the contract writes them, and which delivery they are of; none where nothing came."""

    rows: tuple[Row, ...] = ()
    period: Period | None = None
    extracted_at: datetime | None = None


def register_rows(home: Home, contract: Contract) -> Register:
    """The register as the next close will see it.

    Raises Refusal where rows of it lie in quarantine: whoever writes the whole register from it would lose them.
    """
    waiting = _waiting(home, contract)
    if not home.build_file.exists():
        return _newest(waiting, Register(), contract)
    with reading_received(home) as connection:
        from flows.store.deliveries import in_force, recorded

        received = recorded(connection)
        seen = {(one.file_name, one.sha256) for one in received}
        counting = [one for one in in_force(received).values() if one.extract == contract.extract]
        last = max(counting, key=lambda one: one.period, default=None)
        stored = Register() if last is None else _stored(connection, contract, last)
    fresh = [one for one in waiting if (one.name, sha256_of(one.read_bytes())) not in seen]
    return _newest(fresh, stored, contract)


def written_rows(contract: Contract, rows: Sequence[Row]) -> str:
    """The register as a file of the contract's form."""
    import csv
    import io

    names = [column.name for column in contract.columns]
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return lines.getvalue()


def _waiting(home: Home, contract: Contract) -> list[Path]:
    """What a close would receive: no links, no pipes, no floods."""
    found: list[Path] = []
    for path in files_of(home.inbox):
        name = DeliveryName.parse(path.name)
        is_ours = name is not None and name.extract == contract.extract and no_delivery(path, name) is None
        if is_ours and isinstance(whole_file(path, contract.extract, LARGEST_FILE), bytes):
            found.append(path)
    return found


def _newest(waiting: Sequence[Path], stored: Register, contract: Contract) -> Register:
    """What is newest, by month and then by extraction time: the rule of the close."""
    named = [(path, DeliveryName.parse(path.name)) for path in waiting]
    last = max(
        ((name, path) for path, name in named if name is not None),
        key=lambda pair: (pair[0].period, pair[0].extracted_at),
        default=None,
    )
    if last is None:
        return stored
    name, path = last
    if (
        stored.period
        and stored.extracted_at
        and (stored.period, stored.extracted_at) >= (name.period, name.extracted_at)
    ):
        return stored
    return _of_file(path, name, contract)


def _of_file(path: Path, name: DeliveryName, contract: Contract) -> Register:
    from flows.sources.tabular import read_table

    read = read_table(path.read_bytes(), contract, path.name, name.period, name.extracted_at, _no_persons)
    if read.refusal is not None or read.quarantined is not None:
        raise _would_lose(path.name)
    missing = [] if read.missing is None else read.missing.to_pylist()
    words = {(one["line"], one["column_name"]): one["word"] for one in missing}
    rows = read.tables[contract.extract].to_pylist()
    return Register(tuple(_row(contract, row, words) for row in rows), name.period, name.extracted_at)


def _stored(connection: duckdb.DuckDBPyConnection, contract: Contract, last: Recorded) -> Register:
    quarantined = connection.execute(
        f"select count(*) from raw.quarantine where delivery_id = {last.delivery_id}"
    ).fetchall()
    if quarantined[0][0]:
        raise _would_lose(last.file_name)
    missing = connection.execute(
        f"select line, column_name, word from raw.missing_value where delivery_id = {last.delivery_id}"
    ).fetchall()
    words = {(line, column): word for line, column, word in missing}
    names = ["line", *(name for name, _ in contract.landed())]
    listed = ", ".join(f'"{name}"' for name in names)
    rows = connection.execute(
        f"select {listed} from raw.{contract.extract} where delivery_id = {last.delivery_id} order by line"
    ).fetchall()
    named = [dict(zip(names, row, strict=True)) for row in rows]
    return Register(tuple(_row(contract, row, words) for row in named), last.period, last.extracted_at)


def _row(contract: Contract, row: Mapping[str, Any], missing: Mapping[tuple[int, str], str | None]) -> Row:
    return {
        column.name: missing.get((row["line"], column.name))
        or _text(row[column.name], column.type)
        or (row.get(f"{column.name}_ord") or "")
        for column in contract.columns
    }


def _text(value: Any, type_: str) -> str:
    """A landed value as the contract writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()[:7] if type_ == "month" else value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return (written.rstrip("0").rstrip(".") if "." in written else written).replace(".", ",")
    return str(value)


def _would_lose(file_name: str) -> Refusal:
    return Refusal(
        f"{file_name} has lines that cannot be read; a register written from it would lose them.",
        "See them with `bokslut check`, and put a corrected file in the inbox first.",
    )


def _no_persons(digits: Sequence[str]) -> list[str]:
    """No register holds a personnummer."""
    return [""] * len(digits)
