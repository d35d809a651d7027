"""The gate: every suite over the tables of the build, and what they found.

Each table that a suite mirrors is small by construction. A suite whose table and text are as they were when it was last
judged keeps its findings (`build.judgement`); where nothing is left to judge, Great Expectations is not imported.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows.declarations import root
from flows.declarations.rules import JudgedRule, Suite, suites
from flows.domain.finding import Effect, Finding, Severity
from flows.errors import ExitCode, Refusal
from flows.quality import expectation_engine
from flows.quality.expectation_engine import ExpectationEngine, Judgement
from flows.quality.wording import filled, key_text

if TYPE_CHECKING:
    import pyarrow as pa

#: A frame beyond this takes seconds and gigabytes to judge: the table is to hold violations and profiles, not facts.
MOST_ROWS = 100_000

Progress = Callable[[str], None]


def preload() -> None:
    """Import Great Expectations in the background, while the build runs."""
    expectation_engine.import_in_background()


def judge(
    connection: duckdb.DuckDBPyConnection,
    progress: Progress = lambda _: None,
    declared: Mapping[str, Suite] | None = None,
    summary: Progress = lambda _: None,
) -> list[Finding]:
    """Every finding of every suite, in the order of suites, rules and rows.

    `progress` hears each table before it is judged, `summary` what the gate cost in all. Raises Refusal for a suite
    without its table, a table over `MOST_ROWS`, a suite that Great Expectations does not load whole, and a rule that
    cannot be judged.
    """
    connection.execute(
        "create table if not exists build.judgement"
        " (suite varchar, table_fingerprint varchar, suite_fingerprint varchar, findings varchar)"
    )
    started = time.monotonic()
    declared = suites() if declared is None else declared
    fingerprints = _table_fingerprints(connection)
    kept = _kept_findings(connection)
    engine: ExpectationEngine | None = None
    findings: list[Finding] = []
    unchanged = 0
    for suite in declared.values():
        same = kept.get((suite.table, fingerprints.get(suite.table), _suite_fingerprint(suite)))
        if same is not None:
            findings.extend(_read_finding(one) for one in json.loads(same))
            unchanged += 1
            continue
        progress(suite.table)
        engine = engine or _engine()
        found = _judged(connection, suite, engine)
        _keep(connection, suite, fingerprints.get(suite.table), found)
        findings.extend(found)
    summary(f"Judged {len(declared) - unchanged} suites, {unchanged} unchanged, in {time.monotonic() - started:.1f} s.")
    return findings


@cache
def _engine() -> ExpectationEngine:
    """One for as long as the process lives: it holds no rows between suites."""
    return ExpectationEngine()


def _judged(connection: duckdb.DuckDBPyConnection, suite: Suite, engine: ExpectationEngine) -> list[Finding]:
    rows = _rows(connection, suite)
    judgements = engine.judge(suite, rows)
    files = _files(connection)
    exact = [{**files.get(row.get("delivery_id"), {}), **row} for row in rows.to_pylist()]
    return [one for judged in suite.rules for one in _findings(suite, judged, judgements[judged.rule.rule_id], exact)]


def _rows(connection: duckdb.DuckDBPyConnection, suite: Suite) -> pa.Table:
    """The table's rows in one order, amounts still DECIMAL."""
    schema, name = suite.table.split(".")
    try:
        counted = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    except duckdb.CatalogException as error:
        raise Refusal(
            f"{suite.table} has rules but does not exist.",
            f"Write sql/{schema}/{name}.sql, or remove expectations/{schema}/{name}.json.",
            ExitCode.OUR_FAULT,
        ) from error
    count = counted[0] if counted else 0
    if count > MOST_ROWS:
        raise Refusal(
            f"{suite.table} has {count} rows; the gate judges at most {MOST_ROWS}.",
            "Let its SQL hold violations or a profile instead of every row.",
            ExitCode.OUR_FAULT,
        )
    return connection.execute(f'select * from "{schema}"."{name}" order by all').to_arrow_table()


def _files(connection: duckdb.DuckDBPyConnection) -> Mapping[int | None, Mapping[str, str]]:
    """What a row's delivery says about it: its extract and file."""
    rows = connection.execute("select delivery_id, extract, file_name from build.closing_deliveries").fetchall()
    return {delivery_id: {"extract": extract, "file_name": file_name} for delivery_id, extract, file_name in rows}


def _findings(
    suite: Suite, judged: JudgedRule, judgement: Judgement, rows: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    if not judged.columns:
        return [] if judgement.passed else [_finding(suite, judged, {"observed": judgement.observed})]
    failing = set(judgement.failing_rows)
    if not judged.unknown_passes:
        # Great Expectations skips NULL; to us a measure that could not be computed has not passed.
        failing |= {number for number, row in enumerate(rows) if any(row[name] is None for name in judged.columns)}
    return [_finding(suite, judged, rows[number]) for number in sorted(failing)]


def _finding(suite: Suite, judged: JudgedRule, row: Mapping[str, Any]) -> Finding:
    rule = judged.rule
    try:
        return Finding(
            rule_id=rule.rule_id,
            severity=rule.severity,
            effect=rule.effect,
            message=filled(rule.message, row),
            ask=filled(rule.ask, row),
            extract=key_text(row.get("extract")),
            table=suite.table,
            file_name=key_text(row.get("file_name")),
            line=row.get("line"),
            keys={name: key_text(row[name]) for name in judged.keys},
        )
    except KeyError as error:
        raise Refusal(
            f"{suite.table}: the rule {rule.rule_id} names the column {error.args[0]}, which the table lacks.",
            "Correct its message, ask or keys.",
            ExitCode.OUR_FAULT,
        ) from error


def _table_fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("select model, fingerprint from build.model_fingerprint").fetchall())


@cache
def _gate_fingerprint() -> str:
    """What else a finding stands on: how the gate judges and words it."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), root.PROJECT / "flows" / "domain" / "month_range.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _suite_fingerprint(suite: Suite) -> str:
    return hashlib.sha256(f"{suite.fingerprint} {_gate_fingerprint()}".encode()).hexdigest()


def _kept_findings(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str | None, str], str]:
    """(suite, table fingerprint, suite fingerprint) → what was found; binds no parameter, which would import pandas."""
    rows = connection.execute(
        "select suite, table_fingerprint, suite_fingerprint, findings from build.judgement"
    ).fetchall()
    return {(suite, table, rules): findings for suite, table, rules, findings in rows}


def _keep(
    connection: duckdb.DuckDBPyConnection, suite: Suite, table_fingerprint: str | None, found: list[Finding]
) -> None:
    if table_fingerprint is None:
        return
    connection.execute("delete from build.judgement where suite = ?", [suite.table])
    connection.execute(
        "insert into build.judgement values (?, ?, ?, ?)",
        [
            suite.table,
            table_fingerprint,
            _suite_fingerprint(suite),
            json.dumps([_written_finding(one) for one in found], ensure_ascii=False),
        ],
    )


def _written_finding(found: Finding) -> dict[str, Any]:
    names = ("rule_id", "severity", "effect", "message", "ask", "extract", "table", "file_name", "line", "column")
    return {**{name: getattr(found, name) for name in names}, "keys": dict(found.keys)}


def _read_finding(written: Mapping[str, Any]) -> Finding:
    return Finding(
        **{**written, "severity": Severity(written["severity"]), "effect": Effect(written["effect"])},
    )
