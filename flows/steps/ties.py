"""The ties of a closed period, read from what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.findings import never_closed
from flows.store.home import Home

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedTies:
    """Every identity of the newest published version of a period."""

    period: Period
    version: int
    ties: Sequence[Row]

    def about(self) -> dict[str, Any]:
        """What a program is told beside them."""
        return {"period": str(self.period), "version": self.version}


def read_ties(home: Home, period: Period | None, tie_class: str | None = None) -> PublishedTies:
    """Of a period, or of the latest published one; of one class, or of all.

    Raises Refusal where none is published, where it was published before reports were tied, and for an unknown class.
    """
    from flows.store.duckdb_engine import open_store

    if not home.published.exists():
        raise _none_published(period)
    connection = open_store(home.published.resolve(), read_only=True)
    try:
        months = dict(connection.execute("select period, version from latest.period order by period").fetchall())
        day = period.first_day if period else max(months)
        if day not in months:
            raise _none_published(period)
        if not connection.execute("select 1 from duckdb_tables() where table_name = 'tie'").fetchall():
            raise _untied(Period.of(day))
        found = connection.execute(
            f"select * from latest.tie where period = date '{day.isoformat()}'"
            " order by tie_order, left_cell, right_cells"
        )
        names = [column for column, *_ in found.description]
        ties = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    finally:
        connection.close()
    if not ties:
        raise _untied(Period.of(day))
    if tie_class is not None:
        known = list(dict.fromkeys(tie["tie_class"] for tie in ties))
        if tie_class not in known:
            raise Refusal(f"The report has no ties of the class {tie_class}.", f"Choose one of {', '.join(known)}.")
        ties = [tie for tie in ties if tie["tie_class"] == tie_class]
    return PublishedTies(Period.of(day), months[day], ties)


def _none_published(period: Period | None) -> Refusal:
    if period is not None:
        return never_closed(period)
    return Refusal("No period has been closed.", "Run `bokslut close PERIOD --from DIR` first.")


def _untied(period: Period) -> Refusal:
    return Refusal(
        f"The published version of {period} was closed before reports were tied.", f"Run `bokslut close {period}`."
    )
