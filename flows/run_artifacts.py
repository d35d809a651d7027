"""What a run leaves on its page in Prefect: the report, the findings, the matrix, what would change, how far it is.

Keys are of the period (`close-2021-08`), so that Prefect's page of artifacts shows what each close of it came to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.domain.period import Period
from flows.quality.findings import in_order, work_list
from flows.reports import change_list, delivery_matrix
from flows.reports.changes import Changes
from flows.reports.delivery_matrix import DeliveryMonth
from flows.reports.finding_list import EFFECT_WORDS
from flows.reports.markdown import as_markdown, grid
from flows.steps.closing import Outcome
from flows.steps.night import Night
from flows.steps.tables import read_report
from flows.store.home import Home

#: A page of a run is read, not searched: the rest of a long list stands in the quality page.
_MOST_FINDINGS = 500
#: What each step takes of a close, in hundredths, as `tests/bench/measured.md` has it; what is told within one divides
#: its own.
_SHARES = {
    "receive": 38,
    "select": 1,
    "build": 46,
    "print_report": 1,
    "tie": 1,
    "judge": 7,
    "ask": 1,
    "freeze": 1,
    "publish": 4,
}
#: The server is told no oftener: a build makes tables faster than that.
_SECONDS_BETWEEN = 2.0


def leave_outcome(home: Home, outcome: Outcome, months: Sequence[DeliveryMonth]) -> None:
    """The findings, the matrix, what would change where that was asked, and the report where one is published."""
    left: list[tuple[str, Callable[[], object]]] = [("findings", lambda: _findings(outcome))]
    if months:
        left.append(("matrix", lambda: _status(outcome.period, months)))
    if (changes := outcome.changes) is not None:
        left.append(("changes", lambda: _changes(changes)))
    left.append(("report", lambda: _report(home, outcome)))
    # A server that has gone away is asked once: each time takes long.
    all(_leave(what, create) for what, create in left)


def leave_night(night: Night) -> None:
    """What a night came to: what was fetched, and which months are published, awaiting or stopped."""
    _leave(
        "night",
        lambda: create_markdown_artifact(key="night", markdown=_night(night), description="What the night came to."),
    )


class RunProgress:
    """How far a close is, on its run's page. Nothing here may stop the close."""

    def __init__(self, period: Period) -> None:
        self._artifact: UUID | None = None
        self._begun, self._share, self._told_at = 0.0, 0.0, 0.0
        _leave("progress", lambda: self._begin(period))

    def _begin(self, period: Period) -> None:
        made: Any = create_progress_artifact(
            0.0, key=f"progress-{period}", description=f"How far the close of {period} is."
        )
        self._artifact = made

    def step(self, name: str) -> None:
        """A step begins: what came before it is done."""
        before = list(_SHARES)[: list(_SHARES).index(name)]
        self._begun, self._share = float(sum(_SHARES[one] for one in before)), float(_SHARES[name])
        self._tell(self._begun)

    def reached(self, part: float) -> None:
        """So much of the step at hand is done, from 0 to 1."""
        if time.monotonic() - self._told_at >= _SECONDS_BETWEEN:
            self._tell(self._begun + part * self._share)

    def ended(self) -> None:
        """The close has come to its end, whatever that was."""
        self._tell(100.0)

    def _tell(self, hundredths: float) -> None:
        artifact = self._artifact
        if artifact is not None:
            if not _leave("progress", lambda: update_progress_artifact(artifact, round(hundredths, 1))):
                self._artifact = None  # A server that has gone away is not asked again: each time takes long.
            self._told_at = time.monotonic()


def _status(period: Period, months: Sequence[DeliveryMonth]) -> None:
    create_markdown_artifact(
        key=f"status-{period}",
        markdown=delivery_matrix.as_markdown(months, period),
        description=f"Which source was in for which month when {period} was closed.",
    )


def _changes(changes: Changes) -> None:
    create_markdown_artifact(
        key=f"changes-{changes.period}",
        markdown=change_list.as_markdown(changes),
        description=f"What publishing {changes.period} would change.",
    )


def _night(night: Night) -> str:
    said = {
        **dict.fromkeys(night.published, "publicerad"),
        **dict.fromkeys(night.awaiting, "väntar på sina filer"),
        **{period: f"kan publiceras: `bokslut close {period}`" for period in night.awaiting_word},
        **{period: f"stoppad: {why}" for period, why in night.stopped.items()},
    }
    parts = ["## Månader", grid(["Månad", "Natten"], [[str(period), words] for period, words in sorted(said.items())])]
    if night.pulled:
        rows = [
            [one.place, str(len(one.fetched)), str(one.known), str(len(one.waiting)), one.failure or ""]
            for one in night.pulled
        ]
        parts += ["## Hämtat", grid(["Plats", "Hämtade filer", "Kända", "Ännu inte hela", "Fel"], rows)]
    return "\n\n".join(parts) + "\n"


def _findings(outcome: Outcome) -> None:
    rows = [
        {
            "Frågas": item.finding.ask,
            "Följd": EFFECT_WORDS[item.finding.effect],
            "Avvikelse": item.finding.message,
            "Att göra": item.action,
            "Regel": item.finding.rule_id,
        }
        for item in work_list(outcome.findings, outcome.period).items()
    ]
    listed = rows[:_MOST_FINDINGS]
    if len(rows) > len(listed):
        listed.append({**dict.fromkeys(rows[0], ""), "Avvikelse": f"… och {len(rows) - len(listed)} till"})
    create_table_artifact(
        listed,
        key=f"findings-{outcome.period}",
        description=f"{len(rows)} findings, what bars first." if rows else "No findings.",
    )


def _report(home: Home, outcome: Outcome) -> None:
    """The tables of what is published, the findings, and where on the server quality page and published file lie.

    A path, not a link: a browser follows none from a server's page to a file."""
    above = [f"Kvalitetssida (på servern): `{outcome.page}`"] if outcome.page else []
    if not outcome.is_published:
        above += [f"Det som var publicerat står kvar. Avvikelserna: `bokslut findings {outcome.period}`"]
    above += [f"Publicerad fil (på servern): `{outcome.published}`"] if outcome.published else []
    report = read_report(home, outcome.period) if outcome.is_published else None
    cells, footnotes, texts = (report.cells, report.footnotes, report.texts) if report else ([], [], [])
    whose = report.title() if report else str(outcome.period)
    create_markdown_artifact(
        key=f"close-{outcome.period}",
        markdown=as_markdown(f"{whose}: {outcome.outcome}", cells, footnotes, in_order(outcome.findings), texts, above),
        description=f"What the close of {outcome.period} came to: the report and the findings.",
    )


def _leave(what: str, create: Callable[[], object]) -> bool:
    """Leave something on the page; a server without room for it stops no close. False where it could not be left."""
    try:
        create()
    except Exception as error:
        get_run_logger().warning(f"The run's page has no {what} of it ({type(error).__name__}).")
        return False
    return True
