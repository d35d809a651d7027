"""The quality page of a close: what the store knows of it, gathered and written to the home's reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rules
from flows.declarations.rules import rules
from flows.domain.finding import Effect, Finding, Rule, Severity
from flows.domain.period import Period
from flows.domain.verdict import verdict
from flows.reports.delivery_matrix import source_order
from flows.reports.quality_page import EstimateInForce, QualityPage, SourceInForce, as_html
from flows.reports.rule_history import RuleHistory
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

#: So many closings back a rule's history goes.
CLOSINGS_SHOWN = 24

_ESTIMATES = """
    select measure.label, count(*) as units, method.label as method_label, estimated.months,
        estimated.months_not_at_hand, estimated.reason
    from marts.volume_to_date as estimated
    inner join reference.measures as measure on estimated.measure_id = measure.measure_id
    inner join reference.methods as method on estimated.method = method.method
    where estimated.is_chosen and estimated.value_status = 'estimated' and estimated.year_offset = 0
    group by all
    order by all
"""
_SOURCES = """
    select applied.extract, count(*) as files, sum(delivered.landed_rows) as landed_rows,
        sum(delivered.quarantined_rows) as quarantined_rows,
        string_agg(distinct delivered.encoding, ', ' order by delivered.encoding) as encodings,
        max(delivered.extracted_at) as newest
    from build.closing_deliveries as applied
    inner join control.deliveries as delivered on applied.delivery_id = delivered.delivery_id
    group by all
"""
_COUNTS = """
    select found.rule_id, found.closing_id, count(*) as findings
    from control.findings as found
    inner join control.closings as closed on found.closing_id = closed.closing_id
    where closed.period <= {day}
    group by all
"""


def quality_page(home: Home, period: Period) -> Path:
    """Where the page of a period's last close stands, or will."""
    return home.reports / str(period) / "quality.html"


def write_quality_page(
    home: Home, connection: duckdb.DuckDBPyConnection, period: Period, organisation_name: str
) -> Path:
    """Write the page of the period's newest attempt, on which the build stands; a reader never meets half of it."""
    page = _gathered(connection, period, organisation_name)
    path = quality_page(home, period)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(".tmp")
    beside.write_text(as_html(page), "utf-8")
    beside.replace(path)
    return path


def _gathered(connection: duckdb.DuckDBPyConnection, period: Period, organisation_name: str) -> QualityPage:
    from flows.quality.findings import work_list
    from flows.steps.findings import last_closing, read_closing_findings
    from flows.steps.status import built_months
    from flows.store.versions import latest_version

    last: Any = last_closing(connection, period)
    found = read_closing_findings(connection, last.closing_id)
    as_of, ended_at = connection.execute(
        f"select as_of, ended_at from control.closings where closing_id = {last.closing_id}"
    ).fetchall()[0]
    withheld = verdict(found).withheld_extracts
    return QualityPage(
        period=period,
        version=latest_version(connection, period),
        outcome=last.outcome,
        organisation_name=organisation_name,
        as_of=as_of,
        closed_at=ended_at,
        withheld=[contracts()[one].label if one in contracts() else one for one in withheld],
        months=built_months(connection),
        work=work_list(found, period),
        history=_history(connection, period, found),
        estimates=[EstimateInForce(*row) for row in _texts(connection.execute(_ESTIMATES).fetchall())],
        sources=_sources(connection),
    )


def _texts(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple("" if value is None else value for value in row) for row in rows]


def _sources(connection: duckdb.DuckDBPyConnection) -> list[SourceInForce]:
    listed = [
        SourceInForce(
            extract, contracts()[extract].label, files, int(landed or 0), int(quarantined or 0), codes or "", at
        )
        for extract, files, landed, quarantined, codes, at in connection.execute(_SOURCES).fetchall()
        if extract in contracts()
    ]
    return sorted(listed, key=lambda one: source_order(one.extract, one.label))


def _history(connection: duckdb.DuckDBPyConnection, period: Period, found: list[Finding]) -> list[RuleHistory]:
    """Every declared rule, and those of earlier days that have bitten; what bites now and bars most comes first."""
    day = f"date '{period.first_day.isoformat()}'"
    closings: dict[int, Any] = dict(
        connection.execute(
            f"select closing_id, started_at from control.closings where period <= {day}"
            f" order by closing_id desc limit {CLOSINGS_SHOWN}"
        ).fetchall()[::-1]
    )
    counted: dict[str, dict[int, int]] = {}
    for rule_id, closing_id, findings in connection.execute(_COUNTS.format(day=day)).fetchall():
        if closing_id in closings:
            counted.setdefault(rule_id, {})[closing_id] = findings
    declared = {**intake_rules(), **rules()}
    history = []
    for rule_id in sorted({*declared, *counted}):
        counts = counted.get(rule_id, {})
        rule = declared.get(rule_id) or Rule(rule_id, Severity.INFO, Effect.NONE, "", "Regeln finns inte längre.", "")
        history.append(
            RuleHistory(
                rule_id,
                rule.because,
                rule.effect,
                tuple(counts.get(one, 0) for one in closings),
                closings[max(counts)] if counts else None,
            )
        )
    # A finding may bar less than its rule says, where something stands in for what is missing.
    now = {one.rule_id: list(Effect).index(one.effect) for one in found}
    return sorted(history, key=lambda one: (now.get(one.rule_id, len(Effect)), -one.closings_found, one.rule_id))
