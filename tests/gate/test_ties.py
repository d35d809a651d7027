"""Rules over the identities of the printed report."""

from __future__ import annotations

from flows.domain.finding import Effect
from tests.gate.conftest import House, messages

TIES = "tie_class | left_cell | right_cells | tie_words | unit | expected | actual | verdict"


def tie(house: House, row: str, broken: str) -> None:
    names = ("breaks_in_report", "breaks_between_sexes", "breaks_in_text", "breaks_with_earlier")
    flags = " | ".join(str(name == broken).lower() for name in names)
    house.given("reconciliations.tie", f"{TIES} | {' | '.join(names)}\n{row} | {flags}")


def test_an_identity_that_breaks_bars_and_rounding_passes(house: House) -> None:
    tie(house, "sum | x:s:u | x:a:u, x:b:u | delarna är totalen | tkr | 6 | 9 | breaks", "breaks_in_report")
    tie(house, "sum | x:s:b | x:a:b, x:b:b | delarna är totalen | tkr | 6 | 7 | rounding", "")
    found = house.findings("reconciliations.tie")
    assert messages(found) == ["x:s:u stämmer inte: delarna är totalen (x:a:u, x:b:u), väntat 6 men 9 (tkr)"]
    assert [(one.rule_id, one.effect) for one in found] == [("tie_broken", Effect.BARS_PUBLICATION)]


def test_a_printed_total_outside_women_and_men(house: House) -> None:
    tie(house, "sex | x:t:u | x:k:u, x:m:u | mellan | % | 64.5 | 64.4 | breaks", "breaks_between_sexes")
    tie(house, "sex | x:t:v | x:k:v, x:m:v | mellan | % | 64.5 | 64.5 | holds", "")
    found = house.findings("reconciliations.tie", "printed_total_outside_sexes")
    assert messages(found) == ["x:t:u är 64,4 (%), utanför vad x:k:u, x:m:u medger; närmast är 64,5"]


def test_a_text_that_says_another_figure_than_its_cell(house: House) -> None:
    tie(house, "text | x:a:1#2 | x:a:u | samma | mnkr | 12.261 | 13.2 | breaks", "breaks_in_text")
    tie(house, "text | x:a:1#1 | x:a:u | samma | mnkr | 12.261 | 12.3 | rounding", "")
    found = house.findings("reconciliations.tie", "text_contradicts_cell")
    assert messages(found) == ["Texten x:a:1#2 säger 13,2 mnkr, men cellen x:a:u är 12,261"]
    assert [one.effect for one in found] == [Effect.BARS_LOCK]


def test_an_earlier_report_that_says_another_figure(house: House) -> None:
    tie(house, "report | x:a:u | 2020-12 x:a:u | lika | tkr | 40 | 45 | breaks", "breaks_with_earlier")
    tie(house, "report | x:b:u | 2020-12 x:b:u | lika | tkr | 40 | 45 | restated", "")
    found = house.findings("reconciliations.tie", "differs_from_earlier_report")
    assert messages(found) == ["x:a:u är 45 (tkr) men var 40 i 2020-12 x:a:u, och inget förklarar skillnaden"]
