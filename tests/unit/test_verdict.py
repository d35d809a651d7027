"""What findings let a close do, and in which order they are dealt with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.domain.verdict import verdict
from flows.quality.findings import in_order, work_list


def found(rule_id: str, severity: Severity, effect: Effect, ask: str = "A", extract: str = "") -> Finding:
    return Finding(rule_id, severity, effect, f"{rule_id}.", ask, extract)


STOPS = found("stops", Severity.CRITICAL, Effect.BARS_PUBLICATION, "B")
WITHHELD = found("withheld", Severity.CRITICAL, Effect.WITHHOLDS, "C", extract="heroma_franvaro")
ASKS = found("asks", Severity.WARNING, Effect.BARS_LOCK)
TELLS = found("tells", Severity.INFO, Effect.NONE)
KNOWN = found("known_gap", Severity.WARNING, Effect.BARS_LOCK)


def test_nothing_found_lets_everything_through() -> None:
    judged = verdict([])
    assert not judged.is_barred
    assert not judged.is_withheld
    assert judged.is_lockable


def test_a_note_stops_nothing() -> None:
    assert verdict([TELLS]).is_lockable


def test_a_warning_bars_the_lock_alone() -> None:
    judged = verdict([ASKS, TELLS])
    assert not judged.is_barred
    assert not judged.is_lockable
    assert judged.bars_lock == (ASKS,)


def test_a_withheld_source_is_published_without() -> None:
    judged = verdict([WITHHELD])
    assert judged.is_withheld
    assert judged.withheld_extracts == ("heroma_franvaro",)
    assert not judged.is_lockable


def test_what_bars_publication_wins_over_what_is_withheld() -> None:
    judged = verdict([WITHHELD, STOPS])
    assert judged.is_barred
    assert not judged.is_withheld


def test_what_bars_comes_first_and_the_order_found_is_kept_within() -> None:
    assert in_order([TELLS, ASKS, KNOWN, WITHHELD, STOPS]) == [STOPS, WITHHELD, ASKS, KNOWN, TELLS]


def test_the_work_list_asks_each_person_once_and_keeps_known_gaps_apart() -> None:
    listed = work_list([TELLS, ASKS, KNOWN, STOPS, ASKS], Period(2021, 8))
    assert [one.ask for one in listed.people] == ["B", "A"]
    assert [(one.rule_id, len(one.items)) for one in listed.people[1].groups] == [("asks", 2), ("tells", 1)]
    assert [item.finding for item in listed.known_gaps[0].items] == [KNOWN]
    assert [item.finding for item in listed.items()] == [STOPS, ASKS, ASKS, TELLS, KNOWN]


def test_what_is_new_comes_before_what_was_known_and_the_latest_before_the_older() -> None:
    older, later = (replace(ASKS, found_before=datetime(2021, 9, day)) for day in (3, 7))
    assert in_order([older, later, ASKS, STOPS]) == [STOPS, ASKS, later, older]
