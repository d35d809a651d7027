"""The report's cells: which figure each asks for, its sign, unit and evidence."""

from __future__ import annotations

import pytest

FIGURES = """
| subject_id      | area_code | sex | quantity           | year_offset | measure_id      | figure_unit | value_status | method | months  | reason | organisation_tag | words | figure_value | numerator | denominator | organisation_view | adjustment_value |
| result          | ''        | T   | forecast_full_year | 0           | result          | sek         | forecast     |        |         |        | ''               |       | 22100        |           |             | restated          | 500              |
| result          | ''        | T   | forecast_full_year | 0           | result          | sek         | forecast     |        |         |        | ''               |       | 99999        |           |             | as_was            |                  |
| result          | ''        | T   | budget_full_year   | 0           | result          | sek         | budget       |        |         |        | ''               |       | 100          |           |             | restated          |                  |
| result          | AO        | T   | forecast_full_year | 0           | result          | sek         | missing      |        |         | borta  | ''               |       |              |           |             | restated          |                  |
| result          | AO        | T   | budget_full_year   | 0           | result          | sek         | budget       |        |         |        | ''               |       | 7            |           |             | restated          |                  |
| home_care_hours | ''        | T   | forecast_full_year | 0           | home_care_hours | printed     | forecast     | months | 2021-01 | fel    | ''               |       | 300          |           |             | ''                |                  |
| home_care_hours | ''        | T   | budget_full_year   | 0           | home_care_hours | hours       | budget       |        |         |        | ''               |       | 290          |           |             | ''                |                  |
| sick_leave      | ''        | K   | forecast_full_year | 0           | sick_leave      | ratio       | actual       |        |         |        | same             |       |              | 9         | 100         | ''                |                  |
| sick            | ''        | K   | target             | 0           | indicator       | printed     | target       |        |         |        | ''               | max 7 |              |           |             | ''                |                  |
| ao_goal         | ''        | T   | target             | 0           | indicator       | printed     | target       |        |         |        | ''               |       | 5            |           |             | ''                |                  |
| hme             | ''        | T   | forecast_full_year | 0           | indicator       | printed     | actual       |        |         |        | ''               |       | 73           |           |             | ''                |                  |
"""

ROWS = """
| table_id | row_id | order_number | row_label | measure_id      | area        | sex | item_id | print_unit | print_pattern | target_pattern | row_sign | deviation_sign | shown_when |
| t1       | net    | 1            | Netto     | result          |             | T   |         | tkr        | # ##0         |                | -1       | 1              | ALLTID     |
| t1       | inv    | 2            | Resultat  | result          |             | T   |         | tkr        | # ##0         |                | 1        | -1             | ALLTID     |
| t1       | ao     | 3            | ÄO        | result          | Äldreomsorg | T   | ao_goal | tkr        | # ##0         |                | 1        | 1              | ALLTID     |
| t1       | care   | 4            | Hemtjänst | home_care_hours |             | T   |         | timmar     | # ##0         |                | 1        | 1              | ALLTID     |
| t1       | sick   | 5            | Sjuk      | sick_leave      |             | K   | sick    | %          | 0,0 %         | 0 %            | 1        | 1              | ALLTID     |
| t1       | hme    | 6            | HME       | indicator       |             | T   | hme     | index      | 0             |                | 1        | 1              | ALLTID     |
| t1       | wrong  | 7            | Fel enhet | result          |             | T   |         | timmar     | 0             |                | 1        | 1              | ALLTID     |
| t1       | empty  | 8            | Ingen     | indicator       |             | T   | nobody  | index      | 0             |                | 1        | 1              | ALLTID     |
"""

COLUMNS = """
| table_id | column_id | order_number | head_template | quantity           | year_offset | minuend_column | subtrahend_column |
| t1       | f         | 1            | Prognos       | forecast_full_year | 0           |                |                   |
| t1       | b         | 2            | Budget        | budget_full_year   | 0           |                |                   |
| t1       | d         | 3            | Avvikelse     | deviation          | 0           | f              | b                 |
| t1       | m         | 4            | Mål           | target             | 0           |                |                   |
"""


@pytest.fixture
def cells(given, closing, build) -> dict[tuple[str, str], dict[str, object]]:
    """(row, column) → cell of the drawn edition on the drawn figures."""
    given("staging.edition_area", "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |")
    given(
        "staging.edition_table",
        "| edition_id | table_id | table_name | order_number | heading |\n| e | t1 | t1_x | 1 | X |",
    )
    given("staging.edition_row", ROWS)
    given("staging.edition_column", COLUMNS)
    given("marts.figure", FIGURES)
    closing("2021-08")
    made = build("marts.report_cell")
    rows = [dict(zip(made.types, row, strict=True)) for row in made.rows]
    return {(row["row_id"], row["column_id"]): row for row in rows}


def test_every_row_meets_every_column_once(cells) -> None:
    assert len(cells) == 8 * 4


def test_the_rows_sign_is_left_to_the_printer_and_the_deviations_is_in_the_figure(cells) -> None:
    assert (cells["net", "f"]["figure_value"], cells["net", "f"]["row_sign"]) == (22100, -1)
    assert cells["net", "d"]["figure_value"] == 22000
    assert cells["inv", "d"]["figure_value"] == -22000
    assert (cells["net", "d"]["multiplier"], cells["net", "d"]["divisor"]) == (1, 1000)


def test_what_stands_on_adjustments_goes_into_the_deviation_like_the_figure(cells) -> None:
    assert [cells["net", column]["adjustment_value"] for column in "fbd"] == [500, None, 500]
    assert cells["inv", "d"]["adjustment_value"] == -500
    assert cells["ao", "d"]["adjustment_value"] is None


@pytest.mark.parametrize(
    ("rule", "money", "care"),
    [
        ("OMRAKNAD", "restated", "restated"),
        ("SOM_VAR", "as_was", "as_was"),
        ("INGEN", "restated", "as_was"),
    ],
)
def test_the_tables_rule_decides_which_organisation_its_figures_are_read_in(
    given, closing, build, expect, rule: str, money: str, care: str
) -> None:
    given(
        "staging.edition_table",
        f"| edition_id | table_id | table_name | order_number | comparative_rule |\n| e | t1 | t1_x | 1 | {rule} |",
    )
    given(
        "staging.edition_row",
        """
        | table_id | row_id | measure_id | sex | print_unit | row_sign |
        | t1       | net    | result     | T   | tkr        | 1        |
        | t1       | days   | care_days  | T   | dygn       | 1        |
        | t1       | sick   | sick_leave | T   | %          | 1        |
        """,
    )
    given("staging.edition_column", "| table_id | column_id | quantity | year_offset |\n| t1 | then | actual | -1 |")
    given(
        "marts.figure",
        """
        | subject_id | area_code | sex | quantity | year_offset | organisation_view | figure_unit | value_status | organisation_tag | figure_value |
        | result     | ''        | T   | actual   | -1          | restated          | sek         | actual       | restated         | 1            |
        | result     | ''        | T   | actual   | -1          | as_was            | sek         | actual       | not_restated     | 2            |
        | care_days  | ''        | T   | actual   | -1          | restated          | days        | actual       | restated         | 3            |
        | care_days  | ''        | T   | actual   | -1          | as_was            | days        | actual       | not_restated     | 4            |
        | sick_leave | ''        | T   | actual   | -1          | ''                | ratio       | actual       | not_restated     | 5            |
        """,
    )
    closing("2021-08")
    values = {"restated": (1, 3), "as_was": (2, 4)}
    tags = {"restated": "restated", "as_was": "not_restated"}
    expect(
        build("marts.report_cell"),
        f"""
        | row_id | organisation_view | figure_value     | organisation_tag |
        | net    | {money} | {values[money][0]} | {tags[money]}    |
        | days   | {care}  | {values[care][1]}  | {tags[care]}     |
        | sick   | ''      | 5                  | not_restated     |
        """,
    )


def test_the_weaker_part_lends_the_deviation_its_status(cells) -> None:
    assert cells["net", "d"]["value_status"] == "forecast"
    assert (cells["ao", "d"]["value_status"], cells["ao", "d"]["reason"]) == ("missing", "borta")
    assert cells["ao", "d"]["figure_value"] is None


def test_a_difference_of_two_units_is_the_printers_alone(cells) -> None:
    assert cells["care", "d"]["figure_value"] is None
    assert cells["care", "d"]["value_status"] == "forecast"


def test_targets_are_asked_of_the_item_in_the_targets_pattern(cells) -> None:
    assert (cells["sick", "m"]["words"], cells["sick", "m"]["print_pattern"]) == ("max 7", "0 %")
    assert (cells["sick", "f"]["numerator"], cells["sick", "f"]["denominator"]) == (9, 100)
    assert (cells["sick", "f"]["multiplier"], cells["sick", "f"]["print_pattern"]) == (100, "0,0 %")


def test_what_people_type_has_no_area_whatever_the_rows(cells) -> None:
    assert (cells["ao", "m"]["area_code"], cells["ao", "m"]["figure_value"]) == ("AO", 5)


def test_a_typed_figure_is_in_the_printed_unit_already(cells) -> None:
    assert (cells["hme", "f"]["figure_value"], cells["hme", "f"]["multiplier"], cells["hme", "f"]["divisor"]) == (
        73,
        1,
        1,
    )


def test_a_figure_that_cannot_be_carried_into_the_printed_unit_is_missing(cells) -> None:
    assert cells["wrong", "f"]["figure_value"] is None
    assert cells["wrong", "f"]["value_status"] == "missing"
    assert cells["wrong", "f"]["reason"] == "enheten kan inte räknas om till timmar"


def test_what_nobody_typed_is_missing_without_a_word(cells) -> None:
    cell = cells["empty", "f"]
    assert (cell["value_status"], cell["words"], cell["reason"], cell["figure_value"]) == ("missing", None, None, None)


def test_a_refused_extract_makes_its_cells_missing_with_the_reason(given, closing, build, expect) -> None:
    given("staging.edition_area", "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |")
    given("staging.edition_table", "| edition_id | table_id | table_name | order_number |\n| e | t1 | t1_x | 1 |")
    given(
        "staging.edition_row",
        "| table_id | row_id | measure_id | sex | item_id | print_unit | row_sign | deviation_sign |\n"
        "| t1 | sick | sick_leave | M | sick | % | 1 | 1 |",
    )
    given(
        "staging.edition_column",
        "| table_id | column_id | quantity | year_offset |\n| t1 | now | actual | 0 |\n| t1 | then | actual | -1 |\n"
        "| t1 | goal | target | 0 |",
    )
    given(
        "marts.staffing_to_date",
        "| year_offset | level | area_code | unit_code | sex | age_group | measure_id | value_status | numerator | denominator |\n"
        "| 0 | organisation | '' | '' | T | T | sick_leave | actual | 1 | 10 |\n"
        "| -1 | organisation | '' | '' | M | T | sick_leave | actual | 2 | 10 |",
    )
    given(
        "build.withheld_extract",
        "| extract | period | reason |\n| heroma_franvaro | 2021-08 | kolumnen timmar saknas |",
    )
    closing("2021-08")
    expect(
        build("marts.report_cell"),
        """
        | column_id | value_status | reason                 | numerator | denominator |
        | now       | missing      | kolumnen timmar saknas |           |             |
        | then      | actual       |                        | 2         | 10          |
        | goal      | missing      |                        |           |             |
        """,
    )
    made = build("marts.figure")
    at = {name: index for index, name in enumerate(made.types)}
    withheld = [row for row in made.rows if row[at["subject_id"]] == "sick_leave" and row[at["year_offset"]] == 0]
    assert {row[at["sex"]] for row in withheld} == {"T", "M"}
    assert {row[at["numerator"]] for row in withheld} == {None}


def test_a_deviation_is_reconciled_with_the_figures_it_stands_on(given, closing, build, expect, cells) -> None:
    expect(
        build("reconciliations.deviation"),
        """
        | row_id | expected | actual | difference |
        | net    | 22000    | 22000  | 0          |
        | inv    | -22000   | -22000 | 0          |
        """,
    )


def test_the_share_of_personnel_carries_the_share_with_hired_staff_for_its_footnote(
    given, closing, build, expect
) -> None:
    given("staging.edition_table", "| edition_id | table_id | table_name | order_number |\n| e | t1 | t1_x | 1 |")
    given(
        "staging.edition_row",
        """
        | table_id | row_id | order_number | row_label | measure_id                     | sex | print_unit | row_sign |
        | t1       | own    | 1            | Andel     | personnel_cost_share           | T   | %          | 1        |
        | t1       | all    | 2            | Med alla  | personnel_and_hired_cost_share | T   | %          | 1        |
        """,
    )
    given(
        "staging.edition_column",
        "| table_id | column_id | order_number | quantity | year_offset |\n| t1 | a | 1 | actual | 0 |",
    )
    given(
        "marts.figure",
        """
        | subject_id                     | area_code | sex | quantity | year_offset | organisation_view | figure_unit | value_status | numerator | denominator |
        | personnel_cost_share           | ''        | T   | actual   | 0           | ''                | ratio       | actual       | 600       | 900         |
        | personnel_cost_share           | ''        | T   | actual   | -1          | ''                | ratio       | actual       | 500       | 900         |
        | personnel_and_hired_cost_share | ''        | T   | actual   | 0           | ''                | ratio       | actual       | 700       | 900         |
        | personnel_and_hired_cost_share | ''        | T   | actual   | -1          | ''                | ratio       | actual       | 800       | 900         |
        """,
    )
    closing("2021-08")
    expect(
        build("marts.report_cell"),
        """
        | row_id | numerator | denominator | footnote_kind | noted_numerator | noted_denominator |
        | own    | 600       | 900         | with_hired    | 700             | 900               |
        | all    | 700       | 900         |               |                 |                   |
        """,
    )


def test_a_deviation_from_a_comparative_is_as_comparable_as_that(given, closing, build, expect) -> None:
    given(
        "staging.edition_table",
        "| edition_id | table_id | table_name | order_number | comparative_rule |\n| e | t1 | t1_x | 1 | SOM_VAR |",
    )
    given(
        "staging.edition_row",
        "| table_id | row_id | measure_id | sex | print_unit | row_sign | deviation_sign |\n"
        "| t1 | days | care_days | T | dygn | 1 | 1 |",
    )
    given(
        "staging.edition_column",
        """
        | table_id | column_id | quantity  | year_offset | minuend_column | subtrahend_column |
        | t1       | now       | actual    | 0           |                |                   |
        | t1       | then      | actual    | -1          |                |                   |
        | t1       | change    | deviation | 0           | now            | then              |
        """,
    )
    given(
        "marts.figure",
        """
        | subject_id | area_code | sex | quantity | year_offset | organisation_view | figure_unit | value_status | organisation_tag | figure_value |
        | care_days  | ''        | T   | actual   | 0           | as_was            | days        | actual       | ''               | 5            |
        | care_days  | ''        | T   | actual   | -1          | as_was            | days        | actual       | not_restated     | 4            |
        """,
    )
    closing("2021-08")
    expect(
        build("marts.report_cell"),
        """
        | column_id | figure_value | organisation_view | organisation_tag |
        | now       | 5            | as_was            | ''               |
        | then      | 4            | as_was            | not_restated     |
        | change    | 1            | as_was            | not_restated     |
        """,
    )
