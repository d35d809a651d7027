"""The attempts to close: each that ran is a row, with what it found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import duckdb

from flows.domain.finding import Finding
from flows.domain.period import Period

Outcome = Literal["published", "published_withheld", "barred", "awaits_word"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A close that is under way; `fingerprint` is what it stands on."""

    period: Period
    as_of: date
    started_at: datetime
    fingerprint: str


def record_barred(
    connection: duckdb.DuckDBPyConnection, attempt: Attempt, findings: Iterable[Finding], ended_at: datetime
) -> int:
    """Record a close that published nothing, with its findings, in one transaction; returns its closing_id."""
    return _record(connection, attempt, findings, ended_at, "barred")


def record_awaiting(
    connection: duckdb.DuckDBPyConnection, attempt: Attempt, findings: Iterable[Finding], ended_at: datetime
) -> int:
    """The same of a close that a person's word is wanting to."""
    return _record(connection, attempt, findings, ended_at, "awaits_word")


def _record(
    connection: duckdb.DuckDBPyConnection,
    attempt: Attempt,
    findings: Iterable[Finding],
    ended_at: datetime,
    outcome: Outcome,
) -> int:
    connection.begin()
    try:
        closing_id = write_closing(connection, attempt, findings, ended_at, outcome, None)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return closing_id


def write_closing(
    connection: duckdb.DuckDBPyConnection,
    attempt: Attempt,
    findings: Iterable[Finding],
    ended_at: datetime,
    outcome: Outcome,
    version: int | None,
) -> int:
    """Write an attempt and its findings within the caller's transaction; returns its closing_id."""
    closing_id = int(connection.execute("select nextval('control.closing_number')").fetchall()[0][0])
    connection.execute(
        "insert into control.closings values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            closing_id,
            attempt.period.first_day,
            attempt.as_of,
            attempt.started_at,
            ended_at,
            attempt.fingerprint,
            outcome,
            version,
        ],
    )
    rows = [
        [
            closing_id,
            found.rule_id,
            found.severity.value,
            found.effect.value,
            found.message,
            found.ask,
            found.extract,
            found.table,
            found.file_name,
            found.line,
            found.column,
            json.dumps(dict(found.keys), ensure_ascii=False),
        ]
        for found in findings
    ]
    if rows:
        connection.executemany(f"insert into control.findings values ({', '.join('?' * 12)})", rows)
    return closing_id
