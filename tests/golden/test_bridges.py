"""What the reader sees of a bridge: as text, csv and json."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from rich.console import Console

from flows.domain.period import Period
from flows.reports import bridge_of_places, bridge_of_result
from flows.reports.bridge_of_places import PlaceBridge, PlaceLevel, PlaceStep
from flows.reports.bridge_of_result import OneOff, ResultBridge, ResultStep

PLACES = PlaceBridge(
    "BOENDE_RS",
    "Boendeplatser",
    [
        PlaceLevel(date(2021, 3, 31), 27),
        PlaceLevel(date(2021, 8, 31), 6, "rapporten 2021-08"),
        PlaceLevel(date(2021, 12, 31), 18),
    ],
    [
        PlaceStep(date(2021, 4, 1), "E1", "Norra", "Stöd", -6, 21, "Minskning"),
        PlaceStep(date(2021, 7, 1), "E2", "", "", -15, 6, ""),
        PlaceStep(date(2021, 11, 1), "E3", "Södra", "Stöd", 12, 18, "Övertagande"),
    ],
)


def step(area: str, group: str, start: str, end: str, *, is_one_off: bool = False) -> ResultStep:
    return ResultStep(area, f"Område {area}", group, is_one_off, Decimal(start), Decimal(end))


RESULT = ResultBridge(
    Period(2021, 8),
    2,
    "budget",
    None,
    "",
    [
        step("A", "INTAKT", "1000000", "1900500"),
        step("B", "OVRIGT", "0", "-450000", is_one_off=True),
        step("B", "LOKAL", "-500", "-800"),
        step("A", "FINANS", "-1", "-1"),
    ],
    [OneOff("brand", "Branden", "KS 5", Decimal("-450000"))],
)


def text(print_it, *what: object, terminal: bool = False) -> list[str]:
    out = io.StringIO()
    print_it(Console(file=out, width=80, force_terminal=terminal, color_system="standard" if terminal else None), *what)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_places_stand_at_each_day_with_the_named_steps_between() -> None:
    assert text(bridge_of_places.print_place_bridges, [PLACES]) == [
        "Boendeplatser, 2021-03-31 – 2021-12-31",
        "2021-03-31            27",
        "  2021-04-01     −6     21  Minskning (Norra, Stöd)",
        "  2021-07-01    −15      6  utan förklaring i registret (E2)",
        "2021-08-31             6  rapporten 2021-08",
        "  2021-11-01    +12     18  Övertagande (Södra, Stöd)",
        "2021-12-31            18",
        "",
    ]


def test_places_as_csv_and_json_are_the_same_rows() -> None:
    rows = list(csv.DictReader(io.StringIO(bridge_of_places.as_csv([PLACES]))))
    assert [(row["step"], row["date"], row["change"], row["places"]) for row in rows] == [
        ("day", "2021-03-31", "", "27"),
        ("event", "2021-04-01", "-6", "21"),
        ("event", "2021-07-01", "-15", "6"),
        ("day", "2021-08-31", "", "6"),
        ("event", "2021-11-01", "12", "18"),
        ("day", "2021-12-31", "", "18"),
    ]
    (told,) = json.loads(bridge_of_places.as_json([PLACES]))
    assert [row["places"] for row in told["rows"]] == [27, 21, 6, 6, 18, 18]


def test_the_result_has_both_ends_a_bar_a_step_and_the_underlying_result() -> None:
    assert text(bridge_of_result.print_result_bridge, RESULT) == [
        "Resultat jan–aug 2021, hela organisationen (tkr)",
        "Periodens budget                              999",
        "  Område A: Intäkter                          901  ++++++++++++++++++",
        "  Område B: Övriga kostnader, engångs        -450  --------",
        "  Område B: Lokaler                             0  -",
        "Utfall                                      1 450",
        "  varav engångspost Branden                  -450  KS 5",
        "Underliggande resultat                      1 900",
        "Stegen går ihop på öret; varje rad är avrundad för sig.",
    ]


def test_only_the_largest_steps_are_shown_and_the_rest_is_a_sum() -> None:
    shown = text(bridge_of_result.print_result_bridge, RESULT, 1)
    assert shown[3].split() == ["2", "mindre", "poster", "-450", "---------"]


def test_last_years_one_offs_are_taken_out_of_last_years_result() -> None:
    steps = [step("A", "INTAKT", "300000", "0", is_one_off=True), step("A", "LOKAL", "500000", "900000")]
    shown = text(
        bridge_of_result.print_result_bridge, replace(RESULT, comparison="last_year", steps=steps, one_offs=[])
    )
    assert shown[-2].split() == ["Underliggande", "resultat", "i", "fjol", "500"]


def test_colour_is_for_terminals_only() -> None:
    assert "█" not in "".join(text(bridge_of_result.print_result_bridge, RESULT))
    assert any(
        "\x1b[" in line and "█" in line for line in text(bridge_of_result.print_result_bridge, RESULT, terminal=True)
    )


def test_csv_and_json_are_exact() -> None:
    rows = list(csv.DictReader(io.StringIO(bridge_of_result.as_csv(RESULT))))
    assert [row["row"] for row in rows] == ["start", "step", "step", "step", "step", "end"]
    assert Decimal(rows[0]["start_sek"]) + sum(Decimal(row["step_sek"]) for row in rows[1:-1]) == Decimal(
        rows[-1]["end_sek"]
    )
    told = json.loads(bridge_of_result.as_json(RESULT))
    assert (told["end_sek"], told["underlying_sek"]) == ("1449699", "1899699")
