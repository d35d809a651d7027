"""What the morning's message says, and when one is sent because somebody must act."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.notices.message import DownPlace, MissingDelivery, Situation, ToDo, morning_message, news_of
from flows.reports.delivery_matrix import DeliveryMonth
from flows.sources.places import failures
from flows.steps import messages
from flows.steps.messages import Said, when_somebody_must_act
from flows.steps.working_days import is_working_day, nth_working_day, working_days_left

AUGUST = Period(2021, 8)
LATE = MissingDelivery("Hemtjänst", (AUGUST,), date(2021, 9, 3), False)
BARRING = ToDo("Ekonomistyrning", "Ansvar 4711 finns inte i enhetsregistret", "Lägg till det.", True)


def situation(**said: object) -> Situation:
    usual = {
        "organisation": "Fiktiva förvaltningen (syntetiska data)",
        "period": AUGUST,
        "today": date(2021, 9, 6),
        "close_day": date(2021, 9, 7),
        "working_days_left": 1,
    }
    return Situation(**{**usual, **said})  # type: ignore[arg-type]


def test_a_quiet_morning_says_so() -> None:
    said = morning_message(situation(published_version=2, published_at=datetime(2021, 9, 6, 1, 4)))
    assert said.title == "bokslut 2021-08: allt väntat är inne"
    assert said.body.splitlines() == [
        "Fiktiva förvaltningen (syntetiska data): läget inför bokslutet av augusti 2021",
        "Bokslutsdag: tisdag 7 sep, om 1 arbetsdag",
        "",
        "Publicerat: 2021-08 version 2 2021-09-06 01:04.",
    ]


def test_what_is_late_threatens_the_close_day() -> None:
    said = morning_message(situation(missing=(LATE,)))
    assert said.title == "bokslut 2021-08: en leverans saknas, bokslutsdagen är hotad"
    assert "Bokslutsdag: tisdag 7 sep, om 1 arbetsdag – HOTAD" in said.body
    assert "Saknas och skulle vara inne\n  Hemtjänst aug 2021 (väntas senast 2021-09-03)" in said.body


def owed(extract: str, month: int, due: int, state: str = "missing") -> DeliveryMonth:
    return DeliveryMonth(extract, extract, "", Period(2021, month), state, expected_by=date(2021, 9, due))


def barring(rule_id: str, extract: str) -> Finding:
    return Finding(
        rule_id, Severity.CRITICAL, Effect.BARS_PUBLICATION, f"{rule_id} {extract}", "någon", extract=extract
    )


def test_a_ledger_is_owed_once_a_year_and_what_is_not_due_is_nobodys_to_do() -> None:
    months = [
        *(owed("ekonomi_sie", month, 7) for month in (6, 7, 8)),
        owed("heroma_franvaro", 8, 3),
        owed("kost_maltider", 8, 5, "complete"),
    ]
    found = [
        barring("missing_ledger", "ekonomi_sie"),
        barring("missing_month", "heroma_franvaro"),
        barring("ansvar_in_two_units", "heroma_franvaro"),
    ]

    def of(day: int) -> Situation:
        awaited = messages._awaited(months, AUGUST, date(2021, 9, day))
        return situation(
            today=date(2021, 9, day),
            missing=messages._missing(months, AUGUST),
            to_do=messages._to_do(found, AUGUST, awaited),
        )

    assert [(one.label, one.months) for one in of(1).missing] == [
        ("ekonomi_sie", (AUGUST,)),
        ("heroma_franvaro", (AUGUST,)),
    ]
    assert [one.message for one in of(1).to_do] == ["ansvar_in_two_units heroma_franvaro"]
    assert {one.message for one in of(6).to_do} == {
        "ansvar_in_two_units heroma_franvaro",
        "missing_month heroma_franvaro",
    }
    found.pop()
    assert not of(1).is_threatened
    assert of(6).is_threatened


def test_a_delivery_is_not_late_on_the_day_that_it_is_due() -> None:
    on_the_day = situation(missing=(LATE,), today=date(2021, 9, 3), working_days_left=2)
    assert not on_the_day.late
    assert not on_the_day.is_threatened
    assert "Väntas\n  Hemtjänst aug 2021" in morning_message(on_the_day).body


def test_what_is_promised_for_after_the_close_day_threatens_it() -> None:
    promised = MissingDelivery("Hemtjänst", (AUGUST,), date(2021, 9, 20), False)
    assert situation(missing=(promised,)).is_threatened


def test_a_known_gap_is_no_alarm() -> None:
    known = MissingDelivery("Hemtjänst", (AUGUST,), date(2021, 8, 1), True)
    quiet = situation(missing=(known,))
    assert not quiet.is_threatened
    assert news_of(quiet) == ()
    assert morning_message(quiet).title == "bokslut 2021-08: allt väntat är inne"
    assert "Kända luckor\n  Hemtjänst aug 2021" in morning_message(quiet).body


def test_what_bars_is_told_once_and_again_when_it_is_another() -> None:
    first = when_somebody_must_act(situation(to_do=(BARRING,)), Said())
    assert first is not None
    assert first.title == "bokslut 2021-08: en sak att göra"
    assert "Ekonomistyrning: Ansvar 4711 finns inte i enhetsregistret → Lägg till det." in first.body
    told = Said(news_of(situation(to_do=(BARRING,))))
    assert when_somebody_must_act(situation(to_do=(BARRING,)), told) is None
    also_down = situation(to_do=(BARRING,), down=(DownPlace("heroma", "does not answer"),))
    again = when_somebody_must_act(also_down, told)
    assert again is not None
    assert "4711" not in again.body


def test_every_failure_of_a_place_is_told_in_the_readers_language() -> None:
    known = [one.what for one in vars(failures).values() if isinstance(one, failures.Failure)]
    assert len(known) >= 7
    for what in (*known, "answers 418"):
        (line,) = news_of(situation(down=(DownPlace("heroma", what),)))
        assert what not in line
        assert line.endswith(" → försök igen med `bokslut pull heroma`")
    assert news_of(situation(down=(DownPlace("heroma", "does not answer"),)))[0].startswith("heroma: svarar inte →")


def test_a_long_list_is_counted() -> None:
    many = tuple(ToDo("A", f"sak {number}", "", True) for number in range(40))
    assert "  … och 28 till" in morning_message(situation(to_do=many)).body


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (Period(2021, 9), 5, date(2021, 9, 7)),
        # Epiphany, a Thursday; New Year's Day a Saturday.
        (Period(2022, 1), 3, date(2022, 1, 5)),
        (Period(2022, 1), 4, date(2022, 1, 7)),
        # Good Friday and Easter Monday.
        (Period(2022, 4), 10, date(2022, 4, 14)),
        (Period(2022, 4), 11, date(2022, 4, 19)),
        # Midsummer's Eve is nobody's working day, though no holiday by law.
        (Period(2022, 6), 17, date(2022, 6, 27)),
    ],
)
def test_the_working_days_are_the_swedish_ones(month: Period, number: int, day: date) -> None:
    assert nth_working_day(month, number) == day


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-60, 60))
def test_working_days_left_counts_each_day_once(today: date, away: int) -> None:
    day = date.fromordinal(today.toordinal() + away)
    left = working_days_left(today, day)
    assert (left > 0) <= (day > today)
    tomorrow = date.fromordinal(day.toordinal() + 1)
    if day >= today:
        assert working_days_left(today, tomorrow) - left == int(is_working_day(tomorrow))


def test_a_month_that_awaits_a_word_is_news_and_said_with_what_to_type() -> None:
    waiting = situation(awaiting_word=(AUGUST,))
    assert news_of(waiting) == (
        "2021-08 kan publiceras → `bokslut close 2021-08 --preview`, sedan `bokslut close 2021-08`",
    )
    assert when_somebody_must_act(waiting, Said(news_of(waiting))) is None
    said = morning_message(waiting)
    assert said.title == "bokslut 2021-08: kan publiceras"
    assert "Kan publiceras\n  2021-08 kan publiceras → `bokslut close 2021-08 --preview`" in said.body
    assert not waiting.is_threatened
