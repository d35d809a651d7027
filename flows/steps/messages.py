"""What is to be said, to whom and when: one message each morning, one when somebody must act, and none twice."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from flows.declarations.contracts import contracts
from flows.domain.finding import Effect
from flows.domain.period import Period
from flows.errors import Refusal
from flows.notices.message import (
    DownPlace,
    Message,
    MissingDelivery,
    Situation,
    ToDo,
    act_message,
    morning_message,
    news_of,
)
from flows.printable import visible
from flows.settings.messages import MessageSettings
from flows.steps.findings import awaiting_word, last_closing, read_closing_findings, reading
from flows.steps.working_days import nth_working_day, working_days_left
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.domain.finding import Finding
    from flows.reports.delivery_matrix import DeliveryMonth

#: What the matrix calls a month that is not in; a preliminary one is in.
_NOT_IN = frozenset({"missing", "estimated", "partly_missing", "withheld"})
#: What bars a month only because its files have not come: until they are late that is how a month looks, no failure.
NOT_YET_COME = frozenset({"missing_month", "missing_unit_month", "missing_ledger", "missing_register"})
_NAMELESS = "bokslut"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said last: the situation's news, and which places were down."""

    news: tuple[str, ...] = ()
    down: Mapping[str, str] | None = None


def read_situation(home: Home, period: Period, today: date, said: MessageSettings) -> Situation:
    """How the period stands, as its last close saw it; also where nothing has been closed yet."""
    close_day = nth_working_day(period.plus(1), said.close_workday)
    left = working_days_left(today, close_day)
    down = tuple(DownPlace(name, what) for name, what in sorted((read_said(home).down or {}).items()))
    untried = Situation(_NAMELESS, period, today, close_day, left, down=down, is_untried=True)
    if not home.build_file.exists():
        return untried
    with reading(home) as connection:
        last = last_closing(connection, period)
        awaiting = awaiting_word(connection)
        if last is None:
            return replace(untried, awaiting_word=awaiting)
        findings = read_closing_findings(connection, last.closing_id)
        version, published_at = _published(connection, period)
        months = _months(connection, period)
        name = _organisation(connection)
    return Situation(
        name,
        period,
        today,
        close_day,
        left,
        missing=_missing(months, period),
        to_do=_to_do(findings, period, _awaited(months, period, today)),
        down=down,
        published_version=version,
        published_at=published_at,
        awaiting_word=awaiting,
    )


def morning(situation: Situation) -> Message:
    """The message of every morning."""
    return morning_message(situation)


def when_somebody_must_act(situation: Situation, said: Said) -> Message | None:
    """A message where something has come up that the last one did not say; else None."""
    news = [one for one in news_of(situation) if one not in said.news]
    return act_message(situation, news) if news else None


def deliver(message: Message, settings: MessageSettings) -> int:
    """Send to all receivers; returns how many could not be reached. Raises Refusal for a secret that is not there."""
    from flows.notices.sending import send
    from flows.settings.secrets import read_secret

    return send(message, [read_secret(keeper) for keeper in settings.to])


def beat(settings: MessageSettings) -> bool | None:
    """Tell the dead-man's switch; None where none is declared, False where it did not answer."""
    from flows.notices.sending import beat as beat_at
    from flows.settings.secrets import read_secret

    return None if settings.heartbeat is None else beat_at(read_secret(settings.heartbeat))


def read_said(home: Home) -> Said:
    """What was said last; nothing where it is lost."""
    try:
        kept = json.loads(home.messages_file.read_text("utf-8"))
        return Said(tuple(map(str, kept["news"])), {str(name): str(what) for name, what in kept["down"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Said()


def keep_said(home: Home, said: Said) -> None:
    """Remember it, for the owner alone."""
    beside = home.messages_file.with_suffix(".tmp")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps({"news": said.news, "down": said.down or {}}), "utf-8")
    beside.replace(home.messages_file)


def _missing(months: Sequence[DeliveryMonth], period: Period) -> tuple[MissingDelivery, ...]:
    """A row a source: months of the same state and day together. Units of a file that came are left to the findings."""
    grouped: dict[tuple[str, date | None, bool], list[Period]] = {}
    for one in _owed(months, period):
        grouped.setdefault((one.label, one.expected_by, bool(one.reason)), []).append(one.month)
    return tuple(MissingDelivery(label, tuple(every), due, known) for (label, due, known), every in grouped.items())


def _owed(months: Sequence[DeliveryMonth], period: Period) -> Iterator[DeliveryMonth]:
    """What is not in. A ledger holds the months of its year before it: the one that is owed is the period's alone."""
    for one in months:
        is_of_ledger_before = contracts()[one.extract].format == "sie" and one.month != period
        if one.state in _NOT_IN and not one.unit_code and not is_of_ledger_before:
            yield one


def _awaited(months: Sequence[DeliveryMonth], period: Period, today: date) -> Collection[str]:
    """The extracts of which something is not in and nothing is late: nobody need do anything about them yet."""
    owed = list(_owed(months, period))
    late = {one.extract for one in owed if not one.reason and (one.expected_by is None or one.expected_by < today)}
    return {one.extract for one in owed} - late


def _to_do(findings: Sequence[Finding], period: Period, awaited: Collection[str]) -> tuple[ToDo, ...]:
    from flows.quality.findings import work_list

    return tuple(
        ToDo(item.finding.ask, item.finding.message, item.action, item.finding.effect is Effect.BARS_PUBLICATION)
        for person in work_list(findings, period).people
        for group in person.groups
        if group.effect in (Effect.BARS_PUBLICATION, Effect.WITHHOLDS)
        for item in group.items
        if not (item.finding.rule_id in NOT_YET_COME and item.finding.extract in awaited)
    )


def _published(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[int | None, datetime | None]:
    rows = connection.execute(
        "select version, ended_at from control.closings where version is not null"
        f" and period = date '{period.first_day.isoformat()}' order by version desc limit 1"
    ).fetchall()
    return rows[0] if rows else (None, None)


def _months(connection: duckdb.DuckDBPyConnection, period: Period) -> Sequence[DeliveryMonth]:
    """The matrix as last seen; none where the close was barred and the build has gone on to another month."""
    from flows.steps.status import months_of

    try:
        return months_of(connection, period)
    except Refusal:
        return ()


def _organisation(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select value from raw.sie_header where label = '#FNAMN' order by delivery_id desc, line limit 1"
    ).fetchall()
    # It stands in a subject: a line end in it would be a header of the sender's own.
    return " ".join(visible(str(rows[0][0])).split()) if rows and rows[0][0] else _NAMELESS
