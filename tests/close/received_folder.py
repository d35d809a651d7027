"""A folder of exports received into a store of its own."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.steps.findings import findings_of_deliveries
from flows.steps.receive import Received, receive
from flows.store.delivery_selection import select_deliveries
from flows.store.duckdb_engine import open_store
from flows.store.migrations import migrate

AUGUST = Period(2021, 8)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Exports:
    """What a test writes and receives. Files are meals unless they say otherwise."""

    def __init__(self, path: Path) -> None:
        self.inbox = path / "exports"
        self.inbox.mkdir()
        self.archive = path / "archive"
        self.connection: duckdb.DuckDBPyConnection = open_store(path / "store.duckdb")
        migrate(self.connection)

    def write(self, name: str, content: str | bytes) -> Path:
        """A file under the inbox; the ending is .csv where the name gives none."""
        path = self.inbox / (name if "." in name else f"{name}.csv")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def meals(self, period: str, extracted: str, *portions: int) -> str:
        """Write a month of meals; returns the file's name."""
        month = f"{period[:4]}-{period[4:]}"
        rows = [f"{month};E{number};{one}" for number, one in enumerate(portions, start=1)]
        content = "\n".join(["period;enhet_kod;portioner", *rows, ""])
        return self.write(f"kost_maltider_{period}_{extracted}", content).name

    def receive(self, now: datetime = datetime(2021, 10, 1, 9, 0, tzinfo=STOCKHOLM)) -> Received:
        """Receive the inbox."""
        return receive(self.connection, self.archive, self.inbox, lambda: b"k" * 32, lambda: now)

    def select(self, period: Period = AUGUST, as_of: date | None = None) -> list[str]:
        """The names of the files that a close of the period reads."""
        select_deliveries(self.connection, period, as_of)
        return self.values("select file_name from build.closing_deliveries order by file_name")

    def values(self, query: str) -> list[object]:
        """The first column of a query."""
        return [row[0] for row in self.connection.execute(query).fetchall()]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self.connection.execute(query).fetchall()

    def findings(self, rule_id: str) -> list[Finding]:
        """The findings of one rule at the close selected last."""
        return [one for one in findings_of_deliveries(self.connection) if one.rule_id == rule_id]
