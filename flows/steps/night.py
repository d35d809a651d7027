"""A night from end to end: fetch, close what is new, say what somebody must act on, tell the dead-man's switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flows.domain.finding import Effect, Finding
from flows.domain.period import Period
from flows.errors import Refusal
from flows.notices.message import Message, news_of
from flows.settings import home_settings
from flows.steps.close import Outcome
from flows.steps.failure import StepFailed
from flows.steps.messages import (
    NOT_YET_COME,
    Said,
    beat,
    deliver,
    keep_said,
    read_said,
    read_situation,
    when_somebody_must_act,
)
from flows.steps.nights import one_night
from flows.steps.pull import Pulled, pull
from flows.steps.touched import touched_periods
from flows.steps.working_days import nth_working_day
from flows.store.home import Home

Progress = Callable[[str], None]
#: Closes a period and gives the outcome, a barred one too; raises Refusal and StepFailed.
Close = Callable[[Period], Outcome]


@dataclass(slots=True)
class Night:
    """What a night came to. `awaiting`: months that only wait for their files; `awaiting_word`: those that a person may
    publish; `stopped`: why others are not out."""

    pulled: tuple[Pulled, ...] = ()
    published: list[Period] = field(default_factory=list)
    awaiting: list[Period] = field(default_factory=list)
    awaiting_word: list[Period] = field(default_factory=list)
    stopped: dict[Period, str] = field(default_factory=dict)
    message: Message | None = None
    #: Receivers that could not be reached, and whether the switch answered (None: none is declared).
    unreached: int = 0
    beat: bool | None = None


def run_night(
    home: Home,
    now: Callable[[], datetime],
    close: Close,
    folder: Path | None = None,
    progress: Progress = lambda _: None,
    fetch: Callable[[], tuple[Pulled, ...]] | None = None,
) -> Night:
    """Run a night. A place that is down and a period that is stopped stop no other; whatever happened is in the Night.

    `folder`: exports that lie in a folder already; nothing is fetched then. Raises Refusal for settings that are wrong,
    and (exit 5) where another night is on in this home.
    """
    with one_night(home, now):
        return _night(home, now, close, folder, progress, fetch)


def _night(
    home: Home,
    now: Callable[[], datetime],
    close: Close,
    folder: Path | None,
    progress: Progress,
    fetch: Callable[[], tuple[Pulled, ...]] | None,
) -> Night:
    declared = home_settings(home.settings_file)
    night = Night()
    if folder is None and declared.places:
        night.pulled = fetch() if fetch else pull(home, declared.places, progress=progress, now=now)
    newest = Period.of(now().date()).plus(-1)
    _close(night, newest, close, now, declared.messages.close_workday)
    # What was received for the newest month may be about an older one that is still open.
    for period in touched_periods(home) if home.build_file.exists() else ():
        if period != newest:
            _close(night, period, close, now, declared.messages.close_workday)
    down = {one.place: one.failure for one in night.pulled if one.failure}
    _speak(night, home, newest, now, down)
    night.beat = beat(declared.messages)
    return night


def _close(night: Night, period: Period, close: Close, now: Callable[[], datetime], workday: int) -> None:
    try:
        outcome = close(period)
    except Refusal as refusal:
        night.stopped[period] = refusal.what
        return
    except StepFailed as failure:
        night.stopped[period] = f"our fault, {failure}"
        return
    if outcome.is_published:
        night.published.append(period)
    elif outcome.awaits_word:
        night.awaiting_word.append(period)
    elif now().date() <= nth_working_day(period.plus(1), workday) and _only_waits(outcome.findings):
        night.awaiting.append(period)
    else:
        night.stopped[period] = "barred by its findings"


def _only_waits(findings: tuple[Finding, ...]) -> bool:
    barring = [one for one in findings if one.effect is Effect.BARS_PUBLICATION]
    return bool(barring) and all(one.rule_id in NOT_YET_COME for one in barring)


def _speak(night: Night, home: Home, period: Period, now: Callable[[], datetime], down: Mapping[str, str]) -> None:
    """Send what has come up, once; while a month only waits for its files there is nothing that anybody must do."""
    declared = home_settings(home.settings_file).messages
    before = read_said(home)
    keep_said(home, Said(before.news, down))
    situation = read_situation(home, period, now().date(), declared)
    if period in night.awaiting:
        situation = situation.without_to_do()
    night.message = when_somebody_must_act(situation, before)
    if night.message is not None and declared.to:
        night.unreached = deliver(night.message, declared)
    if not night.unreached:
        keep_said(home, Said(news_of(situation), down))
