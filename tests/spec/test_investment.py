"""Investments: what is one, whose it is, and that it is no result."""

from __future__ import annotations

from tests.spec.ledgers import draw_booked, draw_surroundings, figures_of

INPUT = """
| month   | area        | projekt | frame_sek | expenditure_forecast_sek | income_forecast_sek |
| 2021-08 | AO          | P1      | 500       | 450                      | 50                  |
| 2021-08 | Äldreomsorg | P2      | 100       | 100                      | 0                   |
| 2021-08 | RS          | P3      | 200       | 0                        | 0                   |
"""

BOOKED = """
| 4010 | 101 | P1 | 2021-03-01 | 300 |
| 3510 | 101 | P1 | 2021-03-01 | -40 |
| 4010 | 102 | P2 | 2021-03-01 | 70  |
| 4010 | 101 | P9 | 2021-03-01 | 11  |
| 4010 | 101 |    | 2021-08-01 | 12  |
| 3510 | 101 |    | 2021-03-01 | -5  |
| 3510 | 101 | P9 | 2021-03-01 | -6  |
| 4010 | 101 | P1 | 2021-09-01 | 999 |
| 4010 | 101 | P1 | 2020-03-01 | 888 |
"""


def test_expenditure_and_income_are_those_of_the_projects_that_the_input_names(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given("staging.investment_input", INPUT)
    draw_booked(given, BOOKED)
    closing("2021-08")
    expect(
        build("marts.investment"),
        """
        | area_code | projekt | expenditure_actual_sek | income_actual_sek | expenditure_forecast_sek | income_forecast_sek | frame_sek |
        | AO        | P1      | 300                    | 40                | 450                      | 50                  | 500       |
        | AO        | P2      | 0                      | 0                 | 100                      | 0                   | 100       |
        | RS        | P2      | 70                     | 0                 | 0                        | 0                   | 0         |
        | RS        | P3      | 0                      | 0                 | 0                        | 0                   | 200       |
        """,
    )


def test_net_frame_and_the_rows_of_which(given, closing, build) -> None:
    draw_surroundings(given)
    given("staging.investment_input", INPUT)
    draw_booked(given, BOOKED)
    closing("2021-08")
    made = build("core.figure_investment")

    def of(quantity: str, area_code: str = "") -> tuple[int, ...]:
        found = figures_of(made, area_code=area_code, quantity=quantity)
        return tuple(found[name] for name in ("investment", "investment_expenditure", "investment_income"))

    assert of("expenditure_actual") == (370, 370, 0)
    assert of("income_actual") == (40, 0, 40)
    assert of("actual") == (330, 370, -40)
    assert of("expenditure_forecast") == (550, 550, 0)
    assert of("net_forecast") == (500, 550, -50)
    assert of("frame") == (800, 800, 0)
    assert of("forecast_full_year")[0] == 500
    assert of("budget_full_year")[0] == 800
    assert of("expenditure_actual", "RS") == (70, 70, 0)
    assert of("frame", "-") == (0, 0, 0)


def test_income_of_a_project_is_no_result_and_other_income_is(given, closing, build) -> None:
    draw_surroundings(given)
    given("staging.investment_input", INPUT)
    draw_booked(given, BOOKED)
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="", quantity="actual")["revenue"] == 11
    assert figures_of(made, area_code="", quantity="actual")["cost"] == 0


def test_last_years_projects_are_those_of_that_years_newest_input_and_of_the_periods(
    given, closing, build, expect
) -> None:
    given(
        "staging.investment_input",
        """
        | month   | area | projekt |
        | 2021-08 | AO   | NEW     |
        | 2020-12 | AO   | OLD     |
        | 2020-11 | AO   | DROPPED |
        """,
    )
    closing("2021-08")
    expect(
        build("core.investment_project"),
        """
        | year_offset | projekt |
        | 0           | NEW     |
        | -1          | NEW     |
        | -1          | OLD     |
        """,
    )


def test_expenditure_outside_every_project_is_shown_and_in_no_figure(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given("staging.investment_input", INPUT)
    draw_booked(given, BOOKED)
    closing("2021-08")
    expect(
        build("reconciliations.investment_without_project"),
        """
        | projekt | ansvar | account | month   | expected | actual | difference |
        | P9      | 101    | 4010    | 2021-03 | 0        | 11     | 11         |
        | ''      | 101    | 4010    | 2021-08 | 0        | 12     | 12         |
        """,
    )
    expect(
        build("reconciliations.investment_area"),
        """
        | projekt | expected | actual | difference |
        | P1      | 260      | 260    | 0          |
        | P2      | 70       | 0      | -70        |
        | P3      | 0        | 0      | 0          |
        """,
    )


def test_a_frame_typed_as_missing_makes_its_sums_missing(given, closing, build) -> None:
    draw_surroundings(given)
    given(
        "staging.investment_input",
        "| month | area | projekt | frame_sek | expenditure_forecast_sek | income_forecast_sek |\n"
        "| 2021-08 | AO | P1 | | 1 | 0 |\n| 2021-08 | RS | P2 | 5 | 1 | 0 |",
    )
    closing("2021-08")
    made = build("core.figure_investment")
    assert figures_of(made, area_code="", quantity="frame")["investment"] is None
    assert figures_of(made, area_code="AO", quantity="frame", value="value_status")["investment"] == "missing"
    assert figures_of(made, area_code="RS", quantity="frame")["investment"] == 5
