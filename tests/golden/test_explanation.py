"""What the reader sees of an explanation: the largest parts, the rest and the total."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from rich.console import Console

from flows.domain.period import Period
from flows.reports.explanation import Composition, Explanation, Part, as_csv, as_json, print_explanation


def part(ansvar: str, above: int, below: int) -> Part:
    return Part((ansvar, "Intäkter"), (Fraction(above), Fraction(below), Fraction(above - below)))


EXPLAINED = Explanation(
    "x4:summa:avvikelse",
    "x4 Resultat",
    "Hela",
    "Skillnad",
    Period(2021, 8),
    3,
    "12",
    "tkr",
    Fraction(25, 2),
    (("Status", "utfall"),),
    (
        Composition(
            "Ansvar × kontogrupp",
            ("Ansvar", "Kontogrupp"),
            ("Utfall", "Plan", "Skillnad"),
            (
                part("101", 20, 10),
                part("102", 1, 2),
                part("103", 5, 9),
                Part(("104", "Personal"), (Fraction(17, 2), Fraction(1), Fraction(15, 2)), "uppskattad"),
            ),
            (Fraction(69, 2), Fraction(22), Fraction(25, 2)),
        ),
    ),
)


def text(top: int) -> list[str]:
    out = io.StringIO()
    print_explanation(Console(file=out, width=80), EXPLAINED, top)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_largest_parts_are_shown_and_the_others_summed() -> None:
    assert text(2) == [
        "x4 Resultat: Hela, Skillnad",
        "12 tkr (exakt 12,5)  [x4:summa:avvikelse, 2021-08 v3]",
        "  Status: utfall",
        "",
        "Ansvar × kontogrupp",
        "Ansvar           Kontogrupp  Utfall  Plan  Skillnad",
        "101              Intäkter      20,0  10,0      10,0",
        "104              Personal       8,5   1,0       7,5  uppskattad",
        "2 mindre poster                 6,0  11,0      -5,0",
        "Totalt                         34,5  22,0      12,5",
    ]


def test_on_a_terminal_that_is_too_narrow_names_are_cut_and_amounts_stay_under_each_other() -> None:
    out = io.StringIO()
    print_explanation(Console(file=out, width=44, force_terminal=True, color_system=None), EXPLAINED, 2)
    assert [line.rstrip() for line in out.getvalue().splitlines()][5:] == [
        "Ansvar     Kontogru…  Utfall  Plan  Skillnad",
        "101        Intäkter     20,0  10,0      10,0",
        "104        Personal      8,5   1,0       7,5",
        "  uppskattad",
        "2 mindre…                6,0  11,0      -5,0",
        "Totalt                  34,5  22,0      12,5",
    ]


def test_one_part_that_would_be_left_over_is_shown() -> None:
    assert [line.split()[0] for line in text(3)[6:]] == ["101", "104", "103", "102", "Totalt"]


@pytest.mark.parametrize("top", [1, 2, 9])
def test_what_is_shown_and_the_rest_come_to_the_total(top: int) -> None:
    rows = json.loads(as_json(EXPLAINED, top))["compositions"][0]["rows"]
    *addends, total = [[Decimal(amount) for amount in row["amounts"]] for row in rows]
    assert [sum(column) for column in zip(*addends, strict=True)] == total
    written = list(csv.DictReader(io.StringIO(as_csv(EXPLAINED, top))))
    by_row = [Decimal(row["amount"]) for row in written if row["amount_of"] == "Skillnad"]
    assert sum(by_row[:-1]) == by_row[-1] == Decimal("12.5")


def test_an_amount_that_is_withheld_is_not_shown_and_nothing_is_summed() -> None:
    side = Composition(
        "Per område", ("Område",), ("Täljare",), (Part(("A",), (None,)), Part(("B",), (Fraction(3),))), None
    )
    assert side.shown(1) == ([Part(("B",), (Fraction(3),)), Part(("A",), (None,))], [])
    explained = Explanation("x", "x", "r", "k", Period(2021, 8), 1, "..", "", None, (), (side,))
    out = io.StringIO()
    print_explanation(Console(file=out, width=80), explained, 5)
    assert [line.split() for line in out.getvalue().splitlines()[-2:]] == [["B", "3,0"], ["A", ".."]]
