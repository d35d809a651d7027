"""The bridges of a closed period: they end in what the report prints, and refuse what they cannot say."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from tests.conftest import PERIOD, Organisation


def test_the_places_of_the_demo_are_bridged_by_its_dated_events(closed: Organisation) -> None:
    made = closed.bokslut(
        "bridge", "places", "--kind", "BOENDE_RS", "--from", "2021-03-31", "--to", "2021-08-31", "--format", "csv"
    )
    assert made.returncode == 0, made.stderr
    rows = list(csv.DictReader(io.StringIO(made.stdout)))
    days = [int(row["places"]) for row in rows if row["step"] == "day"]
    assert days[0] + sum(int(row["change"]) for row in rows if row["step"] == "event") == days[-1]
    assert all(row["words"] for row in rows if row["step"] == "event")
    assert rows[-1]["words"].endswith(PERIOD)


@pytest.mark.parametrize("against", ["budget", "last-year"])
def test_the_result_is_bridged_from_both_to_the_outcome(closed: Organisation, against: str) -> None:
    made = closed.bokslut("bridge", "result", PERIOD, "--against", against, "--format", "csv")
    assert made.returncode == 0, made.stderr
    start, *steps, end = list(csv.DictReader(io.StringIO(made.stdout)))
    assert Decimal(start["start_sek"]) + sum(Decimal(row["step_sek"]) for row in steps) == Decimal(end["end_sek"])
    sizes = [abs(Decimal(row["step_sek"])) for row in steps]
    assert sizes == sorted(sizes, reverse=True)


def test_an_area_is_bridged_by_code_or_name(closed: Organisation) -> None:
    by_area = closed.bokslut("bridge", "result", "--format", "csv")
    some = next(row for row in csv.DictReader(io.StringIO(by_area.stdout)) if row["row"] == "step")
    for named in (some["area_code"], some["area_name"]):
        made = closed.bokslut("bridge", "result", "--area", named)
        assert made.returncode == 0, made.stderr
        assert some["area_name"] in made.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("places", "--from", "2021-08-31", "--to", "2021-03-31"), "not after"),
        (("places", "--from", "1999-01-01", "--to", "2021-03-31"), "begins on"),
        (("places", "--from", "2021-03-31", "--to", "2030-03-31"), "no later day"),
        (("places", "--from", "2021-03-31", "--to", "2021-08-31", "--kind", "HOTELL"), "Choose one of"),
        (("result", "2019-01"), "has not been closed"),
        (("result", "--area", "Månen"), "Choose one of"),
    ],
)
def test_what_cannot_be_bridged_is_refused_with_what_to_do(
    closed: Organisation, words: tuple[str, ...], said: str
) -> None:
    made = closed.bokslut("bridge", *words)
    assert made.returncode == 3
    assert said in made.stderr
