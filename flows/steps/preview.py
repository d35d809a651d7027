"""What a close would change against the newest version of its period: both as they stand, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flows.declarations.contracts import contracts
from flows.domain.finding import Finding
from flows.domain.period import Period
from flows.reports.changes import Changes, Delivered, Standing, compare
from flows.steps.closing import Closing
from flows.steps.ending import ORGANISATION


def what_would_change(closing: Closing) -> Changes:
    """Every cell that would be printed otherwise, and what else would come and go."""
    from flows.store.versions import latest_version

    assert closing.report is not None, "the report is printed first"
    after = Standing(
        closing.report.cells.to_pylist(),
        closing.report.footnotes.to_pylist(),
        closing.report.texts.to_pylist(),
        closing.findings,
        _deliveries(closing, "build.closing_deliveries"),
    )
    version = latest_version(closing.connection, closing.period)
    before = Standing() if version is None else _frozen(closing, version)
    return replace(compare(closing.period, version, before, after), organisation=_organisation(closing))


def _organisation(closing: Closing) -> str:
    names = closing.connection.execute(ORGANISATION).fetchall()
    return str(names[0][0] or "") if names else ""


def _frozen(closing: Closing, version: int) -> Standing:
    of = f"period = date '{closing.period.first_day.isoformat()}' and version = {version}"
    return Standing(
        _closed_rows(closing, "report_cell", of),
        _closed_rows(closing, "footnote", of),
        _closed_rows(closing, "comment", of),
        _findings(closing, of),
        _deliveries(closing, f"(select delivery_id, extract from control.version_deliveries where {of})"),
    )


def _closed_rows(closing: Closing, table: str, of: str) -> list[Mapping[str, Any]]:
    """A version's rows of one frozen table; none where the store froze no such table yet."""
    there = closing.connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database()"
        f" and schema_name = 'closed' and table_name = '{table}'"
    ).fetchall()
    if not there:
        return []
    return closing.connection.execute(f"select * from closed.{table} where {of}").to_arrow_table().to_pylist()


def _findings(closing: Closing, of: str) -> list[Finding]:
    from flows.steps.findings import read_closing_findings

    rows = closing.connection.execute(f"select closing_id from control.closings where {of}").fetchall()
    return read_closing_findings(closing.connection, rows[0][0]) if rows else []


def _deliveries(closing: Closing, source: str) -> list[Delivered]:
    rows: list[tuple[str, date, datetime]] = closing.connection.execute(
        "select applied.extract, received.period, received.extracted_at"
        f" from {source} as applied inner join control.deliveries as received using (delivery_id) order by all"
    ).fetchall()
    declared = contracts()
    return [
        Delivered(declared[extract].label if extract in declared else extract, Period.of(month), at)
        for extract, month, at in rows
    ]
