"""Adjustments: what is not booked on the close day moves the result in its month and is taken back in the month it names."""

from __future__ import annotations

from decimal import Decimal

from tests.spec.ledgers import UNITS, draw_booked, draw_surroundings, figures_of

HEAD = "| line | month | ansvar | account | amount_sek | adjustment_reason | reversed_in_month |"


def test_an_adjustment_counts_in_its_month_and_is_reversed_in_the_month_that_it_names(
    given, closing, build, expect
) -> None:
    draw_surroundings(given)
    given(
        "staging.adjustment",
        f"""
        {HEAD}
        | 2 | 2021-06 | 101 | 6010 | 900  | Faktura el   | 2021-07 |
        | 3 | 2021-08 | 101 | 6010 | 1000 | Faktura el   | 2021-09 |
        | 4 | 2021-08 | 102 | 3010 | -50  | Statsbidrag  |         |
        """,
    )
    closing("2021-08")
    expect(
        build("core.adjustment_entry"),
        """
        | line | posting_kind | month   | dated_on   | ansvar | unit_code | area_code | account_group | ledger_part | amount_sek |
        | 2    | adjustment   | 2021-06 | 2021-06-30 | 101    | U1        | AO        | OVRIGT        | cost        | 900        |
        | 2    | reversal     | 2021-07 | 2021-07-31 | 101    | U1        | AO        | OVRIGT        | cost        | -900       |
        | 3    | adjustment   | 2021-08 | 2021-08-31 | 101    | U1        | AO        | OVRIGT        | cost        | 1000       |
        | 4    | adjustment   | 2021-08 | 2021-08-31 | 102    | U2        | RS        | INTAKT        | revenue     | -50        |
        """,
    )


def test_the_result_is_the_ledger_and_the_adjustments_told_apart(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(given, "| 6010 | 101 | | 2021-08-10 | 300 |\n| 3010 | 101 | | 2021-08-10 | -2000 |")
    given("staging.adjustment", f"{HEAD}\n| 2 | 2021-08 | 101 | 6010 | 1000.55 | El | 2021-09 |")
    closing("2021-08")
    expect(
        build("marts.result"),
        """
        | month   | account_group | actual_sek | adjustment_sek | one_off_sek |
        | 2021-08 | OVRIGT        | 1300.55    | 1000.55        | 0           |
        | 2021-08 | INTAKT        | -2000      | 0              | 0           |
        """,
    )
    made = build("core.figure_result")
    assert figures_of(made, area_code="AO", quantity="actual") == {
        "result": Decimal("699.45"),
        "cost": Decimal("1300.55"),
        "revenue": Decimal(2000),
    }
    assert {row[-1] for row in build("reconciliations.result_total").rows} == {0}


def test_over_the_years_end_the_reversal_falls_in_the_new_year(given, closing, build) -> None:
    draw_surroundings(given)
    draw_booked(given, "| 6010 | 101 | | 2020-12-10 | 70 |\n| 6010 | 101 | | 2021-01-20 | 500 |")
    given(
        "staging.adjustment",
        f"""
        {HEAD}
        | 2 | 2019-12 | 101 | 6010 | 11  | Äldre  | 2020-01 |
        | 3 | 2020-12 | 101 | 6010 | 500 | Faktura | 2021-01 |
        """,
    )
    closing("2021-01")
    given("build.closing_deliveries", "| extract | period |\n| ekonomi_sie | 2021-01 |\n| ekonomi_sie | 2020-12 |")
    made = build("core.figure_result")
    assert figures_of(made, area_code="AO", quantity="actual")["cost"] == 0
    assert figures_of(made, area_code="AO", quantity="annual_accounts", year_offset=-1)["cost"] == 559
    assert figures_of(made, area_code="AO", quantity="actual", year_offset=-1)["cost"] == -11


def test_a_reversal_after_the_period_is_not_there_yet_and_one_before_its_month_is_none(given, closing, build) -> None:
    draw_surroundings(given)
    given(
        "staging.adjustment",
        f"""
        {HEAD}
        | 2 | 2021-05 | 101 | 6010 | 10 | A | 2021-09 |
        | 3 | 2021-05 | 101 | 6010 | 20 | B | 2021-05 |
        | 4 | 2021-05 | 101 | 6010 | 40 | C | 2021-04 |
        | 5 | 2021-09 | 101 | 6010 | 80 | D |         |
        | 6 | 2021-05 | 101 | 6010 |    | E |         |
        """,
    )
    closing("2021-08")
    assert figures_of(build("core.figure_result"), area_code="AO", quantity="actual")["cost"] == 70


def test_a_reversal_meets_the_invoice_where_the_ansvar_is_then(given, closing, build, expect) -> None:
    draw_surroundings(
        given,
        """
        | unit_code | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
        | U1        | 101    | AO   | 2020-01-01 | 2021-06-30 |                |               |
        | U2        | 101    | RS   | 2021-07-01 |            |                |               |
        | U3        | 103    | AO   | 2020-01-01 | 2021-06-30 |                |               |
        """,
    )
    given(
        "staging.adjustment",
        f"{HEAD}\n| 2 | 2021-06 | 101 | 6010 | 10 | A | 2021-07 |\n| 3 | 2021-06 | 103 | 6010 | 5 | B | 2021-07 |",
    )
    closing("2021-08")
    expect(
        build("core.adjustment_entry"),
        """
        | line | posting_kind | unit_code | area_code |
        | 2    | adjustment   | U1        | AO        |
        | 2    | reversal     | U2        | RS        |
        | 3    | adjustment   | U3        | AO        |
        | 3    | reversal     | U3        | AO        |
        """,
    )


def test_an_adjustment_is_restated_by_shares_like_what_is_booked(given, closing, build) -> None:
    draw_surroundings(
        given,
        UNITS
        + "| U8 | 108 | AO | 2020-01-01 | 2020-12-31 | U1 | 25 |\n| U8 | 108 | AO | 2020-01-01 | 2020-12-31 | U2 | 75 |\n",
    )
    given("staging.adjustment", f"{HEAD}\n| 2 | 2020-08 | 108 | 6010 | 100 | A |  |")
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="RS", quantity="actual", year_offset=-1)["cost"] == 75
    assert figures_of(made, area_code="AO", quantity="actual", year_offset=-1)["cost"] == 25


def test_each_figure_says_what_of_it_stands_on_adjustments(given, closing, build) -> None:
    draw_surroundings(given)
    draw_booked(
        given,
        "| 3010 | 101 | | 2021-08-10 | -2000 |\n| 5010 | 101 | | 2021-08-10 | 600 |\n| 6010 | 102 | | 2021-08-10 | 200 |",
    )
    given(
        "staging.adjustment",
        f"""
        {HEAD}
        | 2 | 2021-08 | 101 | 6010 | 200 | El    | 2021-09 |
        | 3 | 2021-06 | 102 | 6010 | 90  | Hyra  | 2021-07 |
        """,
    )
    closing("2021-08")
    made = build("core.figure_result")
    moved = {"area_code": "AO", "quantity": "actual", "value": "adjustment_value"}
    assert figures_of(made, **moved) == {"result": -200, "cost": 200, "revenue": None}
    assert set(figures_of(made, **{**moved, "area_code": "RS"}).values()) == {None}
    assert set(figures_of(made, **{**moved, "quantity": "budget_to_date"}).values()) == {None}
    ratio = figures_of(build("core.figure_ratio"), area_code="", quantity="actual", value="adjustment_value")
    # 600 of 1 000 with the adjustment, 600 of 800 in the ledger.
    assert ratio["personnel_cost_share"] == Decimal("-0.15")
    assert ratio["economic_result_ratio"] is None


def test_a_figure_is_adjusted_for_the_reasons_that_are_left_in_it(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given(
        "staging.adjustment",
        f"""
        {HEAD}
        | 2 | 2021-08 | 101 | 6010 | 200 | El     | 2021-09 |
        | 3 | 2021-08 | 101 | 3010 | -70 | Bidrag |         |
        | 4 | 2021-06 | 102 | 6010 | 90  | Hyra   | 2021-07 |
        """,
    )
    closing("2021-08")
    made = build("core.adjustment_reason")
    at = {name: index for index, name in enumerate(made.types)}
    reasons = {
        (row[at["measure_id"]], row[at["area_code"]]): row[at["adjustment_reason"]]
        for row in made.rows
        if (row[at["quantity"]], row[at["year_offset"]], row[at["organisation_view"]]) == ("actual", 0, "restated")
    }
    assert reasons == {
        ("result", "AO"): "Bidrag; El",
        ("result", ""): "Bidrag; El",
        ("cost", "AO"): "El",
        ("cost", ""): "El",
        ("revenue", "AO"): "Bidrag",
        ("revenue", ""): "Bidrag",
        ("economic_result_ratio", ""): "Bidrag; El",
        ("personnel_cost_share", ""): "El",
    }
