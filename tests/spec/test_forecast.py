"""Forecasts: the controllers' by area and kind, a person's of a measure, and a method's where nobody gave one."""

from __future__ import annotations

from decimal import Decimal

import pytest

AREAS = "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |\n| RS | Stöd | 2 |"


def row_of(made, measure_id: str, area_code: str = "") -> dict[str, object]:
    """The forecast of one measure and area."""
    at = {name: index for index, name in enumerate(made.types)}
    found = [row for row in made.rows if (row[at["measure_id"]], row[at["area_code"]]) == (measure_id, area_code)]
    assert len(found) == 1
    return dict(zip(made.types, found[0], strict=True))


@pytest.fixture
def assistance(given, closing):
    """One unit of personal assistance with the hours given for January…March of a close of March 2021."""

    def draw(*hours: str) -> None:
        given("staging.edition_area", AREAS)
        given("staging.unit", "| unit_code | area | activity_type | valid_from |\n| A1 | RS | ASSISTANS | 2020-01-01 |")
        given(
            "staging.expected_delivery",
            "| extract | activity_type | working_day | valid_from |\n| treserva_assistans | ASSISTANS | 5 | 2020-01-01 |",
        )
        rows = "".join(f"| 2021-{month:02d} | A1 | SFB | {amount} | DEF |\n" for month, amount in enumerate(hours, 1))
        given("staging.assistance", f"| month | unit_code | lagrum | assistance_hours | delivery_status |\n{rows}")
        closing("2021-03")

    return draw


def test_revenue_less_cost_by_area_and_for_all(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.economic_forecast",
        """
        | month   | area        | forecast_kind | forecast_sek |
        | 2021-08 | Äldreomsorg | INTAKT        | 100.50       |
        | 2021-08 | AO          | KOSTNAD       | 90           |
        | 2021-08 | RS          | INTAKT        | 10           |
        | 2021-08 | RS          | KOSTNAD       | 15           |
        | 2021-07 | RS          | KOSTNAD       | 9999         |
        """,
    )
    closing("2021-08")
    made = build("marts.forecast")
    assert row_of(made, "result", "AO")["forecast_value"] == Decimal("10.50")
    assert row_of(made, "result", "RS")["forecast_value"] == -5
    assert row_of(made, "result")["forecast_value"] == Decimal("5.50")
    assert row_of(made, "cost")["forecast_value"] == 105


def test_a_missing_row_makes_the_area_and_the_total_missing(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.economic_forecast",
        "| month | area | forecast_kind | forecast_sek |\n| 2021-08 | AO | INTAKT | 1 |\n"
        "| 2021-08 | AO | KOSTNAD | 1 |\n| 2021-08 | RS | INTAKT | 1 |",
    )
    closing("2021-08")
    made = build("marts.forecast")
    assert row_of(made, "result", "AO")["forecast_value"] == 0
    assert row_of(made, "result", "RS")["value_status"] == "missing"
    assert row_of(made, "revenue", "RS")["forecast_value"] == 1
    assert row_of(made, "revenue")["forecast_value"] == 2
    assert row_of(made, "result")["forecast_value"] is None
    assert row_of(made, "result")["reason"] == "prognos saknas för Stöd"


def test_what_belongs_to_no_area_needs_no_forecast(given, closing, build) -> None:
    given("staging.edition_area", AREAS.splitlines()[0] + "\n| AO | Äldreomsorg | 1 |\n| - | Utan område | 2 |")
    given(
        "staging.economic_forecast",
        "| month | area | forecast_kind | forecast_sek |\n| 2021-08 | AO | INTAKT | 3 |\n| 2021-08 | AO | KOSTNAD | 1 |",
    )
    closing("2021-08")
    made = build("marts.forecast")
    assert row_of(made, "result")["forecast_value"] == 2
    assert row_of(made, "result", "-")["value_status"] == "missing"


def test_assistance_without_a_persons_forecast_runs_on_at_its_pace(assistance, build) -> None:
    assistance("10", "10.1", "11")
    forecast = row_of(build("marts.forecast"), "assistance_hours_sfb")
    assert forecast["forecast_value"] == Decimal("124.4")
    assert (forecast["method"], forecast["figure_unit"], forecast["value_status"]) == (
        "run_rate_months",
        "hours",
        "forecast",
    )


def test_a_persons_forecast_wins_and_keeps_the_estimates_months(assistance, given, build) -> None:
    assistance("10", "11")
    given(
        "staging.measure_forecast",
        "| month | measure_id | measure_forecast |\n| 2021-03 | assistance_hours_sfb | 150 |",
    )
    forecast = row_of(build("marts.forecast"), "assistance_hours_sfb")
    assert forecast["forecast_value"] == 150
    assert (forecast["method"], forecast["base_method"], forecast["months"], forecast["figure_unit"]) == (
        "manual",
        "months",
        "2021-01,2021-02",
        "printed",
    )


def test_any_other_measure_without_a_row_is_missing(assistance, build) -> None:
    assistance("10")
    forecast = row_of(build("marts.forecast"), "meals")
    assert (forecast["value_status"], forecast["reason"]) == ("missing", "ingen prognos är lämnad")


def test_a_volumes_budget_is_summed_over_units_and_months(given, closing, build, expect) -> None:
    given(
        "staging.measure_budget",
        """
        | month   | measure_id      | unit_code | budget_month | budget_value |
        | 2021-08 | meals           | K1        | 2021-08      | 10           |
        | 2021-08 | meals           | K2        | 2021-01      | 5            |
        | 2021-08 | meals           | K1        | 2021-09      | 7            |
        | 2021-08 | places_housing  | B1        | 2021-07      | 99           |
        | 2021-08 | places_housing  | B1        | 2021-08      | 20           |
        | 2021-08 | places_housing  | B1        | 2021-12      | 21           |
        | 2021-08 | care_days       | V1        | 2021-03      |              |
        | 2021-07 | meals           | K1        | 2021-08      | 1000         |
        """,
    )
    closing("2021-08")
    expect(
        build("core.figure_volume_budget"),
        """
        | subject_id     | quantity         | figure_value | value_status |
        | meals          | budget_to_date   | 15           | budget       |
        | meals          | budget_full_year | 22           | budget       |
        | places_housing | budget_to_date   | 20           | budget       |
        | places_housing | budget_full_year | 21           | budget       |
        | care_days      | budget_to_date   |              | missing      |
        | care_days      | budget_full_year |              | missing      |
        """,
    )
