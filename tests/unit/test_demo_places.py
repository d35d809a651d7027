"""The register of places over two reports: dated events, units that come and leave, and what is known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from flows.demo.organisation import Succession, Units
from flows.demo.places import PlaceStep, draw_places, place_register
from flows.demo.targets import DEFAULT_TARGETS
from flows.demo.timeline import Timeline, read_timeline

HOUSING, LABOUR = "BOENDE_RS", "ARBETSMARKNAD"


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return read_timeline(DEFAULT_TARGETS.parent)


@pytest.fixture(params=range(8))
def drawn(request: pytest.FixtureRequest, timeline: Timeline) -> tuple[Units, tuple[PlaceStep, ...]]:
    units = timeline.draw_units(np.random.default_rng([request.param, 0]))
    return units, draw_places(np.random.default_rng([request.param, 1]), units, timeline)


def in_force(rows: Sequence[dict[str, str]], kind: str, day: str) -> int:
    return sum(
        int(row["antal"])
        for row in rows
        if row["platstyp"] == kind and row["giltig_from"] <= day and day <= (row["giltig_tom"] or "9999-12-31")
    )


def bridge(rows: Sequence[dict[str, str]], kind: str, after: str, until: str) -> list[tuple[str, int]]:
    """The steps between two days, as a reader of the register finds them."""
    before: dict[str, int] = {}
    steps: list[tuple[str, int]] = []
    for row in sorted(rows, key=lambda row: row["giltig_from"]):
        if row["platstyp"] != kind:
            continue
        change = int(row["antal"]) - before.get(row["enhet_kod"], 0)
        before[row["enhet_kod"]] = int(row["antal"])
        if after < row["giltig_from"] <= until:
            steps.append((row["giltig_from"], change))
    return steps


def test_every_published_day_comes_out(drawn: tuple[Units, tuple[PlaceStep, ...]]) -> None:
    rows = place_register(drawn[1], drawn[0], date(2022, 3, 31))
    days = {"2020-08-31": 225, "2021-03-31": 227, "2021-08-31": 206, "2022-03-31": 235}
    assert {day: in_force(rows, HOUSING, day) for day in days} == days
    assert [in_force(rows, LABOUR, day) for day in ("2020-08-31", "2021-08-31", "2021-12-31", "2022-01-01")] == [
        204,
        204,
        204,
        0,
    ]


def test_the_bridge_between_the_reports_is_made_of_dated_events(drawn: tuple[Units, tuple[PlaceStep, ...]]) -> None:
    rows = place_register(drawn[1], drawn[0], date(2022, 3, 31))
    steps = bridge(rows, HOUSING, "2021-03-31", "2022-03-31")
    assert sorted(steps) == [
        ("2021-04-01", -6),
        ("2021-04-01", 10),
        ("2021-07-01", -25),
        ("2021-11-01", 12),
        ("2021-11-01", 17),
    ]


def test_a_takeover_happens_to_the_units_that_are_new_that_day(drawn: tuple[Units, tuple[PlaceStep, ...]]) -> None:
    units, steps = drawn
    taken = [step for step in steps if step.on == date(2021, 11, 1)]
    assert sorted(step.places for step in taken) == [12, 17]
    assert {units.valid_from[step.unit].astype(date) for step in taken} == {date(2021, 11, 1)}
    assert len({step.unit for step in taken}) == 2


def test_what_comes_later_is_not_in_an_earlier_register(drawn: tuple[Units, tuple[PlaceStep, ...]]) -> None:
    units, steps = drawn
    earlier = place_register(steps, units, date(2021, 8, 31))
    assert max(row["giltig_from"] for row in earlier) <= "2021-08-31"
    assert in_force(earlier, HOUSING, "2022-03-31") == 206
    assert all(row["giltig_tom"] == "" for row in earlier if row["antal"] == "0")
    later = place_register(steps, units, date(2022, 3, 31))
    assert [row for row in later if row["giltig_tom"] and row["giltig_tom"] < "2021-08-31"] == [
        row for row in earlier if row["giltig_tom"]
    ]


def test_no_unit_has_two_rows_on_a_day_and_no_day_without(drawn: tuple[Units, tuple[PlaceStep, ...]]) -> None:
    rows = place_register(drawn[1], drawn[0], date(2022, 3, 31))
    keys = [(row["enhet_kod"], row["platstyp"], row["giltig_from"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for code in {row["enhet_kod"] for row in rows}:
        of_unit = [row for row in rows if row["enhet_kod"] == code]
        for row, following in pairwise(of_unit):
            next_day = date.fromisoformat(row["giltig_tom"]) + timedelta(days=1)
            assert following["giltig_from"] == next_day.isoformat()
        assert of_unit[-1]["giltig_tom"] == ""


def test_a_split_unit_gives_its_places_to_its_successors_by_share(timeline: Timeline) -> None:
    before = timeline.draw_units(np.random.default_rng([1, 0]))
    stod = before.of_type("STOD")
    new = [int(unit) for unit in stod if before.valid_from[unit] > np.datetime64("2020-01-01")]
    split = next(int(unit) for unit in stod if int(unit) not in new)
    heirs = [int(unit) for unit in stod if int(unit) not in (*new, split)][:2]
    ended = before.valid_to.copy()
    ended[split] = np.datetime64("2021-12-31")
    shares = (Fraction(3, 5), Fraction(2, 5))
    units = replace(
        before,
        valid_to=ended,
        successions=(*before.successions, *map(Succession, (split, split), heirs, shares)),
    )
    steps = draw_places(np.random.default_rng([1, 1]), units, timeline)
    moved = [step for step in steps if step.on == date(2022, 1, 1) and step.kind == HOUSING]
    assert {step.unit for step in moved} == {split, *heirs}
    assert next(step.places for step in moved if step.unit == split) == 0
    rows = place_register(steps, units, date(2022, 3, 31))
    assert in_force(rows, HOUSING, "2021-12-31") == in_force(rows, HOUSING, "2022-01-01") == 235
