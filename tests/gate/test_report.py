"""What the edition asks for, and whether the report's figures hold together."""

from __future__ import annotations

import pytest

from flows.domain.finding import Effect
from tests.gate.conftest import House, messages

ROWS = "table_id | row_id | row_label | measure_id | area | sex | item_id | print_unit"


def test_a_row_that_asks_for_what_nobody_makes(house: House) -> None:
    house.given("staging.edition_area", "area_code | area_name | order_number\n RS | Råd och Stöd | 1")
    house.given(
        "staging.edition_row",
        f"""{ROWS}
        t01 | r1 | Resultat      | result    | Råd och Stöd | T |     | tkr
        t01 | r2 | Utan område   | result    | -            | T |     | tkr
        t01 | r3 | Nöjda         | indicator |              | T | I01 | %
        t01 | r4 | Fiskar        | fishes    |              | T |     | antal
        t01 | r5 | Okänt område  | result    | XX           | T |     | tkr
        t01 | r6 | Namnlös       | goal      |              | T |     | status
        t01 | r7 | Fel enhet     | result    | RS           | T |     | timmar
        """,
    )
    found = {one.rule_id: one for one in house.findings("quality.edition_request")}
    assert {rule_id: one.keys["row_id"] for rule_id, one in found.items()} == {
        "report_asks_for_unknown_measure": "r4",
        "report_asks_for_unknown_area": "r5",
        "report_row_without_item": "r6",
        "report_unit_unknown": "r7",
    }
    assert found["report_asks_for_unknown_measure"].message == (
        "Rapporten frågar efter måttet fishes, som inte finns i katalogen (t01, raden Fiskar)"
    )
    assert found["report_asks_for_unknown_measure"].effect is Effect.BARS_PUBLICATION


def test_a_column_that_asks_for_what_nobody_makes(house: House) -> None:
    house.given(
        "staging.edition_column",
        """
        table_id | column_id | quantity       | year_offset | minuend_column | subtrahend_column
        t01      | utfall    | actual         | 0           |                |
        t01      | budget    | budget_to_date | 0           |                |
        t01      | avvikelse | deviation      | 0           | utfall         | budget
        t01      | annan     | deviation      | 0           | utfall         | prognos
        t01      | skattning | guess          | 0           |                |
        """,
    )
    found = house.findings("quality.edition_column_request")
    assert {one.rule_id: one.keys["column_id"] for one in found} == {
        "report_asks_for_unknown_quantity": "skattning",
        "deviation_without_columns": "annan",
    }


CELLS = (
    "table_id | row_id | row_label | column_id | quantity | minuend_column | subtrahend_column | deviation_sign"
    " | figure_value"
)


def test_a_deviation_is_known_where_both_its_cells_are(house: House) -> None:
    house.given(
        "marts.report_cell",
        f"""{CELLS}
        t04 | a | Rätt      | u | actual         |   |   | 1  | 100.005
        t04 | a | Rätt      | b | budget_to_date |   |   | 1  | 40
        t04 | a | Rätt      | d | deviation      | u | b | 1  | 60.005
        t04 | b | Vänd      | u | actual         |   |   | -1 | 100
        t04 | b | Vänd      | b | budget_to_date |   |   | -1 | 40
        t04 | b | Vänd      | d | deviation      | u | b | -1 | -60
        t04 | c | Fel       | u | actual         |   |   | 1  | 100
        t04 | c | Fel       | b | budget_to_date |   |   | 1  | 40
        t04 | c | Fel       | d | deviation      | u | b | 1  | 60.01
        t04 | d | Saknas    | u | actual         |   |   | 1  |
        t04 | d | Saknas    | b | budget_to_date |   |   | 1  | 40
        t04 | d | Saknas    | d | deviation      | u | b | 1  |
        t04 | e | Ur luften | u | actual         |   |   | 1  |
        t04 | e | Ur luften | b | budget_to_date |   |   | 1  | 40
        t04 | e | Ur luften | d | deviation      | u | b | 1  | 40
        """,
    )
    assert [one.keys["row_id"] for one in house.findings("quality.report_deviation", "deviation_of_unknown_parts")] == [
        "e"
    ]


FIGURES = "subject_id | area_code | sex | quantity | year_offset | organisation_view | figure_unit | figure_value"


def test_areas_and_what_belongs_to_none_sum_to_the_total_to_the_last_ore(house: House) -> None:
    house.given(
        "marts.figure",
        f"""{FIGURES}
        result | RS | T | actual         | 0 | restated | sek   | 10.01
        result | -  | T | actual         | 0 | restated | sek   | 5.00
        result | *  | T | actual         | 0 | restated | sek   | 15.01
        result | RS | T | budget_to_date | 0 | restated | sek   | 10.00
        result | -  | T | budget_to_date | 0 | restated | sek   | 5.00
        result | *  | T | budget_to_date | 0 | restated | sek   | 15.01
        """,
    )
    house.connection.execute("update marts.figure set area_code = '' where area_code = '*'")
    (found,) = house.findings("reconciliations.area_total", "areas_not_total")
    assert found.message == ("Områdena summerar inte till totalen för result, budget_to_date (år 0): −0,01 kr skiljer")
    assert house.findings("quality.figure_total") == []


RECONCILED = {
    "reconciliations.result_total": ("result_not_ledger", "measure_id | quantity | year_offset", "result | actual | 0"),
    "reconciliations.deviation": ("deviation_not_difference", "table_id | row_id | column_id", "t04 | a | d"),
    "reconciliations.volume_total": ("volume_not_delivered", "measure_id | month", "meals | 2021-04-01"),
    "reconciliations.unit_share": ("unit_not_followed_whole", "unit_code", "1101"),
}


@pytest.mark.parametrize("table", RECONCILED)
def test_a_reconciliation_passes_at_zero_and_is_caught_at_the_least_difference(house: House, table: str) -> None:
    rule_id, head, key = RECONCILED[table]
    house.given(table, f"{head} | expected | actual | difference\n {key} | 1 | 1 | 0")
    assert house.findings(table) == []
    house.connection.execute(f"update {table} set actual = 1.000001, difference = 0.000001")
    (found,) = house.findings(table, rule_id)
    assert found.effect is Effect.BARS_PUBLICATION


def test_a_total_with_an_unknown_area_in_it_is_no_total(house: House) -> None:
    house.given(
        "marts.figure",
        f"""{FIGURES}
        result | RS | T | forecast_full_year | 0 | restated | sek |
        result | AO | T | forecast_full_year | 0 | restated | sek | 5.00
        result | *  | T | forecast_full_year | 0 | restated | sek | 5.00
        cost   | RS | T | forecast_full_year | 0 | restated | sek |
        cost   | *  | T | forecast_full_year | 0 | restated | sek |
        """,
    )
    house.connection.execute("update marts.figure set area_code = '' where area_code = '*'")
    assert [one.keys["subject_id"] for one in house.findings("quality.figure_total", "total_of_unknown_areas")] == [
        "result"
    ]


def test_a_typed_indicator_may_be_rounded_but_not_another(house: House) -> None:
    house.delivered("extract | period\n indikatorer_manuell | 2021-08")
    house.given(
        "marts.report_cell",
        """
        table_id | row_id | row_label  | column_id | measure_id | item_id | sex | numerator | denominator
        t13      | a      | Frånvaro   | u         | sick_leave | I01     | T   | 9349      | 100000
        t13      | b      | Frånvaro K | u         | sick_leave | I01     | K   | 9351      | 100000
        """,
    )
    house.connection.execute(
        "update marts.report_cell set quantity = 'actual', year_offset = 0, multiplier = 100, divisor = 1,"
        " row_sign = 1, print_pattern = '0,0'"
    )
    house.given(
        "staging.indicator_input",
        """
        month      | indicator_id | sex | observation_period | indicator_value
        2021-08-01 | I01          | T   | 2021-08            | 9.3
        2021-08-01 | I01          | K   | 2021-08            | 9.3
        2021-08-01 | I01          | T   | 2020               | 12.0
        """,
    )
    (found,) = house.findings("quality.indicator_input", "indicator_contradicted")
    assert found.keys["sex"] == "K"
    assert found.effect is Effect.BARS_LOCK
    assert messages([found]) == ["Indikatorn Frånvaro K (I01) är inmatad som 9,3 men beräknas till något annat (t13)"]


def test_a_value_says_what_it_is_and_holds_no_number_that_it_denies(house: House) -> None:
    for table in ("volume", "volume_to_date", "staffing", "staffing_to_date", "report_cell"):
        house.given(f"marts.{table}", "value_status")
    house.given(
        "marts.figure",
        """
        subject_id | value_status | figure_value
        a          | actual       | 1
        b          | missing      |
        c          | suppressed   |
        """,
    )
    assert house.findings("quality.value_statement") == []
    house.given(
        "marts.figure",
        """
        subject_id | value_status | figure_value
        d          | missing      | 1
        e          | suppressed   | 1
        f          |              | 1
        """,
    )
    house.connection.execute("update marts.figure set numerator = null")
    assert [(one.rule_id, one.keys["value_status"]) for one in house.findings("quality.value_statement")] == [
        ("value_status_unknown", ""),
        ("suppressed_value_shown", "suppressed"),
        ("missing_value_shown", "missing"),
    ]
