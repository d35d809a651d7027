"""Rules over the finished report: its texts, what must be explained, and what reads wrong in print."""

from __future__ import annotations

import pytest

from flows.domain.finding import Effect
from tests.gate.conftest import House, messages

CELL = (
    "table_id | row_id | row_label | column_id | column_order | head | quantity | year_offset | printed"
    " | printed_number | unit"
)
QUOTE = (
    "table_id | row_id | sequence_number | quote_number | quote_kind | quoted_words | printed | quoted_number | reason"
)


def test_a_comment_to_a_row_that_the_report_lacks(house: House) -> None:
    house.given(
        "build.printed_text",
        """table_id | row_id | sequence_number | is_placed
        x1 | borta | 1 | false
        x1 | rs    | 1 | true""",
    )
    found = house.findings("quality.report_text", "comment_without_place")
    assert messages(found) == [
        "Kommentaren till x1, raden borta trycks inte: rapporten har ingen sådan tabell eller rad"
    ]


def test_a_figure_that_cannot_be_fetched_and_a_cell_without_a_number(house: House) -> None:
    house.given(
        "build.quoted_figure",
        f"""{QUOTE}
        x1 | rs | 1 | 1 | filled | {{x1:rs:u}} | 12 261 | 12261 |
        x1 | rs | 1 | 2 | filled | {{x1:rs:q}} |        |       | kolumnen finns inte
        x1 | rs | 1 | 3 | filled | {{x1:rs:p}} | årsvis |       | cellen har inget tal
        x1 | rs | 1 | 4 | typed  | 13        | 13     | 13    |""",
    )
    found = house.findings("quality.report_quote")
    assert [(one.rule_id, one.message, one.effect) for one in found] == [
        (
            "quote_unresolved",
            "{x1:rs:q} i texten till x1, raden rs kan inte fyllas: kolumnen finns inte",
            Effect.BARS_PUBLICATION,
        ),
        (
            "quote_without_number",
            '{x1:rs:p} i texten till x1, raden rs har inget tal i cellen; där står "årsvis"',
            Effect.BARS_LOCK,
        ),
    ]


LIMITS = """table_id | column_id | valid_from | valid_to | limit_number | limit_percent
    x1 |   | 2020-01-01 | 2021-03-31 | 1   |
    x1 |   | 2021-04-01 |            | 500 | 1
    x1 | e | 2021-01-01 |            | 40  |"""


def deviations(house: House, *rows: str) -> None:
    names = f"{CELL} | subtrahend_column"
    house.given("build.printed_cell", "\n".join([names, *rows]))


def test_a_deviation_over_its_limit_needs_a_comment(house: House) -> None:
    house.given("staging.edition_comment_limit", LIMITS)
    deviations(
        house,
        "x1 | a | Vård  | b | 1 | Budget    | budget_to_date | 0 | 40 000 | 40000 | tkr |",
        "x1 | a | Vård  | d | 2 | Avvikelse | deviation      | 0 | -501   | -501  | tkr | b",
        "x1 | a | Vård  | e | 3 | Mot plan  | deviation      | 0 | 41     | 41    | tkr | b",
        "x1 | b | Kost  | b | 1 | Budget    | budget_to_date | 0 | 60 000 | 60000 | tkr |",
        "x1 | b | Kost  | d | 2 | Avvikelse | deviation      | 0 | 501    | 501   | tkr | b",
        "x1 | c | Idrott| b | 1 | Budget    | budget_to_date | 0 | 100    | 100   | tkr |",
        "x1 | c | Idrott| d | 2 | Avvikelse | deviation      | 0 | 500    | 500   | tkr | b",
        "x2 | a | Annan | d | 2 | Avvikelse | deviation      | 0 | 9 000  | 9000  | tkr | b",
    )
    found = house.findings("quality.report_comment_due", "comment_due")
    assert messages(found) == [
        "x1, Vård: Avvikelse -501 tkr är över gränsen 500 tkr och 1 procent och har ingen kommentar",
        "x1, Vård: Mot plan 41 tkr är över gränsen 40 tkr och har ingen kommentar",
    ]


@pytest.mark.parametrize("comment", ["a | Vakanser.", "'' | Avvikelsen i Vård och Kost beror på vakanser."])
def test_a_comment_to_the_row_or_one_to_the_table_that_names_it_explains(house: House, comment: str) -> None:
    house.given("staging.edition_comment_limit", LIMITS)
    deviations(house, "x1 | a | Vård | d | 2 | Avvikelse | deviation | 0 | -501 | -501 | tkr | b")
    assert len(house.findings("quality.report_comment_due")) == 1
    row_id, words = comment.split(" | ")
    house.connection.execute(
        "insert into build.printed_text (table_id, row_id, sequence_number, comment_words) values ('x1', ?, 1, ?)",
        [row_id.strip("'"), words],
    )
    house.connection.execute("delete from build.judgement")
    assert house.findings("quality.report_comment_due") == []


def comment_of_yesterday(house: House, words: str, dated: str) -> None:
    house.given(
        "build.earlier_comment",
        """table_id | row_id | sequence_number | comment_words | dated_on | version | column_id | printed
        x1 | a | 1 | Vakanser. | 2021-09-01 | 2 | d | -501
        x1 | a | 1 | Vakanser. | 2021-09-01 | 2 | b | 40 000""",
    )
    house.given(
        "build.printed_text",
        f"""table_id | row_id | sequence_number | row_label | comment_words | dated_on
        x1 | a | 1 | Vård | {words} | {dated}""",
    )


def test_a_comment_whose_number_has_changed_is_to_be_read_again(house: House) -> None:
    comment_of_yesterday(house, "Vakanser.", "2021-09-01")
    deviations(
        house,
        "x1 | a | Vård | b | 1 | Budget    | budget_to_date | 0 | 41 000 | 41000 | tkr |",
        "x1 | a | Vård | d | 2 | Avvikelse | deviation      | 0 | 499    | 499   | tkr | b",
    )
    found = house.findings("quality.report_comment_outdated", "comment_to_read_again")
    assert messages(found) == [
        "Kommentaren till x1, Vård, skrevs när talet var ett annat (version 2): Avvikelse -501 → 499"
    ]


@pytest.mark.parametrize(
    ("words", "dated", "printed"),
    [("Vakanser.", "2021-09-01", "-501"), ("Vakanser.", "2021-09-02", "499"), ("Nya vakanser.", "2021-09-01", "499")],
)
def test_the_same_number_a_new_text_or_a_new_day_is_let_through(
    house: House, words: str, dated: str, printed: str
) -> None:
    comment_of_yesterday(house, words, dated)
    deviations(house, f"x1 | a | Vård | d | 2 | Avvikelse | deviation | 0 | {printed} | {printed} | tkr | b")
    assert house.findings("quality.report_comment_outdated") == []


def test_a_placeholder_left_in_a_cell_a_label_or_a_text(house: House) -> None:
    house.given(
        "build.printed_cell",
        """table_id | row_id | row_label | column_id | head | table_heading | printed
        x1 | a | Vård      | u | Utfall | Resultat | XX
        x1 | b | Kost (?)  | u | Utfall | Resultat | {saknas}
        x1 | c | XXL-vård? | u | Utfall | Resultat | 12 %""",
    )
    house.given(
        "build.printed_text",
        """table_id | row_id | sequence_number | heading | is_running_text | printed
        x1       | a |  1 | Resultat | false | Överskottet blev XX mnkr.
        text:Mer | r  | 2 | Mer      | true  | Vad händer nu? Vi vet {snart}, men ?? återstår.""",
    )
    found = house.findings("quality.report_placeholder", "placeholder_printed")
    assert sorted(messages(found)) == [
        "text:Mer:r:2 har platshållaren ?? kvar",
        "x1:a:1 har platshållaren XX kvar",
        "x1:a:u har platshållaren XX kvar",
        "x1:b har platshållaren ? kvar",
        "x1:b:u har platshållaren { kvar",
        "x1:b:u har platshållaren } kvar",
    ]


def test_a_label_that_names_another_unit_and_a_difference_between_per_cents(house: House) -> None:
    house.given(
        "build.printed_cell",
        f"""{CELL}
        x1 | a | Resultat (tkr)          | u | 1 | Utfall    | actual    | 0 | 12,3  | 12.3 | mnkr
        x1 | b | Resultat, mnkr          | u | 1 | Utfall    | actual    | 0 | 12,3  | 12.3 | mnkr
        x1 | c | Nyttjande, timmar       | u | 1 | Utfall    | actual    | 0 | 61 %  | 61   | %
        x1 | d | Heltid                  | d | 2 | Avvikelse | deviation | 0 | 0,5 % | 0.5  | %
        x1 | e | Frånvaro                | d | 2 | Procentenheter | deviation | 0 | 0,5   | 0.5  | %""",
    )
    found = house.findings("quality.report_unit")
    assert [(one.rule_id, one.message) for one in found] == [
        ("unit_not_as_labelled", "x1, Resultat (tkr): raden trycks i mnkr men namnet säger tkr"),
        (
            "difference_not_in_points",
            "x1, Heltid: Avvikelse är en skillnad mellan procenttal och skrivs som procent",
        ),
    ]


def test_one_measure_is_printed_with_one_sign_in_a_table(house: House) -> None:
    house.given(
        "build.printed_cell",
        """table_id | row_id | row_label | column_id | measure_id | quantity | row_sign | deviation_sign
        x1 | a | Vård   | k | cost   | actual    | 1  | 1
        x1 | b | Kost   | k | cost   | actual    | -1 | 1
        x1 | c | Summa  | d | result | deviation | 1  | 1
        x1 | d | Idrott | d | result | deviation | 1  | -1
        x2 | a | Annan  | k | cost   | actual    | -1 | 1""",
    )
    found = house.findings("quality.report_sign")
    assert [(one.rule_id, one.message) for one in found] == [
        (
            "sign_differs_within_table",
            "x1: raderna Kost, Vård är samma mått men trycks med olika tecken",
        ),
        (
            "deviation_sign_differs_within_table",
            "x1: raderna Idrott, Summa är samma mått men deras avvikelser vänds åt olika håll",
        ),
    ]
