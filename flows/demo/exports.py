"""How the exports are written: names, stamps, encodings, number forms and control lines, as the systems differ."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.declarations.contracts import Contract, contracts
from flows.domain.period import Period

_NO_BREAK_SPACE = "\u00a0"

#: Working day of the month after, and the hour, on which files are taken out: systems', the ledger's, what people type.
MONTHLY, LEDGER, TYPED = (3, 4), (5, 6), (5, 9)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes its files."""

    encoding: str = "utf-8"
    line_end: str = "\n"
    decimal_mark: str = ","
    has_control_line: bool = True
    has_sum_line: bool = False
    groups_thousands: bool = False


_DIALECTS: Mapping[str, Dialect] = {
    "heroma_anstallning": Dialect(line_end="\r\n"),
    "heroma_franvaro": Dialect(line_end="\r\n"),
    "heroma_arbetstid": Dialect(line_end="\r\n"),
    "heroma_avgang": Dialect("utf-8-sig", "\r\n"),
    "treserva_hemtjanst": Dialect("cp1252", "\r\n"),
    "treserva_assistans": Dialect("utf-8", "\r\n"),
    "kost_maltider": Dialect("cp1252", has_sum_line=True, groups_thousands=True),
    "organisation_enhet": Dialect("cp1252", "\r\n", has_control_line=False),
    "platser_register": Dialect("utf-16", "\r\n"),
    "kommentar": Dialect("cp1252", "\r\n", has_control_line=False),
    "luckor": Dialect("utf-8-sig", has_control_line=False),
}


def dialect_of(extract: str) -> Dialect:
    return _DIALECTS.get(extract, Dialect())


def taken_out(period: Period, working_day: int, hour: int, minute: int = 0) -> datetime:
    """The time of an extraction: so many weekdays into the month after."""
    day = period.last_day
    for _ in range(working_day):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute)


class Folder:
    """Where the exports go; counts what was written."""

    def __init__(self, to: Path) -> None:
        self.to = to
        self.files = 0
        self.bytes = 0

    def write(self, extract: str, period: Period, at: datetime, content: bytes, ending: str = "csv") -> None:
        folder = self.to / "edition" if extract.startswith("edition_") else self.to
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{extract}_{period.compact()}_{at:%Y%m%dT%H%M}.{ending}").write_bytes(content)
        self.files += 1
        self.bytes += len(content)

    def write_months(self, connection: duckdb.DuckDBPyConnection, extract: str, rows: pa.Table) -> int:
        """The files of a monthly extract, from rows in the order of their `period`; returns how many rows."""
        for period, content in monthly_files(connection, extract, rows, dialect_of(extract)):
            self.write(extract, period, taken_out(period, *MONTHLY), content)
        return rows.num_rows

    def write_typed(self, extract: str, period: Period, rows: Sequence[Mapping[str, str]]) -> int:
        """A register or an input as it is on the day of the close; returns how many rows."""
        self.write(extract, period, taken_out(period, *TYPED), typed_file(extract, rows))
        return len(rows)


def monthly_files(
    connection: duckdb.DuckDBPyConnection, extract: str, rows: pa.Table, dialect: Dialect
) -> Iterator[tuple[Period, bytes]]:
    """The files of an extract, a month each, from rows in the order of their `period`. Lines are built as a column."""
    if not rows.num_rows:
        return
    contract = contracts()[extract]
    connection.register("delivered", rows)
    fields = [_field(name, rows.schema.field(name).type, dialect) for name in rows.column_names]
    lines = connection.sql(
        f"select concat({', '.join(_with_separators(fields, dialect.line_end))}) as line from delivered"
    )
    texts = lines.to_arrow_table().column("line").combine_chunks()
    connection.unregister("delivered")
    month = rows.column("period").combine_chunks().cast(pa.int32()).to_numpy()
    starts = np.flatnonzero(np.diff(month, prepend=-1))
    header = ";".join(rows.column_names)
    for start, end in zip(starts, [*starts[1:], len(month)], strict=True):
        period = Period.of(rows.column("period")[start].as_py())
        total = _total(rows.slice(start, end - start), contract)
        body = _text(texts.slice(start, end - start))
        tail = _tail(rows.column_names, contract, int(end - start), total, dialect)
        yield period, _encoded(header, body, tail, dialect)


def typed_file(extract: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """A register or an input that people keep: few rows, written one by one, quoted where needed."""
    contract, dialect = contracts()[extract], dialect_of(extract)
    names = [column.name for column in contract.columns]
    body = io.StringIO()
    writer = csv.DictWriter(body, names, delimiter=";", lineterminator=dialect.line_end)
    writer.writerows(rows)
    total = None
    if contract.control_measure is not None:
        total = sum((Decimal(row[contract.control_measure].replace(",", ".") or 0) for row in rows), Decimal(0))
    tail = _tail(names, contract, len(rows), total, dialect)
    return _encoded(";".join(names), body.getvalue(), tail, dialect)


def _with_separators(fields: list[str], line_end: str) -> list[str]:
    end = "".join(f" || chr({ord(character)})" for character in line_end)
    return [part for field in fields[:-1] for part in (field, "';'")] + [fields[-1], f"''{end}"]


def _field(name: str, type_: pa.DataType, dialect: Dialect) -> str:
    """The SQL that writes a column as text; an empty field where it is NULL."""
    column = f'"{name}"'
    if name == "period":
        return f"strftime({column}, '%Y-%m')"
    if pa.types.is_date(type_):
        written = f"cast({column} as varchar)"
    elif pa.types.is_decimal(type_):
        written = f"cast({column} as varchar)"
        if dialect.decimal_mark != ".":
            written = f"replace({written}, '.', '{dialect.decimal_mark}')"
    elif pa.types.is_boolean(type_):
        written = f"cast(cast({column} as integer) as varchar)"
    elif pa.types.is_integer(type_) and dialect.groups_thousands:
        written = f"replace(format('{{:,}}', {column}), ',', chr({ord(_NO_BREAK_SPACE)}))"
    else:
        written = f"cast({column} as varchar)"
    return f"coalesce({written}, '')"


def _total(rows: pa.Table, contract: Contract) -> Decimal | None:
    if contract.control_measure is None:
        return None
    return Decimal(str(pc.sum(rows.column(contract.control_measure)).as_py() or 0))


def _tail(names: Sequence[str], contract: Contract, count: int, total: Decimal | None, dialect: Dialect) -> str:
    written = "" if total is None else str(total).replace(".", dialect.decimal_mark)
    lines: list[str] = []
    if dialect.has_sum_line and total is not None:
        sums = [
            "Totalt" if place == 0 else written if name == contract.control_measure else ""
            for place, name in enumerate(names)
        ]
        lines.append(";".join(sums))
    if dialect.has_control_line:
        lines.append(f"#ANTAL;{count}" + (f";SUMMA;{written}" if total is not None else ""))
    return "".join(line + dialect.line_end for line in lines)


def _text(lines: pa.StringArray) -> str:
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines), "")
    return joined[0].as_py()


def _encoded(header: str, body: str, tail: str, dialect: Dialect) -> bytes:
    return f"{header}{dialect.line_end}{body}{tail}".encode(dialect.encoding)


def register_day(period: Period) -> date:
    """The day from which the registers hold: well before the first month that any extract has."""
    return date(period.year - 6, 1, 1)
