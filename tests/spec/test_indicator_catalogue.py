"""The catalogue of indicators: targets by year, new ids for new definitions, and what the report says of a cell."""

from __future__ import annotations

import pytest

from flows.domain.period import Period
from flows.reports.report import print_report
from flows.reports.wording import read_wording

CATALOGUE = """
| indicator_id | valid_from | valid_to   | indicator_name | owner_role | definition  | direction_code | print_unit | type_code   | sex_split_code | first_day  | replaced_id | expected_rule |
| nki          | 2015-01-01 | 2021-12-31 | Nöjda          | kvalitet   | andel nöjda | HOGRE          | %          | MATNING     | EJ             | 2016-01-01 |             |               |
| nki_ny       | 2022-01-01 |            | Nöjda          | kvalitet   | index 0-100 | HOGRE          | %          | MATNING     | EJ             | 2022-01-01 | nki         | 06-31         |
| hme_ny       | 2022-01-01 |            | HME            | hr         | ny enkät    | HOGRE          | index      | MATNING     | EJ             |            | hme         | +20           |
| hme          | 2015-01-01 | 2021-12-31 | HME            | hr         | enkät       | HOGRE          | %          | MATNING     | EJ             |            |             |               |
| avgangar     | 2015-01-01 |            | Avgångar       | hr         | avgångna    | LAGRE          | %          | ACKUMULERAD | EJ             |            |             |               |
| antal        | 2015-01-01 |            | Antal          | hr         | anställda   | INGEN          | antal      | STOCK       | KRAVS          |            |             | snart         |
"""

TYPED = """
| month   | indicator_id | sex | observation_period | observed_period | indicator_value | target_value | target_words |
| 2022-03 | nki_ny       | T   | 2022-03            |                 | 71              | 80           |              |
| 2022-03 | nki_ny       | T   | 2020               |                 | 69              |              |              |
| 2022-03 | nki          | T   | 2021               |                 | 84              |              |              |
| 2022-03 | nki          | T   | 2020               |                 | 83              |              |              |
| 2022-03 | nki          | T   | 2021-03            |                 | 85              |              |              |
| 2022-03 | nki          | T   | 2022-03            |                 | 86              |              |              |
| 2022-03 | hme          | T   | 2021               |                 | 73              |              |              |
| 2022-03 | antal        | T   | 2022-03            | 2021            | 40              |              |              |
| 2022-03 | antal        | T   | 2021               | 2020            | 39              |              |              |
| 2022-03 | avgangar     | T   | 2022-03            |                 | 2.1             |              |              |
"""

TARGETS = """
| indicator_id | year | sex | target_value | target_words | target_kind | decided_by |
| nki_ny       | 2022 | T   | 75           |              | TAL         | nämnden    |
| nki_ny       | 2021 | T   | 74           |              | TAL         | nämnden    |
| antal        | 2022 | T   |              | minst 40     | REGEL       | nämnden    |
| avgangar     | 2022 | T   | 7            |              | TAL         | nämnden    |
"""


@pytest.fixture
def catalogued(given, closing):
    given("staging.edition_indicator", CATALOGUE)
    given("staging.edition_target", TARGETS)
    given("staging.indicator_input", TYPED)
    closing("2022-03")


def test_the_rows_in_force_and_when_a_missing_value_is_due(catalogued, build, expect) -> None:
    expect(
        build("core.indicator_definition"),
        """
        | indicator_id | began_on   | direction | measure_kind      | is_sex_split_required | replaced_id | expected_day |
        | nki_ny       | 2022-01-01 | higher    | measurement       | false                 | nki         | 2022-06-30   |
        | hme_ny       | 2022-01-01 | higher    | measurement       | false                 | hme         | 2022-04-20   |
        | avgangar     | 2015-01-01 | lower     | accumulating_rate | false                 |             |              |
        | antal        | 2015-01-01 | none      | stock             | true                  |             |              |
        """,
    )


def test_an_earlier_year_comes_from_the_id_that_was_replaced_and_never_this_year(catalogued, build, expect) -> None:
    """A new id's own row comes first; another unit cannot be compared."""
    expect(
        build("core.indicator_column"),
        """
        | indicator_id | quantity    | year_offset | observed_value | typed_id | since_day  | value_status | reason                                               | is_other_period |
        | nki_ny       | observation | 0           | 71             | nki_ny   |            | actual       |                                                      | false           |
        | nki_ny       | actual      | 0           | 71             | nki_ny   |            | actual       |                                                      | false           |
        | nki_ny       | observation | -1          | 84             | nki      | 2022-01-01 | actual       |                                                      | false           |
        | nki_ny       | actual      | -1          | 85             | nki      | 2022-01-01 | actual       |                                                      | false           |
        | nki_ny       | observation | -2          | 69             | nki_ny   |            | actual       |                                                      | false           |
        | hme_ny       | observation | -1          |                | hme      | 2022-01-01 | missing      | mättes i % före 2022-01-01, går inte att jämföra     | false           |
        | nki          | observation | 0           | 86             | nki      |            | actual       |                                                      | false           |
        | nki          | actual      | 0           | 86             | nki      |            | actual       |                                                      | false           |
        | nki          | observation | -1          | 84             | nki      |            | actual       |                                                      | false           |
        | nki          | actual      | -1          | 85             | nki      |            | actual       |                                                      | false           |
        | nki          | observation | -2          | 83             | nki      |            | actual       |                                                      | false           |
        | hme          | observation | -1          | 73             | hme      |            | actual       |                                                      | false           |
        | antal        | observation | 0           | 40             | antal    |            | actual       |                                                      | true            |
        | antal        | actual      | 0           | 40             | antal    |            | actual       |                                                      | true            |
        | antal        | observation | -1          | 39             | antal    |            | actual       |                                                      | true            |
        | avgangar     | observation | 0           | 2.1            | avgangar |            | actual       |                                                      | false           |
        | avgangar     | actual      | 0           | 2.1            | avgangar |            | actual       |                                                      | false           |
        """,
    )


def test_a_circle_of_replaced_ids_ends(given, closing, build, expect) -> None:
    given(
        "staging.edition_indicator",
        """
        | indicator_id | valid_from | valid_to   | print_unit | replaced_id |
        | a            | 2022-01-01 |            | %          | b           |
        | b            | 2020-01-01 | 2021-12-31 | %          | c           |
        | c            | 2018-01-01 | 2019-12-31 | index      | a           |
        """,
    )
    closing("2022-03")
    expect(
        build("core.indicator_predecessor"),
        """
        | indicator_id | earlier_id | replacement_step | since_day  | is_same_unit |
        | a            | b          | 1                | 2022-01-01 | true         |
        | a            | c          | 2                | 2020-01-01 | false        |
        """,
    )


def test_the_editions_target_is_printed_and_each_year_has_its_own(catalogued, build, expect) -> None:
    expect(
        build("core.indicator_target"),
        """
        | indicator_id | sex | year_offset | target_value | target_words | target_kind | decided_by |
        | nki_ny       | T   | 0           | 75           |              | TAL         | nämnden    |
        | nki_ny       | T   | -1          | 74           |              | TAL         | nämnden    |
        | antal        | T   | 0           |              | minst 40     | REGEL       | nämnden    |
        | avgangar     | T   | 0           | 7            |              | TAL         | nämnden    |
        """,
    )


def test_without_a_catalogue_the_typed_target_counts(given, closing, build, expect) -> None:
    given("staging.indicator_input", TYPED)
    closing("2022-03")
    expect(
        build("core.indicator_target"),
        """
        | indicator_id | sex | year_offset | target_value | target_words | target_kind | decided_by |
        | nki_ny       | T   | 0           | 80           |              |             |            |
        """,
    )


def noted(given, build, period_head: str = "{mån} {år}"):
    given(
        "staging.edition_table",
        "| edition_id | table_id | table_name | order_number | heading |\n| e | t1 | x | 1 | X |",
    )
    given(
        "staging.edition_row",
        """
        | table_id | row_id | order_number | row_label | measure_id        | sex | item_id  | print_unit |
        | t1       | nki    | 1            | Nöjda     | indicator         | T   | nki_ny   | %          |
        | t1       | avg    | 2            | Avgångar  | external_turnover | T   | avgangar | %          |
        | t1       | ant    | 3            | Antal     | indicator         | T   | antal    | antal      |
        | t1       | fri    | 4            | Fri       | indicator         | T   | okand    | antal      |
        """,
    )
    given(
        "staging.edition_column",
        """
        | table_id | column_id | order_number | quantity    | year_offset |
        | t1       | ar2       | 1            | observation | -2          |
        | t1       | ar1       | 2            | observation | -1          |
        | t1       | utfall    | 3            | actual      | 0           |
        | t1       | mal       | 4            | target      | 0           |
        """,
    )
    return build("marts.report_note")


NOTES = """
| row_id | column_id | footnote_kind      | note_words  | since_day  |
| nki    | ar1       | redefined          | andel nöjda | 2022-01-01 |
| avg    | mal       | accumulated_target |             |            |
| ant    | ar1       | other_period       | 2020        |            |
| ant    | utfall    | other_period       | 2021        |            |
| ant    | utfall    | stock              |             |            |
"""


def test_the_report_says_what_a_figure_is_about(catalogued, given, build, expect) -> None:
    expect(noted(given, build), NOTES)


def test_at_the_years_end_a_rate_that_grows_meets_its_full_year_target(given, closing, build) -> None:
    given("staging.edition_indicator", CATALOGUE)
    given("staging.edition_target", TARGETS)
    given("staging.indicator_input", TYPED)
    closing("2022-12")
    made = noted(given, build)
    kinds = [row[list(made.types).index("footnote_kind")] for row in made.rows]
    assert "accumulated_target" not in kinds


def test_a_table_of_one_kind_needs_no_word_of_it(given, closing, build, expect) -> None:
    given("staging.edition_indicator", CATALOGUE.replace("ACKUMULERAD", "STOCK").replace("MATNING", "STOCK"))
    given("staging.edition_target", TARGETS)
    given("staging.indicator_input", TYPED)
    closing("2022-03")
    expect(
        noted(given, build),
        "\n".join(line for line in NOTES.splitlines() if "stock" not in line and "accum" not in line),
    )


def test_an_observation_of_the_year_under_the_months_head_says_so(given, closing, build, expect) -> None:
    given(
        "staging.indicator_input",
        """
        | month   | indicator_id | sex | observation_period | indicator_value |
        | 2022-03 | nki_ny       | T   | 2022               | 71              |
        """,
    )
    closing("2022-03")
    expect(
        build("core.indicator_column"),
        """
        | indicator_id | quantity    | year_offset | observed_period | is_other_period |
        | nki_ny       | observation | 0           | 2022            | false           |
        | nki_ny       | actual      | 0           | 2022            | true            |
        """,
    )


def test_the_published_catalogue_has_indicators_and_computed_measures(catalogued, given, build) -> None:
    noted(given, build)
    made = build("marts.indicator_catalogue")
    rows = [dict(zip(made.types, row, strict=True)) for row in made.rows]
    found = {(row["catalogue_kind"], row["subject_id"]): row for row in rows}
    turnover = found["indicator", "avgangar"]
    assert (turnover["measure_id"], turnover["direction"], turnover["target_value"]) == (
        "external_turnover",
        "lower",
        7,
    )
    assert (turnover["owner_role"], turnover["definition"], turnover["print_unit"]) == ("hr", "avgångna", "%")
    assert found["indicator", "antal"]["target_words"] == "minst 40"
    measure = found["measure", "sick_leave"]
    assert (measure["measure_id"], measure["direction"], measure["measure_kind"]) == ("sick_leave", "lower", "rate")
    assert measure["definition"].startswith("Sjukfrånvarons andel")
    assert ("measure", "indicator") not in found


def test_what_the_catalogue_knows_of_a_cell_is_printed_below_its_table(catalogued, given, build, warehouse) -> None:
    noted(given, build)
    build("core.figure_indicator")
    given("marts.figure", "| subject_id |")
    warehouse.connection.execute("insert into marts.figure by name select * from core.figure_indicator")
    build("marts.report_cell")
    warehouse.connection.execute("update marts.report_cell set print_pattern = '0', head_template = column_id")
    tables = [
        warehouse.connection.execute(f"select * from marts.{name}").to_arrow_table()
        for name in ("report_cell", "report_note")
    ]
    printed = print_report(tables[0], Period(2022, 3), read_wording(), tables[1])
    assert printed.footnotes.column("text").to_pylist() == [
        "Nöjda: ny definition från 2022-01-01; ar1 enligt den tidigare (andel nöjda), inte jämförbart.",
        "Avgångar: ackumulerat, målet avser helår.",
        "Antal: ar1 avser 2020.",
        "Antal: utfall avser 2021.",
        "Antal: läget på periodens sista dag.",
    ]
