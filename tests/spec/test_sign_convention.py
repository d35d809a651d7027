"""Each sign convention of a report's row: the row's own sign, its deviation's, both; and a goal's direction, which turns nothing."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from flows.domain.period import Period
from flows.reports.report import print_report
from flows.reports.tables import print_tables
from flows.reports.wording import read_wording
from tests.drawn_tables import DrawnWarehouse

FIGURES = """
| subject_id | area_code | sex | quantity           | year_offset | organisation_view | measure_id | figure_unit | value_status | figure_value |
| result     | ''        | T   | forecast_full_year | 0           | as_was            | result     | sek         | forecast     | -100         |
| result     | ''        | T   | budget_full_year   | 0           | as_was            | result     | sek         | budget       | -120         |
| result     | ''        | T   | forecast_full_year | 0           | restated          | result     | sek         | forecast     | -100         |
| result     | ''        | T   | budget_full_year   | 0           | restated          | result     | sek         | budget       | -120         |
| netto      | ''        | T   | target             | 0           | ''                | indicator  | printed     | target       | 90           |
"""

COLUMNS = """
| table_id | column_id | order_number | head_template | quantity           | year_offset | minuend_column | subtrahend_column |
| t1       | f         | 1            | Prognos       | forecast_full_year | 0           |                |                   |
| t1       | b         | 2            | Budget        | budget_full_year   | 0           |                |                   |
| t1       | d         | 3            | Avvikelse     | deviation          | 0           | f              | b                 |
"""

#: tecken, avvikelse → as printed: forecast, budget, deviation.
CONVENTIONS = {
    # a result: less loss than budgeted is better, and positive
    (1, 1): ["-100", "-120", "20"],
    # the same as a net cost: a lower cost is a negative deviation
    (-1, 1): ["100", "120", "-20"],
    # budget minus forecast
    (1, -1): ["-100", "-120", "-20"],
    # a net cost whose deviation is positive where it is better
    (-1, -1): ["100", "120", "20"],
}

DIRECTIONS = ("HOGRE", "LAGRE", "INTERVALL", "INGEN")


def printed(
    warehouse: DrawnWarehouse, row_sign: int, deviation_sign: int, direction: str = ""
) -> list[dict[str, object]]:
    """The printed row of a report with one row, described by the catalogue where a direction is given."""
    warehouse.given("marts.figure", FIGURES)
    warehouse.given(
        "staging.edition_table", "| edition_id | table_id | table_name | order_number |\n| e | t1 | x | 1 |"
    )
    warehouse.given(
        "staging.edition_row",
        "| table_id | row_id | order_number | row_label | measure_id | sex | item_id | print_unit | print_pattern | row_sign |"
        " deviation_sign | shown_when |\n"
        f"| t1 | net | 1 | Netto | result | T | netto | kr | 0 | {row_sign} | {deviation_sign} | ALLTID |",
    )
    warehouse.given("staging.edition_column", COLUMNS)
    if direction:
        warehouse.given(
            "staging.edition_indicator",
            "| indicator_id | valid_from | direction_code | print_unit | type_code |\n"
            f"| netto | 2015-01-01 | {direction} | kr | FLODE |",
        )
    warehouse.closing("2022-03")
    warehouse.build("marts.report_cell")
    warehouse.build("marts.report_note")
    cells, notes = (
        warehouse.connection.execute(f"select * from marts.{table}").to_arrow_table()
        for table in ("report_cell", "report_note")
    )
    return print_report(cells, Period(2022, 3), read_wording(), notes).cells.to_pylist()


@pytest.mark.parametrize(("signs", "words"), CONVENTIONS.items(), ids=str)
def test_the_rows_sign_turns_its_figures_and_the_deviations_sign_the_deviation(
    warehouse: DrawnWarehouse, signs: tuple[int, int], words: list[str]
) -> None:
    row = printed(warehouse, *signs)
    assert [cell["printed"] for cell in row] == words
    numbers = [cell["number"] for cell in row]
    assert numbers[2] == (numbers[0] - numbers[1]) * signs[1]


@pytest.mark.parametrize("signs", CONVENTIONS, ids=str)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_which_way_is_better_turns_no_sign_and_gives_no_colour(
    warehouse: DrawnWarehouse, signs: tuple[int, int], direction: str
) -> None:
    """A good deviation and a bad one differ in their number alone: whether it is good is for the reader to say."""
    row = printed(warehouse, *signs, direction)
    assert [cell["printed"] for cell in row] == CONVENTIONS[signs]
    out = io.StringIO()
    print_tables(Console(file=out, width=80, force_terminal=True, color_system="standard"), row, [])
    assert not any(colour in out.getvalue() for colour in ("\x1b[31m", "\x1b[32m", "\x1b[1;31m", "\x1b[1;32m"))
