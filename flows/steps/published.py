"""One period of what is published, opened for reading: a close under way is in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.findings import never_closed
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedPeriod:
    """The newest version of one period in the published file."""

    connection: duckdb.DuckDBPyConnection
    period: Period
    version: int

    def rows(self, table: str, where: str = "true") -> list[Row]:
        """The period's rows of a published table; raises Refusal for one that its version does not have."""
        if not self.has(table):
            raise Refusal(
                f"What is published of {self.period} has no {table}: it was closed before there was one.",
                f"Close {self.period} again.",
            )
        found = self.connection.execute(
            f"select * from latest.{table} where period = date '{self.period.first_day}' and ({where})"
        )
        names = [column for column, *_ in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def has(self, table: str) -> bool:
        """Whether the file has the table at all; another period's version may be the one that brought it."""
        ((there,),) = self.connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'latest' and table_name = " + literal(table)
        ).fetchall()
        return bool(there)

    def names(self, table: str, key: str, name: str) -> dict[str, str]:
        """Key → name of a published table; {} where there is no such table."""
        return {row[key]: row[name] for row in self.rows(table) if row[name]} if self.has(table) else {}

    def measures(self) -> dict[str, Row]:
        """The catalogue of measures, which is of no period."""
        found = self.connection.execute("select * from latest.measure")
        names = [column for column, *_ in found.description or ()]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}

    def periods(self) -> tuple[Period, ...]:
        """Every period that is published, in order."""
        found = self.connection.execute("select period from latest.period order by period").fetchall()
        return tuple(Period.of(month) for (month,) in found)


@contextmanager
def reading_published(home: Home, period: Period | None) -> Iterator[PublishedPeriod]:
    """The period, or without one that which was closed last; raises Refusal where it was never published."""
    from flows.store.duckdb_engine import open_store

    if not home.published.exists():
        raise never_closed(period) if period else Refusal("Nothing is published yet.", "Close a period first.")
    connection = open_store(home.published.resolve(), read_only=True)
    try:
        of_period = f"where period = date '{period.first_day}'" if period else ""
        found = connection.execute(
            f"select period, version from latest.period {of_period} order by closed_at desc, period desc limit 1"
        ).fetchall()
        if not found:
            raise never_closed(period) if period else Refusal("Nothing is published yet.", "Close a period first.")
        month, version = found[0]
        yield PublishedPeriod(connection, Period.of(month), version)
    finally:
        connection.close()


def literal(text: str) -> str:
    """A text as SQL writes it: the first parameter bound makes DuckDB import pandas, which takes a second."""
    return "'" + text.replace("'", "''") + "'"
