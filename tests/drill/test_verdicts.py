"""Each verdict of the drill can fail: on a record of what never happened, changed in one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from flows.domain.period import Period
from tests.drill.clock import STOCKHOLM
from tests.drill.exports import corrected_meals
from tests.drill.printed import night_lines, verdict_lines
from tests.drill.record import Cell, Delivery, Mail, MonthWithout, Night, Published, PutOut, Record, Run
from tests.drill.story import Story
from tests.drill.verdicts import verdicts

SEPTEMBER = Period(2021, 9)
DAYS = tuple(date(2021, 10, 29) + timedelta(days=day) for day in range(5))
#: The second night is killed, the third is that of the clock change, the last two are not served.
STORY = Story((), DAYS, off=frozenset(DAYS[3:]), killed=DAYS[1], down=frozenset())
MORNING = Mail(
    "controller", "bokslut 2021-09: allt väntat är inne", "Kommunen: läget inför bokslutet av september 2021"
)


def run(day: date, hour: int, flow: str, state: str = "Completed", name: str = "scheduled") -> Run:
    due = datetime.combine(day, time(hour), STOCKHOLM).astimezone(UTC)
    return Run(f"{flow}-{day}-{name}", flow, name, state, due)


def cell(status: str, **more: object) -> Cell:
    hours = frozenset({"treserva_hemtjanst"})
    plain = Cell(SEPTEMBER, 1, "t02:hemtjanst:utfall", "258 107", status, "actual", 2021, "2021-01", "", False, hours)
    return replace(plain, **more)  # type: ignore[arg-type]


def good() -> Record:
    """Five nights as they should be."""
    nights = [
        Night(
            day,
            runs=(run(day, 1, "nightly"), run(day, 6, "morning")),
            mails=(MORNING, replace(MORNING, role="jour")),
            beats=1,
        )
        for day in DAYS[:3]
    ]
    killed = (run(DAYS[1], 1, "nightly", "Crashed"), run(DAYS[1], 6, "morning"))
    nights[1].runs = (*killed, run(DAYS[1], 2, "nightly", name="made good"))
    nights[1].published = (Published(SEPTEMBER, 2),)
    nights += [Night(day, is_served=False) for day in DAYS[3:]]
    nights[-1].runs = (run(DAYS[3], 1, "nightly", "Cancelled"), run(DAYS[4], 1, "nightly"))
    nights[-1].beats = 1
    said = replace(MORNING, subject="bokslut 2021-09: en sak att göra", body="Kommunen: något behöver göras")
    nights[0].mails = (*nights[0].mails, said)
    marked = cell("estimated", reason="Systemfel", is_noted=True)
    return Record(
        nights,
        [PutOut(DAYS[0], "a.csv", "1"), PutOut(DAYS[0], "b.csv", "1", is_duplicate=True)],
        [Delivery("a.csv", "1", "landed"), Delivery("b.csv", "1", "duplicate")],
        [MonthWithout(SEPTEMBER, 1, "treserva_hemtjanst", Period(2021, 4), "Systemfel")],
        [marked],
        {"2021-09:t02:hemtjanst:utfall": "258 107"},
        {"2021-09:t02:hemtjanst:utfall": "258 107"},
    )


def fails(record: Record) -> list[str]:
    return [one.claim for one in verdicts(record, STORY) if not one.holds]


def test_a_good_record_holds() -> None:
    assert fails(good()) == []


def lost(record: Record) -> None:
    record.deliveries.pop()


def received_twice(record: Record) -> None:
    record.deliveries.append(record.deliveries[0])


def landed_a_duplicate(record: Record) -> None:
    record.deliveries[1] = replace(record.deliveries[1], status="landed")


def other_bytes(record: Record) -> None:
    record.deliveries[0] = replace(record.deliveries[0], sha256="2")


def gap_without_a_row(record: Record) -> None:
    record.without[0] = replace(record.without[0], reason="")


def estimate_as_fact(record: Record) -> None:
    record.cells[0] = cell("actual")


def estimate_without_a_footnote(record: Record) -> None:
    record.cells[0] = cell("estimated", reason="Systemfel")


def withheld_without_a_reason(record: Record) -> None:
    record.cells[0] = cell("missing")


def night_missed(record: Record) -> None:
    record.nights[2].runs = record.nights[2].runs[1:]
    record.nights[2].beats = 0


def night_an_hour_late(record: Record) -> None:
    nightly, morning = record.nights[2].runs
    record.nights[2].runs = (replace(nightly, due=nightly.due + timedelta(hours=1)), morning)


def night_twice(record: Record) -> None:
    record.nights[2].runs = (record.nights[2].runs[0], *record.nights[2].runs)
    record.nights[2].beats = 2


def two_catch_up(record: Record) -> None:
    record.nights[-1].runs = tuple(replace(one, state="Completed") for one in record.nights[-1].runs)
    record.nights[-1].beats = 2


def none_caught_up(record: Record) -> None:
    record.nights[-1].runs = ()
    record.nights[-1].beats = 0


def killed_and_left(record: Record) -> None:
    record.nights[1].published = ()


def two_mornings(record: Record) -> None:
    record.nights[0].mails = (*record.nights[0].mails, MORNING)


def no_morning(record: Record) -> None:
    record.nights[0].mails = ()


def the_same_twice(record: Record) -> None:
    record.nights[1].mails = (*record.nights[1].mails, record.nights[0].mails[-1])


def one_each_night(record: Record) -> None:
    said = record.nights[0].mails[-1]
    record.nights[0].mails += tuple(replace(said, body=f"{said.body} {number}") for number in range(6))


def alarm_for_a_known_gap(record: Record) -> None:
    said = record.nights[0].mails[-1]
    record.nights[0].mails += (replace(said, body="treserva_hemtjanst 2021-04 saknas"),)


def silent(record: Record) -> None:
    record.nights[0].beats = 0


def beat_of_the_dead(record: Record) -> None:
    record.nights[1].beats = 2


def other_figure(record: Record) -> None:
    record.anew = {"2021-09:t02:hemtjanst:utfall": "258 108"}


def cell_gone(record: Record) -> None:
    record.final = {}


@pytest.mark.parametrize(
    ("doctored", "claim"),
    [
        (lost, "nothing is lost"),
        (received_twice, "nothing is lost"),
        (landed_a_duplicate, "nothing is lost"),
        (other_bytes, "nothing is lost"),
        (gap_without_a_row, "nothing is published with an unmarked gap"),
        (estimate_as_fact, "nothing is published with an unmarked gap"),
        (estimate_without_a_footnote, "nothing is published with an unmarked gap"),
        (withheld_without_a_reason, "nothing is published with an unmarked gap"),
        (night_missed, "each served night runs once, right across the clock change"),
        (night_an_hour_late, "each served night runs once, right across the clock change"),
        (night_twice, "each served night runs once, right across the clock change"),
        (two_catch_up, "one catch-up run"),
        (none_caught_up, "one catch-up run"),
        (killed_and_left, "a killed night is made good"),
        (two_mornings, "no storm of messages"),
        (no_morning, "no storm of messages"),
        (the_same_twice, "no storm of messages"),
        (one_each_night, "no storm of messages"),
        (alarm_for_a_known_gap, "no storm of messages"),
        (silent, "the dead-man's switch hears of every night that ends"),
        (beat_of_the_dead, "the dead-man's switch hears of every night that ends"),
        (other_figure, "published as a close from nothing publishes it"),
        (cell_gone, "published as a close from nothing publishes it"),
    ],
)
def test_a_doctored_record_fails_that_verdict_alone(doctored: Callable[[Record], None], claim: str) -> None:
    record = good()
    doctored(record)
    assert fails(record) == [claim]


def test_what_is_printed_names_what_speaks_against_it() -> None:
    record = good()
    lost(record)
    printed = "\n".join(verdict_lines(verdicts(record, STORY)))
    assert "FAILS  nothing is lost" in printed
    assert "b.csv: never received, not duplicate once" in printed
    assert printed.count("holds") == 7


def test_a_night_says_what_ran_what_came_and_what_was_sent() -> None:
    killed = "\n".join(night_lines(good().nights[1]))
    assert killed.startswith("Sat 2021-10-30")
    assert "nightly    23:00Z  Crashed" in killed
    assert "Completed (made good)" in killed
    assert "published  2021-09 version 2" in killed
    assert "mail       bokslut 2021-09: allt väntat är inne → controller, jour" in killed


def test_a_corrected_file_keeps_its_sums() -> None:
    data = "period;enhet_kod;portioner\n2021-09;E1;83\u00a0559\n2021-09;E2;500\nTotalt;;84059\n#ANTAL;2;SUMMA;84059\n"
    corrected = corrected_meals(data.encode("cp1252")).decode("cp1252")
    assert corrected == data.replace("83\u00a0559", "83\u00a0659").replace("84059", "84159")
