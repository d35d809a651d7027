"""Rules caught red-handed: little tables in pipes, the real SQL over them, the real gate."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.declarations import root
from flows.declarations.rules import suites
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.quality.gate import judge
from flows.store.duckdb_engine import MODEL_SCHEMAS, make, open_store
from flows.store.migrations import migrate
from flows.store.models import Model, ordered, read_models, upstream
from flows.store.reference import load_reference


class House:
    """A store in memory that closes one period, with every table empty until a test fills it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, models: dict[str, Model]) -> None:
        self.connection = connection
        self.models = models
        self.filled: set[str] = set()

    def closes(self, period: str, as_of: str = "2021-09-08") -> None:
        """Write `build.closing` and its 24 months."""
        closed = Period.parse(period)
        before = closed.year_before
        self.connection.execute("delete from build.closing")
        self.connection.execute("delete from build.month")
        self.connection.execute(
            "insert into build.closing values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                closed.first_day,
                closed.last_day,
                as_of,
                closed.month,
                closed.january.first_day,
                before.january.first_day,
                before.first_day,
                before.last_day,
            ],
        )
        months = before.january.through(closed.december)
        self.connection.executemany(
            "insert into build.month values (?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    one.first_day,
                    one.last_day,
                    one.year,
                    one.year - closed.year,
                    one.month,
                    one.days,
                    one.month <= closed.month,
                ]
                for one in months
            ],
        )

    def given(self, table: str, pipes: str) -> None:
        """Fill a table with the rows drawn; an empty field is NULL, a column that is not drawn too.

        A table that a model makes is made with its own columns first, and its SQL is not run again.
        """
        head, *rows = [[field.strip() for field in line.split("|")] for line in pipes.strip().splitlines()]
        if table in self.models and table not in self.filled:
            self._make(table)
            self.connection.execute(f"delete from {table}")
            self.filled.add(table)
        columns = ", ".join(f'"{name}"' for name in head)
        places = ", ".join("?" for _ in head)
        for number, row in enumerate(rows, start=2):
            self.connection.execute(
                f"insert into {table} ({columns}) values ({places})", [field or None for field in row]
            )
            self._number(table, head, number)

    def delivered(self, pipes: str) -> None:
        """Deliveries in force: `extract | period`, the period as YYYY-MM; numbered from 1."""
        for line in pipes.strip().splitlines()[1:]:
            extract, period, *_ = [field.strip() for field in line.split("|")]
            number = int(self.connection.execute("select count(*) + 1 from build.closing_deliveries").fetchall()[0][0])
            self.connection.execute(
                "insert into build.closing_deliveries (delivery_id, extract, period, file_name) values (?, ?, ?, ?)",
                [number, extract, Period.parse(period).first_day, f"{extract}_{Period.parse(period).compact()}.csv"],
            )

    def findings(self, table: str, rule_id: str | None = None) -> list[Finding]:
        """What the suite of one table finds, of one rule or of all."""
        if table not in self.filled:
            self._make(table)
        found = judge(self.connection, declared={table: suites()[table]})
        return [one for one in found if rule_id in (None, one.rule_id)]

    def rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Some columns of a table that has been made, in order."""
        return [
            tuple(_plain(value) for value in row)
            for row in self.connection.sql(f"select {columns} from {table} order by all").fetchall()
        ]

    def _number(self, table: str, head: list[str], line: int) -> None:
        columns = {name for name, *_ in self.connection.execute(f"describe {table}").fetchall()}
        for name, value in (("delivery_id", 1), ("line", line)):
            if name in columns and name not in head:
                self.connection.execute(f"update {table} set {name} = ? where {name} is null", [value])

    def _make(self, table: str) -> None:
        wanted = upstream(self.models, table, stop_at=self.filled)
        known = {
            f"{schema}.{name}"
            for schema, name in self.connection.execute(
                "select schema_name, table_name from duckdb_tables() where not temporary"
            ).fetchall()
        }
        chosen = {name: self.models[name] for name in wanted}
        for model in ordered(chosen, known | self.filled | set(self.models)):
            make(self.connection, model)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.normalize() if isinstance(value, Decimal) else value


@pytest.fixture(scope="session")
def models() -> dict[str, Model]:
    return dict(read_models(root.SQL))


@pytest.fixture(scope="session")
def empty_store(
    models: dict[str, Model], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_store(":memory:")
    migrate(connection)
    load_reference(connection, _read_by_quality(models, tmp_path_factory.mktemp("reference")))
    for schema in MODEL_SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    yield connection
    connection.close()


def _read_by_quality(models: dict[str, Model], folder: Path) -> Path:
    """The reference files that the tables of quality stand on, and no other."""
    judged = [name for name in models if name.startswith(("quality.", "reconciliations."))]
    for name in {made for table in judged for made in upstream(models, table)}:
        for reference in models[name].references:
            if reference.startswith("reference."):
                file = f"{reference.removeprefix('reference.')}.csv"
                shutil.copyfile(root.REFERENCE / file, folder / file)
    return folder


@pytest.fixture
def house(empty_store: duckdb.DuckDBPyConnection, models: dict[str, Model]) -> Iterator[House]:
    """A house that closes August 2021; what a test writes is rolled back."""
    empty_store.begin()
    built = House(empty_store, models)
    built.closes("2021-08")
    yield built
    empty_store.rollback()


def messages(findings: list[Finding]) -> list[str]:
    return [one.message for one in findings]
