"""Small tables drawn in pipes, and one model run on them in a real DuckDB: the words of the spec tests.

A cell is written as SQL would print it: an empty cell is NULL, `''` an empty text, `2021-03` in a date column the
month's first day. A line of dashes under the head may be drawn for the eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache

import duckdb
import pytest

from flows.declarations import root
from flows.declarations.columns import column_type
from flows.domain.period import Period
from flows.store.closing_calendar import write_calendar
from flows.store.duckdb_engine import MODEL_SCHEMAS, make, open_store
from flows.store.migrations import migrate
from flows.store.models import Model, ordered, read_model
from flows.store.reference import load_reference_file, reference_columns


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table as drawn: its columns and the text of each cell, None where nothing is written."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    @classmethod
    def read(cls, text: str) -> Drawing:
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not _is_rule(line)]
        if not cells or any(not line.startswith("|") or not line.endswith("|") for line in lines):
            pytest.fail("A drawn table has a head and stands between pipes on each line.")
        head = tuple(cells[0])
        for row in cells[1:]:
            if len(row) != len(head):
                pytest.fail(f"A drawn row has {len(row)} cells, its head {len(head)}: | {' | '.join(row)} |")
        return cls(head, tuple(tuple(_text(cell) for cell in row) for row in cells[1:]))


@dataclass(frozen=True, slots=True)
class MadeTable:
    """The rows that a model made."""

    name: str
    types: Mapping[str, str]
    rows: tuple[tuple[object, ...], ...]


class DrawnWarehouse:
    """An in-memory store that holds what a test draws, and builds from that."""

    def __init__(self) -> None:
        self.connection = open_store(":memory:")
        for schema in (*MODEL_SCHEMAS, "raw", "control", "build", "reference"):
            self.connection.execute(f"create schema {schema}")
        self._drawn: set[str] = set()

    def given(self, table: str, drawing: str) -> None:
        """A table that holds exactly these rows; what is not drawn is NULL.

        Only in staging, where every row has a place in a file, an undrawn `delivery_id` is 1 and `line` counts from 2.
        """
        drawn = Drawing.read(drawing)
        types = _shape(table, drawn.columns)
        unknown = [name for name in drawn.columns if name not in types]
        if unknown:
            pytest.fail(f"{table} has no column {', '.join(unknown)}; it has {', '.join(types)}.")
        self._create(table, types)
        for number, row in enumerate(drawn.rows):
            cells = dict(zip(drawn.columns, row, strict=True))
            if table.startswith("staging."):
                cells = {"delivery_id": "1", "line": str(number + 2), **cells}
            names = [name for name in cells if name in types]
            values = ", ".join(f"cast(? as {types[name]})" for name in names)
            listed = ", ".join(f'"{name}"' for name in names)
            texts = [_month_as_day(cells[name], types[name]) for name in names]
            self.connection.execute(f"insert into {table} ({listed}) values ({values})", texts)
        self._drawn.add(table)

    def closing(self, period: str, as_of: str | None = None) -> None:
        """The period being closed (YYYY-MM); `as_of` is the last day of the month after unless said."""
        closed = Period.parse(period)
        for table in ("build.closing", "build.month"):
            self._create(table, _shape(table, ()))
            self._drawn.add(table)
        write_calendar(self.connection, closed, date.fromisoformat(as_of) if as_of else closed.plus(1).last_day)

    def build(self, table: str, *, alone: bool = False) -> MadeTable:
        """Run a model, after every model it stands on that is not drawn; `alone`, undrawn tables are empty instead.

        Undrawn raw, build and control tables are empty; undrawn reference tables hold the project's own rows.
        """
        needed = self._needed(table, alone)
        known = {reference for model in needed.values() for reference in model.references}
        for name in sorted(known - needed.keys() - self._drawn):
            self._stand_in(name)
        for model in ordered(needed, known):
            make(self.connection, model)
        described = self.connection.execute(f"describe {table}").fetchall()
        rows = self.connection.execute(f"select * from {table}").fetchall()
        return MadeTable(table, {name: type_ for name, type_, *_ in described}, tuple(rows))

    def _needed(self, table: str, alone: bool) -> dict[str, Model]:
        if _model(table) is None:
            pytest.fail(f"sql/{table.replace('.', '/')}.sql does not exist.")
        needed: dict[str, Model] = {}
        waiting = [table]
        while waiting:
            name = waiting.pop()
            model = _model(name)
            if model is None or name in needed or name in self._drawn:
                continue
            needed[name] = model
            if not alone:
                waiting.extend(model.references)
        return needed

    def _stand_in(self, table: str) -> None:
        schema, _, name = table.partition(".")
        if schema == "reference":
            path = root.REFERENCE / f"{name}.csv"
            if path.exists():
                load_reference_file(self.connection, path, reference_columns(path))
                return
        self._create(table, _shape(table, ()))

    def _create(self, table: str, types: Mapping[str, str]) -> None:
        listed = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        self.connection.execute(f"create or replace table {table} ({listed})")


def expect(made: MadeTable, drawing: str) -> None:
    """The table holds exactly these rows in the drawn columns, in any order; decimals are compared exactly."""
    drawn = Drawing.read(drawing)
    names = list(made.types)
    unknown = [name for name in drawn.columns if name not in names]
    if unknown:
        pytest.fail(f"{made.name} has no column {', '.join(unknown)}; it has {', '.join(names)}.")
    types = [made.types[name] for name in drawn.columns]
    wanted = Counter(tuple(_value(cell, type_) for cell, type_ in zip(row, types, strict=True)) for row in drawn.rows)
    at = [names.index(name) for name in drawn.columns]
    found = Counter(tuple(row[place] for place in at) for row in made.rows)
    if wanted != found:
        lacking = _draw(drawn.columns, list((wanted - found).elements()))
        beside = _draw(drawn.columns, list((found - wanted).elements()))
        agreed = sum((wanted & found).values())
        pytest.fail(
            f"{made.name}: {agreed} of {sum(wanted.values())} drawn rows are there.\n"
            f"Drawn, but not made:\n{lacking}\nMade, but not drawn:\n{beside}",
            pytrace=False,
        )


@cache
def _fixed_shapes() -> Mapping[str, Mapping[str, str]]:
    """The tables that migrations and contracts make, with their columns' types."""
    connection = open_store(":memory:")
    migrate(connection)
    shapes: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() order by schema_name, table_name, column_index"
    ).fetchall():
        shapes.setdefault(table, {})[column] = type_
    connection.close()
    return shapes


@cache
def _model(name: str) -> Model | None:
    schema, _, table = name.partition(".")
    path = root.SQL / schema / f"{table}.sql"
    return read_model(path) if path.exists() else None


def _shape(table: str, drawn: Sequence[str]) -> Mapping[str, str]:
    """Column → type: of the migrations and contracts; of a model's last SELECT and the dictionary; or as drawn."""
    fixed = _fixed_shapes().get(table)
    if fixed is not None:
        return fixed
    model = _model(table)
    schema, _, name = table.partition(".")
    reference = root.REFERENCE / f"{name}.csv"
    if model is not None:
        names: Sequence[str] = model.statement.named_selects
    elif schema == "reference" and reference.exists():
        names = tuple(reference_columns(reference))
    elif drawn:
        names = drawn
    else:
        pytest.fail(f"Nothing makes {table}, and it is not drawn.")
    return {column: column_type(column, table) for column in names}


def _is_rule(line: str) -> bool:
    return set(line) <= set("|-: ") and "-" in line and " - " not in line


def _text(cell: str) -> str | None:
    if cell == "":
        return None
    return "" if cell == "''" else cell


def _month_as_day(cell: str | None, type_: str) -> str | None:
    return f"{cell}-01" if cell is not None and type_ == "DATE" and len(cell) == len("YYYY-MM") else cell


def _value(cell: str | None, type_: str) -> object:
    """A drawn cell as the engine would hand its value back."""
    if cell is None:
        return None
    if type_.startswith("DECIMAL"):
        return Decimal(cell)
    if type_ == "DATE":
        return date.fromisoformat(_month_as_day(cell, type_) or "")
    if type_ == "TIME":
        return time.fromisoformat(cell)
    if type_ == "BOOLEAN":
        return {"true": True, "false": False}[cell]
    if type_ == "VARCHAR":
        return cell
    connection = duckdb.connect(":memory:")
    return connection.execute(f"select cast(? as {type_})", [cell]).fetchall()[0][0]


def _draw(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> str:
    texts = [list(columns), *([_written(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in texts
    ]
    return "\n".join([lines[0], *sorted(lines[1:])]) if rows else "  (none)"


def _written(value: object) -> str:
    if value is None:
        return ""
    if value == "":
        return "''"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
