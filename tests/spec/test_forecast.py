"""Forecasts: the controllers' by area and kind, a person's of a measure, and a method's where nobody gave one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import drawn_tables

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
    made = build("core.figure_volume_budget")
    of_all = [row for row in made.rows if row[list(made.types).index("area_code")] == ""]
    expect(
        drawn_tables.MadeTable(made.name, made.types, tuple(of_all)),
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


def test_a_volumes_budget_by_area_is_that_of_the_units_of_the_close(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        """
        | unit_code | area | activity_type | valid_from | valid_to   | successor_code | share_percent |
        | K1        | AO   | KOST          | 2020-01-01 | 2021-03-31 | K2             | 25            |
        | K1        | AO   | KOST          | 2020-01-01 | 2021-03-31 | K3             | 75            |
        | K2        | AO   | KOST          | 2021-04-01 |            |                |               |
        | K3        | RS   | KOST          | 2021-04-01 |            |                |               |
        """,
    )
    given(
        "staging.measure_budget",
        """
        | month   | measure_id | unit_code | budget_month | budget_value |
        | 2021-08 | meals      | K1        | 2021-03      | 100          |
        | 2021-08 | meals      | K2        | 2021-04      | 10           |
        | 2021-08 | meals      | K9        | 2021-04      | 1            |
        """,
    )
    closing("2021-08")
    made = build("core.figure_volume_budget")
    at = {name: index for index, name in enumerate(made.types)}
    by_area = {
        row[at["area_code"]]: row[at["figure_value"]] for row in made.rows if row[at["quantity"]] == "budget_to_date"
    }
    assert by_area == {"": 111, "AO": 35, "RS": 75, "-": 1}


def test_a_choice_of_the_catalogue_forecasts_what_no_controller_did(given, closing, build) -> None:
    """An area's own row of the catalogue counts before the measure's; who forecasts by hand wins over both."""
    given("staging.edition_area", AREAS)
    given(
        "staging.economic_forecast",
        "| month | area | forecast_kind | forecast_sek |\n| 2021-08 | AO | INTAKT | 100 |\n| 2021-08 | AO | KOSTNAD | 90 |\n"
        "| 2021-08 | RS | INTAKT | 12 |",
    )
    given(
        "core.forecast_basis",
        """
        | measure_id | area_code | cut_month | is_closing | figure_unit | month_number | days_to_date | days_left | to_date_value | remaining_budget_value |
        | cost       | AO        | 2021-08   | true       | sek         | 8            | 243          | 122       | 80            | 1                      |
        | cost       | RS        | 2021-08   | true       | sek         | 8            | 243          | 122       | 8             | 5                      |
        """,
    )
    given(
        "core.chosen_forecast",
        "| measure_id | area_code | method |\n| cost | '' | run_rate_months |\n| cost | RS | remaining_budget |",
    )
    closing("2021-08")
    made = build("marts.forecast")
    assert (row_of(made, "cost", "RS")["forecast_value"], row_of(made, "cost", "RS")["method"]) == (
        13,
        "remaining_budget",
    )
    assert (row_of(made, "cost", "AO")["forecast_value"], row_of(made, "cost", "AO")["method"]) == (90, "manual")
    assert (row_of(made, "cost")["forecast_value"], row_of(made, "cost")["method"]) == (103, "manual, remaining_budget")
    assert row_of(made, "result", "RS")["forecast_value"] == -1


def test_a_measure_by_area_is_forecast_where_the_catalogue_names_the_area(assistance, given, build) -> None:
    assistance("10", "10.1", "11")
    given(
        "reference.measure_method",
        """
        | measure_id           | area_code | method          | valid_from | valid_to   |
        | assistance_hours_sfb |           | months          | 2000-01-01 |            |
        | assistance_hours_sfb | RS        | run_rate_days   | 2021-03-31 |            |
        | assistance_hours_sfb | RS        | run_rate_months | 2000-01-01 | 2021-03-30 |
        """,
    )
    made = build("marts.forecast")
    assert row_of(made, "assistance_hours_sfb")["value_status"] == "missing"
    of_area = row_of(made, "assistance_hours_sfb", "RS")
    # 31.1 hours over 90 days of 365.
    assert (of_area["forecast_value"], of_area["method"]) == (Decimal("126.127778"), "run_rate_days")


def test_every_method_stands_beside_the_one_in_use_with_the_pace_that_it_leaves(assistance, given, build) -> None:
    assistance("10", "10.1", "11")
    given(
        "staging.edition_row",
        "| table_id | row_id | measure_id | print_unit |\n| x | y | assistance_hours_sfb | tusen timmar |",
    )
    given(
        "staging.measure_forecast",
        "| month | measure_id | measure_forecast | responsible | dated_on | reason_words |\n"
        "| 2021-03 | assistance_hours_sfb | 0.15 | controller.x | 2021-04-06 | Nya beslut |",
    )
    made = build("marts.forecast_method")
    at = {name: index for index, name in enumerate(made.types)}
    rows = {
        row[at["method"]]: row
        for row in made.rows
        if (row[at["measure_id"]], row[at["area_code"]]) == ("assistance_hours_sfb", "")
    }
    manual, pace = rows["manual"], rows["run_rate_months"]
    assert [manual[at[name]] for name in ("is_used", "forecast_value", "figure_unit", "difference")] == [
        True,
        150,
        "hours",
        0,
    ]
    assert [manual[at[name]] for name in ("responsible", "reason_words")] == ["controller.x", "Nya beslut"]
    assert [pace[at[name]] for name in ("is_used", "responsible", "difference")] == [False, None, Decimal("-25.6")]
    assert [manual[at[name]] for name in ("remaining_value", "months_left", "to_date_value", "month_number")] == [
        Decimal("118.9"),
        9,
        Decimal("31.1"),
        3,
    ]
    assert rows["share_last_year"][at["value_status"]] == "missing"


def test_a_persons_share_in_per_cent_stands_as_typed(given, closing, build) -> None:
    given("staging.edition_row", "| table_id | row_id | measure_id | print_unit |\n| x | y | sick_leave | % |")
    given(
        "staging.measure_forecast",
        "| month | measure_id | measure_forecast |\n| 2021-08 | sick_leave | 6.5 |\n| 2021-08 | cost | 1 |",
    )
    closing("2021-08")
    made = build("core.forecast_manual")
    at = {name: index for index, name in enumerate(made.types)}
    assert [(row[at["measure_id"]], row[at["figure_unit"]], row[at["forecast_value"]]) for row in made.rows] == [
        ("sick_leave", "printed", Decimal("6.5"))
    ]
