"""The tables of a closed period, read from what is published: a close under way is not in the reader's way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.findings import never_closed
from flows.store.home import Home

Row = Mapping[str, Any]

#: What a reader calls the state of a period.
_STATES = {"preliminary": "preliminär", "locked": "låst", "reopened": "återöppnad"}


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """The newest published version of a period's report, or of one table of it."""

    period: Period
    version: int
    state: str
    organisation_name: str
    cells: Sequence[Row]
    footnotes: Sequence[Row]
    texts: Sequence[Row] = ()

    def title(self) -> str:
        """The line above the tables: whose report, of what month, in which version."""
        state = _STATES.get(self.state, self.state)
        of = f"{self.organisation_name}, " if self.organisation_name else ""
        return f"{of}{self.period}, version {self.version} ({state})"

    def about(self) -> dict[str, Any]:
        """What a program is told beside the tables."""
        told = {"organisation": self.organisation_name, "period": str(self.period)}
        return {**told, "version": self.version, "state": self.state}


def read_report(home: Home, period: Period, table_id: str | None = None) -> PublishedReport:
    """Raises Refusal where the period was never published or has no such table."""
    from flows.store.duckdb_engine import open_store

    if not home.published.exists():
        raise never_closed(period)
    connection = open_store(home.published.resolve(), read_only=True)
    try:
        day = f"date '{period.first_day.isoformat()}'"
        found = connection.execute(f"select version, period_state from latest.period where period = {day}").fetchall()
        if not found:
            raise never_closed(period)
        cells = _rows(connection, f"select * from latest.report_cell where period = {day}")
        footnotes = _rows(connection, f"select * from latest.footnote where period = {day}")
        # A file published before there were texts has no table of them.
        has_texts = connection.execute("select count(*) from duckdb_tables() where table_name = 'comment'").fetchall()
        texts = _rows(connection, f"select * from latest.comment where period = {day}") if has_texts[0][0] else []
        names = _rows(connection, f"select organisation_name from latest.organisation where period = {day}")
    finally:
        connection.close()
    if table_id is not None:
        known = sorted({cell["table_id"] for cell in cells})
        if table_id not in known:
            raise Refusal(f"The report of {period} has no table {table_id}.", f"Choose one of {', '.join(known)}.")
        cells = [cell for cell in cells if cell["table_id"] == table_id]
        footnotes = [note for note in footnotes if note["table_id"] == table_id]
        texts = [text for text in texts if text["table_id"] == table_id]
    version, state = found[0]
    name = names[0]["organisation_name"] if names else ""
    return PublishedReport(period, version, state, name, cells, footnotes, texts)


def _rows(connection: Any, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column for column, *_ in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
