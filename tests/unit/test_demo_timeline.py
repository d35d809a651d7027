"""The demo's time: targets in their order, and what dated events make of the units and of their register."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from flows.demo.inputs import unit_register
from flows.demo.organisation import UnitGroup, Units, draw_units
from flows.demo.organisation_events import EVENTS_FILE, read_events, units_over_time
from flows.demo.targets import DEFAULT_TARGETS
from flows.demo.timeline import read_timeline
from flows.domain.period import Period
from flows.errors import Refusal

BOTH = DEFAULT_TARGETS.parent
AREAS = ("A", "B", "C")
GROUPS = (
    UnitGroup("A", "STOD", "", 3, 30, 30),
    UnitGroup("B", "STOD", "", 2, 20, 20),
    UnitGroup("B", "KOST", "", 1, 10, 10),
    UnitGroup("C", "HEMTJANST", "TATORT", 2, 20, 20),
    UnitGroup("C", "HEMTJANST", "GLESBYGD", 2, 20, 20),
)
HEADER = (
    "datum;slag;affarsomrade;verksamhetstyp;omrade;nummer;till_affarsomrade;till_nummer;andel;antal;personal;omsattning"
)
DAY, BEFORE = date(2022, 1, 1), date(2021, 12, 31)


def after(tmp_path: Path, *rows: str) -> Units:
    """The units of ten, with the events of the rows."""
    path = tmp_path / EVENTS_FILE
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    return units_over_time(draw_units(np.random.default_rng(1), AREAS, GROUPS), AREAS, GROUPS, read_events(path))


def areas(units: Units, day: date) -> str:
    return "".join(each or "." for each in units.area_on(day).tolist())


def test_a_unit_moves_between_areas_and_keeps_its_code(tmp_path: Path) -> None:
    units = after(tmp_path, "2022-01-01;FLYTT;A;STOD;;3;B;;;;;")
    assert (areas(units, BEFORE), areas(units, DAY)) == ("AAABBBCCCC", "AABBBBCCCC")
    assert units.restated_area(DAY, AREAS)[2].tolist() == [0, 1, 0]


def test_a_unit_is_split_with_shares(tmp_path: Path) -> None:
    units = after(tmp_path, "2022-01-01;DELNING;A;STOD;;2;A;;60;;;", "2022-01-01;DELNING;A;STOD;;2;B;;40;;;")
    assert (areas(units, BEFORE), areas(units, DAY)) == ("AAABBBCCCC..", "A.ABBBCCCCAB")
    assert [(one.successor, one.share) for one in units.successors(1)] == [(10, Fraction(3, 5)), (11, Fraction(2, 5))]
    assert units.restated_area(DAY, AREAS)[1].tolist() == [0.6, 0.4, 0]
    assert units.turnover_weight[10:].sum() == pytest.approx(units.turnover_weight[1])


def test_units_are_merged_and_their_successor_is_split_later(tmp_path: Path) -> None:
    units = after(
        tmp_path,
        "2021-01-01;SAMMANSLAGNING;A;STOD;;1;C;;;;;",
        "2021-01-01;SAMMANSLAGNING;A;STOD;;2;C;;;;;",
        "2022-01-01;DELNING;C;STOD;;1;A;;25;;;",
        "2022-01-01;DELNING;C;STOD;;1;B;;75;;;",
    )
    assert (areas(units, BEFORE), areas(units, DAY)) == ("..ABBBCCCCC..", "..ABBBCCCC.AB")
    assert units.restated_area(BEFORE, AREAS)[0].tolist() == [0, 0, 1]
    assert units.restated_area(DAY, AREAS)[1].tolist() == [0.25, 0.75, 0]


def test_an_area_leaves_the_organisation_and_homes_are_taken_over(tmp_path: Path) -> None:
    units = after(tmp_path, "2022-01-01;OVERLAMNING;B;;;;;;;;;", "2021-11-01;OVERTAGANDE;A;STOD;;;;;;2;6;5")
    assert (areas(units, BEFORE), areas(units, DAY)) == ("AAABBBCCCCAA", "AAA...CCCCAA")
    assert not units.restated_area(DAY, AREAS)[3:6].any()
    assert units.staff_weight[10:].tolist() == [pytest.approx(0.03)] * 2
    assert not units.in_force(Period(2021, 10))[10:].any()
    assert units.in_force(Period(2021, 11))[10:].all()


def test_a_closed_unit_names_who_takes_its_accounts_over(tmp_path: Path) -> None:
    units = after(tmp_path, "2022-01-01;STANGNING;A;STOD;;1;B;2;;;;")
    assert areas(units, DAY) == ".AABBBCCCC"
    assert units.restated_area(DAY, AREAS)[0].tolist() == [0, 1, 0]


def test_an_area_is_renamed_and_renamed_again(tmp_path: Path) -> None:
    units = after(tmp_path, "2021-06-01;NAMNBYTE_OMRADE;A;;;;D;;;;;", "2022-01-01;NAMNBYTE_OMRADE;D;;;;E;;;;;")
    assert (areas(units, BEFORE)[:3], areas(units, DAY)[:3]) == ("DDD", "EEE")


def test_a_district_tells_units_of_one_kind_apart(tmp_path: Path) -> None:
    units = after(tmp_path, "2022-01-01;FLYTT;C;HEMTJANST;GLESBYGD;1;B;;;;;")
    assert areas(units, DAY) == "AAABBBCCBC"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("2022-01-01;DELNING;A;STOD;;2;A;;60;;;", "do not sum to 100"),
        ("2022-01-01;FLYTT;A;STOD;;4;B;;;;;", "names no unit"),
        ("2022-01-01;FLYTT;A;KOST;;1;B;;;;;", "names no unit"),
        ("2022-01-15;FLYTT;A;STOD;;1;B;;;;;", "first of a month"),
        ("2022-01-01;UPPLOSNING;A;STOD;;1;B;;;;;", "'UPPLOSNING'"),
        ("2022-13-01;FLYTT;A;STOD;;1;B;;;;;", "line 2"),
        ("2022-01-01;OVERTAGANDE;A;STOD;;;;;;1;;", "how large"),
        ("2022-01-01;STANGNING;A;STOD;;1;B;;;;;", "takes over"),
    ],
)
def test_an_event_that_cannot_be_is_refused(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(Refusal, match=named):
        after(tmp_path, row)


def test_a_unit_does_not_end_twice(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="ends twice"):
        after(tmp_path, "2022-01-01;OVERLAMNING;A;STOD;;1;;;;;;", "2022-01-01;STANGNING;A;STOD;;1;A;2;;;;")


def test_the_register_says_what_was_known_on_its_day_and_the_later_one_the_whole_history(tmp_path: Path) -> None:
    units = after(
        tmp_path,
        "2021-09-01;FLYTT;A;STOD;;3;B;;;;;",
        "2022-01-01;DELNING;A;STOD;;2;A;;60;;;",
        "2022-01-01;DELNING;A;STOD;;2;C;;40;;;",
        "2022-01-01;OVERLAMNING;B;KOST;;;;;;;;",
    )

    def told(as_of: date) -> list[str]:
        names = ("enhet_kod", "affarsomrade", "giltig_from", "giltig_tom", "efterfoljare", "andel")
        rows = unit_register(units, date(2015, 1, 1), as_of)
        return [
            " ".join(row[name] or "-" for name in names) for row in rows if row["enhet_kod"][:2] in ("E1", "E2", "E3")
        ]

    early = told(date(2021, 8, 31))
    assert len(early) == 10
    assert all(row.endswith("2015-01-01 - - -") for row in early)
    late = told(date(2022, 3, 31))
    assert "E1003 A 2015-01-01 2021-08-31 - -" in late
    assert "E1003 B 2021-09-01 - - -" in late
    assert "E1002 A 2015-01-01 2021-12-31 E1004 60" in late
    assert "E1002 A 2015-01-01 2021-12-31 E3005 40" in late
    assert "E2003 B 2015-01-01 2021-12-31 - -" in late
    assert "E3005 C 2022-01-01 - - -" in late
    assert len(late) == 10 + 1 + 1 + 2


def test_the_targets_stand_in_the_order_of_their_months() -> None:
    timeline = read_timeline(BOTH)
    assert [str(targets.period) for targets in timeline.closings] == ["2021-08", "2022-03"]
    assert (timeline.first, timeline.last) == (Period(2020, 1), Period(2022, 3))
    assert len(timeline.area_codes) == 6
    assert len(timeline.closings[1].edition.area_codes) == 4
    assert timeline.closing_of(Period(2021, 9)).period == Period(2022, 3)
    assert timeline.closing_of(Period(2021, 8)).period == Period(2021, 8)


def test_one_months_folder_is_a_timeline_of_one_closing_without_later_events() -> None:
    timeline = read_timeline(DEFAULT_TARGETS)
    assert [str(targets.period) for targets in timeline.closings] == ["2021-08"]
    assert timeline.events == ()


def test_the_organisation_lives_on_without_targets_or_stops_before_them() -> None:
    on = read_timeline(BOTH, Period(2022, 12))
    assert (on.last, len(on.closings)) == (Period(2022, 12), 3)
    assert (on.closings[2].figures, on.closings[2].has_edition) == ({}, False)
    assert on.closings[2].edition.area_codes == on.closings[1].edition.area_codes
    stopped = read_timeline(BOTH, Period(2021, 10))
    assert [(str(each.period), bool(each.figures)) for each in stopped.closings] == [
        ("2021-08", True),
        ("2021-10", False),
    ]
    assert [event.slag for event in stopped.events] == ["FLYTT"]
    with pytest.raises(Refusal, match="2021-07"):
        read_timeline(BOTH, Period(2021, 7))


def test_the_default_organisation_goes_from_six_areas_to_four() -> None:
    timeline = read_timeline(BOTH)
    units = timeline.draw_units(np.random.default_rng(1))
    before, now = units.area_on(date(2021, 12, 31)), units.area_on(date(2022, 3, 31))
    assert set(before) - {""} == set(timeline.closings[0].edition.area_codes)
    assert set(now) - {""} == set(timeline.closings[1].edition.area_codes)
    taken_over = units.valid_from == np.datetime64("2021-11-01")
    assert (taken_over.sum(), set(units.activity_type[taken_over])) == (2, {"STOD"})
    assert [move.on for move in units.moves] == [date(2021, 9, 1)]


def test_events_may_lie_within_the_first_months_folder(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT_TARGETS, tmp_path / "2021-08")
    assert read_timeline(tmp_path / "2021-08", Period(2022, 6)).events == ()
    shutil.copy(BOTH / EVENTS_FILE, tmp_path / "2021-08")
    assert len(read_timeline(tmp_path / "2021-08", Period(2022, 6)).events) == 6
