"""What a close found, read back from the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.declarations.contracts import contracts
from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.errors import Refusal
from flows.steps.withdrawn import findings_of_withdrawals
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

#: As both tables of findings hold them, after the delivery's or the closing's id.
_FINDING_COLUMNS = (
    "rule_id, severity, effect, message, ask, extract, table_name, file_name, line, column_name, finding_keys"
)

#: The same finding is the same rule at the same place; its message may count something that changes.
_FINDINGS_OF_CLOSING = f"""
    with this as (select period from control.closings where closing_id = {{closing_id}}),
    earlier as (
        select found.rule_id, found.file_name, found.line, found.column_name, found.finding_keys,
            min(closed.started_at) as found_before
        from control.findings as found
        inner join control.closings as closed on found.closing_id = closed.closing_id
        inner join this on closed.period = this.period
        where found.closing_id < {{closing_id}}
        group by all
    )
    select {_FINDING_COLUMNS}, found_before
    from (
        select found.*, earlier.found_before
        from control.findings as found
        left join earlier
            on found.rule_id = earlier.rule_id and found.file_name = earlier.file_name
            and found.line is not distinct from earlier.line and found.column_name = earlier.column_name
            and found.finding_keys = earlier.finding_keys
        where found.closing_id = {{closing_id}}
    )
    order by all
"""

#: What a refusal does to this close, by whether something stands in for the file.
_SEVERITY = "case when found.effect = 'withholds' and withheld.extract is null then 'warning' else found.severity end"
_EFFECT = (
    "case when found.effect <> 'withholds' then found.effect when withheld.extract is null then 'bars_lock'"
    " when delivered.extract in ({ledgers}) then 'bars_publication' else found.effect end"
)


@dataclass(frozen=True, slots=True)
class LastClosing:
    """The newest attempt to close a period, whatever it came to."""

    closing_id: int
    fingerprint: str
    outcome: str
    version: int | None


def read_findings(home: Home, period: Period) -> list[Finding]:
    """The findings of the period's last close; raises Refusal where it was never tried."""
    with reading(home) as connection:
        last = last_closing(connection, period)
        if last is None:
            raise never_closed(period)
        return read_closing_findings(connection, last.closing_id)


def last_closing(connection: duckdb.DuckDBPyConnection, period: Period) -> LastClosing | None:
    """The newest attempt; binds no parameter, since the first one bound makes DuckDB import pandas."""
    rows = connection.execute(
        "select closing_id, fingerprint, outcome, version from control.closings"
        f" where period = date '{period.first_day.isoformat()}' order by closing_id desc limit 1"
    ).fetchall()
    return LastClosing(*rows[0]) if rows else None


def awaiting_word(connection: duckdb.DuckDBPyConnection) -> tuple[Period, ...]:
    """The periods whose newest attempt lacked nothing but a person's word, oldest first."""
    rows = connection.execute(
        "select period from (select period, outcome from control.closings"
        " qualify row_number() over (partition by period order by closing_id desc) = 1)"
        " where outcome = 'awaits_word' order by period"
    ).fetchall()
    return tuple(Period.of(month) for (month,) in rows)


def read_closing_findings(connection: duckdb.DuckDBPyConnection, closing_id: int) -> list[Finding]:
    """Every finding of one closing, with when an earlier close of the period first found the same."""
    rows = connection.execute(_FINDINGS_OF_CLOSING.format(closing_id=int(closing_id))).fetchall()
    return [_finding(row[:-1], row[-1]) for row in rows]


def findings_of_deliveries(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """What was found when the files were received that this close stands on or had to do without.

    A refused file counts until a later one of the same extract and period lands; a duplicate is noted beside the
    file that it repeats, and so is one that was taken out before it, or that nobody expects. A refusal withholds only
    where no earlier file stands in for it: where one does, it is a warning; where none does for the ledger, nothing
    can be published.
    """
    ledgers = ", ".join(f"'{one.extract}'" for one in contracts().values() if one.needed == "ledger")
    effect = _EFFECT.format(ledgers=ledgers)
    rows = connection.execute(
        f"select {_FINDING_COLUMNS} from (select found.* replace ({_SEVERITY} as severity, {effect} as effect)"
        " from control.delivery_findings as found"
        " inner join control.deliveries as delivered on found.delivery_id = delivered.delivery_id"
        " left join build.withheld_extract as withheld"
        " on delivered.extract = withheld.extract and delivered.period = withheld.period) where delivery_id in ("
        " select delivery_id from build.closing_deliveries"
        " union all"
        " select duplicate.delivery_id from control.deliveries as duplicate"
        " inner join build.closing_deliveries as applied"
        " on duplicate.extract = applied.extract and duplicate.period = applied.period"
        " where duplicate.status = 'duplicate'"
        " union all"
        " select refused.delivery_id from control.deliveries as refused"
        " cross join build.closing as closing"
        " where refused.status = 'refused'"
        " and refused.period between closing.previous_year_start and closing.period"
        " and not exists (select 1 from control.deliveries as later"
        " where later.extract = refused.extract and later.period = refused.period"
        " and later.status = 'landed' and later.extracted_at > refused.extracted_at)"
        # What came and never counted has nothing to say of the figures, but that it came.
        ") or rule_id in ('delivery_older', 'delivery_unexpected') and delivery_id in ("
        " select aside.delivery_id from control.deliveries as aside"
        " cross join build.closing as closing"
        " where aside.period between closing.previous_year_start and closing.period"
        ") order by all"
    ).fetchall()
    return [*(_finding(row) for row in rows), *findings_of_withdrawals(connection)]


def _finding(row: Sequence[Any], found_before: datetime | None = None) -> Finding:
    rule_id, severity, effect, message, ask, extract, table, file_name, line, column, keys = row
    return Finding(
        rule_id,
        Severity(severity),
        Effect(effect),
        message,
        ask,
        extract,
        table,
        file_name,
        line,
        column,
        json.loads(keys),
        found_before,
    )


@contextmanager
def reading(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build store opened for reading; raises Refusal where there is none or a writer has it."""
    from flows.store.duckdb_engine import open_store

    if not home.build_file.exists():
        raise Refusal(f"Nothing has been closed in {home.path}.", "Run `bokslut close PERIOD --from DIR` first.")
    connection = open_store(home.build_file, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def never_closed(period: Period) -> Refusal:
    """What to say of a period that nobody has tried to close."""
    return Refusal(f"{period} has not been closed.", f"Run `bokslut close {period} --from DIR` first.")
