"""Missing months estimated by a shape that is known for all of them: the budget's, or last year's."""

from __future__ import annotations

from decimal import Decimal

import pytest

AREAS = "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |"
UNITS = "| unit_code | area | activity_type | valid_from |\n| K1 | AO | KOST | 2020-01-01 |\n| K2 | AO | KOST | 2020-01-01 |"
EXPECTED = "| extract | activity_type | working_day | valid_from |\n| kost_maltider | KOST | 5 | 2020-01-01 |"
GAP = "| extract | unit_code | gap_from | gap_to | gap_reason |\n| kost_maltider | K1 | 2021-03 | 2021-03 | kassan stod still |"
CHOICE = "| measure_id | method | valid_from |\n| meals | {} | 2000-01-01 |"


@pytest.fixture
def kitchens(given, closing):
    """Two kitchens in a close of March 2021; K1 lacks March. `rows` are month, unit and portions."""

    def draw(*rows: tuple[str, str, str]) -> None:
        given("staging.edition_area", AREAS)
        given("staging.unit", UNITS)
        given("staging.expected_delivery", EXPECTED)
        given("staging.gap", GAP)
        lines = "".join(f"| {month} | {unit} | {portions} |\n" for month, unit, portions in rows)
        given("staging.meal", f"| month | unit_code | portions |\n{lines}")
        closing("2021-03")

    return draw


THIS_YEAR = [
    ("2021-01", "K1", "100"),
    ("2021-02", "K1", "110"),
    ("2021-01", "K2", "7"),
    ("2021-02", "K2", "7"),
    ("2021-03", "K2", "7"),
]
LAST_YEAR = [("2020-01", "K1", "30"), ("2020-02", "K1", "40"), ("2020-03", "K1", "35")]


def budget(given, *rows: tuple[str, str, str]) -> None:
    lines = "".join(f"| 2021-03 | meals | {unit} | {month} | {value} |\n" for month, unit, value in rows)
    given("staging.measure_budget", f"| month | measure_id | unit_code | budget_month | budget_value |\n{lines}")


def test_the_budgets_months_weigh_what_is_missing(kitchens, given, build, expect) -> None:
    kitchens(*THIS_YEAR)
    budget(given, ("2021-01", "K1", "90"), ("2021-02", "K1", "90"), ("2021-03", "K1", "100"), ("2021-01", "K2", "1"))
    expect(
        build("core.estimate_budget_profile"),
        """
        | year_offset | unit_code | factor_numerator | estimated_volume |
        | 0           | K1        |                  | 326.666667       |
        """,
    )


def test_a_budget_that_lacks_a_month_due_estimates_nothing(kitchens, given, build, expect) -> None:
    kitchens(*THIS_YEAR)
    budget(given, ("2021-01", "K1", "90"), ("2021-02", "K1", "90"), ("2021-03", "K1", ""))
    expect(build("core.estimate_budget_profile"), "| unit_code |")


def test_a_budget_of_nothing_in_the_months_at_hand_estimates_nothing(kitchens, given, build, expect) -> None:
    kitchens(*THIS_YEAR)
    budget(given, ("2021-01", "K1", "0"), ("2021-02", "K1", "0"), ("2021-03", "K1", "5"))
    expect(build("core.estimate_budget_profile"), "| unit_code |")


def test_last_years_months_weigh_what_is_missing(kitchens, build, expect) -> None:
    kitchens(*THIS_YEAR, *LAST_YEAR)
    expect(
        build("core.estimate_same_share_last_year"),
        "| year_offset | unit_code | estimated_volume |\n| 0 | K1 | 315.000000 |",
    )


def test_a_unit_that_lacked_a_month_last_year_has_no_share(kitchens, build, expect) -> None:
    kitchens(*THIS_YEAR, *LAST_YEAR[:2])
    expect(build("core.estimate_same_share_last_year"), "| unit_code |")


def test_large_volumes_are_exact_beyond_64_bits(kitchens, given, build, expect) -> None:
    kitchens(*[(month, unit, "9999999999" if unit == "K1" else portions) for month, unit, portions in THIS_YEAR])
    budget(given, ("2021-01", "K1", "7000000001"), ("2021-02", "K1", "7000000002"), ("2021-03", "K1", "7000000003"))
    due, at_hand = 21000000006, 14000000003
    exact = (Decimal(2 * 9999999999) * due / at_hand).quantize(Decimal("0.000001"))
    expect(build("core.estimate_budget_profile"), f"| unit_code | estimated_volume |\n| K1 | {exact} |")


def test_a_slip_of_the_pen_in_a_budget_estimates_nothing(kitchens, given, build, expect) -> None:
    kitchens(*THIS_YEAR)
    budget(given, ("2021-01", "K1", "999999999999"), ("2021-02", "K1", "90"), ("2021-03", "K1", "100"))
    expect(build("core.estimate_budget_profile"), "| unit_code |")


@pytest.mark.parametrize(("method", "volume"), [("budget_profile", "347.666667"), ("same_share_last_year", "336")])
def test_the_catalogue_chooses_and_the_figure_says_so(kitchens, given, build, method: str, volume: str) -> None:
    kitchens(*THIS_YEAR, *LAST_YEAR, ("2020-01", "K2", "7"), ("2020-02", "K2", "7"), ("2020-03", "K2", "7"))
    budget(given, ("2021-01", "K1", "90"), ("2021-02", "K1", "90"), ("2021-03", "K1", "100"))
    given("reference.measure_method", CHOICE.format(method))
    made = build("core.figure_volume")
    at = {name: index for index, name in enumerate(made.types)}
    (found,) = [
        row
        for row in made.rows
        if (row[at["subject_id"]], row[at["area_code"]], row[at["year_offset"]]) == ("meals", "", 0)
        and row[at["organisation_view"]] != "as_was"
    ]
    assert found[at["figure_value"]] == Decimal(volume)
    assert (found[at["value_status"]], found[at["method"]]) == ("estimated", method)
