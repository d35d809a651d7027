"""The nightly flow: the newest ended month, then each open period that a new delivery touches; none stops another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.close import Outcome
from flows.steps.failure import StepFailed
from flows.steps.night import Night, run_night
from flows.steps.touched import touched_periods
from flows.store.closings import Attempt, record_awaiting, record_barred
from flows.store.home import Home
from tests.close.closed_period import close_once, open_home

JUNE, JULY, AUGUST = Period(2021, 6), Period(2021, 7), Period(2021, 8)
#: An hour after midnight in Stockholm on the first of September: still August in UTC.
FIRST_OF_SEPTEMBER = datetime(2021, 9, 1, 1, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def landed(home: Home, period: Period) -> None:
    """A delivery recorded as the intake records it."""
    with open_home(home) as connection:
        connection.execute(
            "insert into control.deliveries by name select nextval('control.delivery_number') as delivery_id,"
            f" 'kost_maltider' as extract, date '{period.first_day}' as period,"
            " timestamp '2021-09-30 07:00' as extracted_at, timestamp '2021-09-30 08:00' as arrived_at,"
            " 'a.csv' as file_name, 'ab' as sha256, 1 as bytes,"
            " 'csv' as format, 'landed' as status"
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """July and August closed on the first delivery, which was about July."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("BOKSLUT_HOME", str(home.path))
    landed(home, JULY)
    with open_home(home) as connection:
        close_once(connection, JULY)
        close_once(connection, AUGUST)
    return home


def test_nothing_new_touches_nothing(home: Home) -> None:
    assert touched_periods(home) == ()


def test_a_delivery_touches_its_month_and_the_closed_ones_after_it(home: Home) -> None:
    landed(home, AUGUST)
    assert touched_periods(home) == (AUGUST,)
    landed(home, JUNE)
    assert touched_periods(home) == (JULY, AUGUST)


def test_a_delivery_about_the_year_before_touches_and_an_older_one_does_not(home: Home) -> None:
    landed(home, Period(2019, 12))
    assert touched_periods(home) == ()
    landed(home, Period(2020, 1))
    assert touched_periods(home) == (JULY, AUGUST)


def test_a_locked_period_is_touched_by_nothing(home: Home) -> None:
    with open_home(home) as connection:
        connection.execute(
            "insert into control.period_events values (nextval('control.event_number'), date '2021-07-01', 'lock', 1,"
            " timestamp '2021-09-12 09:00:00', 'chef', 'klar')"
        )
    landed(home, JUNE)
    assert touched_periods(home) == (AUGUST,)


def test_a_period_that_was_barred_is_tried_again(home: Home) -> None:
    with open_home(home) as connection:
        at = datetime(2021, 9, 10, 8, 0)
        record_barred(connection, Attempt(JULY, date(2021, 9, 10), at, "f"), [], at)
    assert touched_periods(home) == (JULY,)


@pytest.fixture
def night(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[Period], list[str] | Refusal]]:
    """One night: which periods are closed in which order, and what the flow answers. No server is needed."""
    nightly = pytest.importorskip("flows.nightly")

    def run(received: Period | None = None, **ends: str) -> tuple[list[Period], list[str] | Refusal]:
        closed: list[Period] = []
        left: list[Night] = []  # No page to leave it on: there is no server.

        def close_period(text: str, from_dir: str | None = None) -> Outcome:
            period = Period.parse(text)
            closed.append(period)
            if received is not None and len(closed) == 1:
                landed(home, received)  # As the first close receives the whole inbox.
            how = ends.get(f"{period.first_day:%B}".lower(), "published")
            outcome = Outcome(period, how, None if how == "barred" else 2, True, (), None)
            if how == "barred":
                raise nightly.Barred(outcome)
            if how == "refused":
                raise Refusal(f"Nothing has been delivered for {period}.", "Run it on its exports.")
            if how == "failed":
                raise StepFailed("build", MemoryError())
            return outcome

        monkeypatch.setattr(nightly, "close_period", close_period)
        monkeypatch.setattr(nightly, "get_run_logger", lambda: logging.getLogger("night"))
        monkeypatch.setattr(nightly, "stockholm_now", lambda: FIRST_OF_SEPTEMBER)
        monkeypatch.setattr(nightly, "leave_night", left.append)
        answer: Any
        try:
            answer = nightly.nightly.fn()
        except Refusal as refusal:
            answer = refusal
        return closed, answer

    return run


def test_the_newest_ended_month_is_closed_every_night(night: Any) -> None:
    assert night() == ([AUGUST], ["2021-08"])


def test_what_the_first_close_received_for_an_older_open_month_closes_that_one_too(night: Any) -> None:
    assert night(received=JUNE) == ([AUGUST, JULY], ["2021-08", "2021-07"])


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("barred", "barred by its findings"),
        ("refused", "Nothing has been"),
        ("failed", "build: MemoryError"),
    ],
)
def test_a_month_that_is_stopped_does_not_stop_the_next_and_is_said_in_the_end(night: Any, end: str, said: str) -> None:
    closed, answer = night(received=JUNE, august=end)
    assert closed == [AUGUST, JULY]
    assert isinstance(answer, Refusal)
    assert "2021-08" in answer.what
    assert said in answer.what
    assert answer.exit_code is ExitCode.BARRED


@pytest.fixture
def quiet_night(home: Home) -> Callable[..., Night]:
    """A night by its plain functions: the day it is, and what the newest month's close finds."""

    def run(day: int, *rules: str, effect: Effect = Effect.BARS_PUBLICATION) -> Night:
        def close(period: Period) -> Outcome:
            found = tuple(Finding(rule, Severity.CRITICAL, effect, f"{rule} i {period}") for rule in rules)
            with open_home(home) as connection:
                at = datetime(2021, 9, day, 1, 0)
                record_barred(connection, Attempt(period, at.date(), at, f"{rules}"), list(found), at)
            return Outcome(period, "barred" if rules else "published", None if rules else 2, True, found, None)

        return run_night(home, lambda: FIRST_OF_SEPTEMBER.replace(day=day), close)

    return run


def test_a_month_whose_files_have_not_come_is_awaited_until_its_close_day(quiet_night: Callable[..., Night]) -> None:
    # The fifth working day of September 2021 is Tuesday the 7th.
    for day in (1, 7):
        night = quiet_night(day, "missing_month", "missing_ledger")
        assert (night.awaiting, night.stopped) == ([AUGUST], {})
        assert night.message is None
    late = quiet_night(8, "missing_month", "missing_ledger")
    assert (late.awaiting, late.stopped) == ([], {AUGUST: "barred by its findings"})
    assert late.message is not None


def test_another_fault_is_told_at_once_and_only_once(quiet_night: Callable[..., Night]) -> None:
    first = quiet_night(2, "missing_month", "voucher_not_zero")
    assert first.stopped == {AUGUST: "barred by its findings"}
    assert first.message is not None
    assert "voucher_not_zero i 2021-08" in first.message.body
    assert quiet_night(3, "missing_month", "voucher_not_zero").message is None
    other = quiet_night(4, "missing_month", "voucher_not_zero", "ansvar_in_two_units")
    assert other.message is not None
    assert "ansvar_in_two_units" in other.message.body
    assert "voucher_not_zero" not in other.message.body


def test_a_place_that_is_down_is_told_and_stops_nothing(home: Home, tmp_path: Path) -> None:
    home.settings_file.write_text(f'[places.kost]\nkind = "folder"\npath = "{tmp_path}/gone"\nattempts = 1\n', "utf-8")
    closed: list[Period] = []

    def close(period: Period) -> Outcome:
        closed.append(period)
        return Outcome(period, "published", 2, True, (), None)

    night = run_night(home, lambda: FIRST_OF_SEPTEMBER, close)
    assert closed == [AUGUST]
    assert [one.failure for one in night.pulled] == ["has no such folder"]
    assert night.message is not None
    assert "kost: har ingen sådan mapp → försök igen med `bokslut pull kost`" in night.message.body
    assert run_night(home, lambda: FIRST_OF_SEPTEMBER, close).message is None
    (tmp_path / "gone").mkdir()
    assert run_night(home, lambda: FIRST_OF_SEPTEMBER, close).message is None


def test_a_month_that_awaits_a_word_is_said_once_and_nothing_of_it_is_published(home: Home) -> None:
    with open_home(home) as connection:
        at = datetime(2021, 9, 2, 1, 0)
        record_awaiting(connection, Attempt(AUGUST, at.date(), at, "f"), [], at)

    def close(period: Period) -> Outcome:
        return Outcome(period, "awaits_word", None, True, (), None, fingerprint="f")

    night = run_night(home, lambda: FIRST_OF_SEPTEMBER, close)
    assert (night.awaiting_word, night.published, night.stopped) == ([AUGUST], [], {})
    assert night.message is not None
    assert "2021-08 kan publiceras → `bokslut close 2021-08 --preview`" in night.message.body
    assert run_night(home, lambda: FIRST_OF_SEPTEMBER, close).message is None
    assert touched_periods(home) == (AUGUST,)
