"""Each method of forecast, worked by hand, and what it can stand on at the close and in the past."""

from __future__ import annotations

import pytest

from tests.spec import ledgers

BASIS = "| measure_id | area_code | cut_month | is_closing | figure_unit | month_number | days_to_date | days_left | to_date_value | last_year_value | last_year_to_date_value | remaining_budget_value | to_date_reason | last_year_reason | remaining_budget_reason |"


def basis(given, *rows: str) -> None:
    given("core.forecast_basis", "\n".join([BASIS, *rows]))


def test_months_and_days_of_a_leap_year_and_of_one_that_is_not(given, build, expect) -> None:
    basis(
        given,
        "| meals | '' | 2020-02-01 | false | portions | 2 | 60 | 306 | 600 | | | | | | |",
        "| meals | '' | 2021-02-01 | false | portions | 2 | 59 | 306 | 600 | | | | | | |",
        "| meals | '' | 2021-12-01 | true  | portions | 12 | 365 | 0 | 600.000001 | | | | | | |",
    )
    expect(
        build("core.forecast_run_rate_months"),
        """
        | cut_month  | forecast_value |
        | 2020-02-01 | 3600.000000    |
        | 2021-02-01 | 3600.000000    |
        | 2021-12-01 | 600.000001     |
        """,
    )
    expect(
        build("core.forecast_run_rate_days"),
        """
        | cut_month  | forecast_value |
        | 2020-02-01 | 3660.000000    |
        | 2021-02-01 | 3711.864407    |
        | 2021-12-01 | 600.000001     |
        """,
    )


def test_half_away_from_zero_on_both_sides(given, build, expect) -> None:
    basis(
        given,
        "| cost | AO | 2021-08-01 | true | sek | 8 | 243 | 122 | 0.000003  | 1 | 2 | | | | |",
        "| cost | RS | 2021-08-01 | true | sek | 8 | 243 | 122 | -0.000003 | 1 | 2 | | | | |",
    )
    expect(
        build("core.forecast_run_rate_months"),
        "| area_code | forecast_value |\n| AO | 0.000005 |\n| RS | -0.000005 |",
    )
    expect(
        build("core.forecast_share_last_year"),
        "| area_code | forecast_value |\n| AO | 0.000002 |\n| RS | -0.000002 |",
    )


def test_the_share_of_last_year(given, build, expect) -> None:
    basis(
        given,
        "| cost | A | 2021-08-01 | true | sek | 8 | 243 | 122 | 800           | 1200          | 750          | | | | |",
        "| cost | B | 2021-08-01 | true | sek | 8 | 243 | 122 | 100           | 200           | 0            | | | | |",
        "| cost | C | 2021-08-01 | true | sek | 8 | 243 | 122 | -10           | 300           | 200          | | | | |",
        "| cost | D | 2021-08-01 | true | sek | 8 | 243 | 122 | -10           | -300          | 200          | | | | |",
        "| cost | E | 2021-08-01 | true | sek | 8 | 243 | 122 | 10            |               |              | | | fjolåret saknas | |",
        "| cost | F | 2021-08-01 | true | sek | 8 | 243 | 122 |               | 300           | 200          | | mars saknas | | |",
        "| cost | G | 2021-08-01 | true | sek | 8 | 243 | 122 | 200000000000.01 | 300000000000.07 | 210000000000.03 | | | | |",
        "| cost | H | 2021-08-01 | true | sek | 8 | 243 | 122 | 1000000000    | 1000000000    | 0.000001     | | | | |",
    )
    expect(
        build("core.forecast_share_last_year"),
        """
        | area_code | forecast_value      | reason                                              |
        | A         | 1280.000000         |                                                     |
        | B         |                     | samma månader i fjol kom till noll eller nästan noll |
        | C         | -15.000000          |                                                     |
        | D         | 15.000000           |                                                     |
        | E         |                     | fjolåret saknas                                     |
        | F         |                     | mars saknas                                         |
        | G         | 285714285714.325850 |                                                     |
        | H         |                     | samma månader i fjol kom till noll eller nästan noll |
        """,
    )


def test_the_rest_as_budgeted(given, build, expect) -> None:
    basis(
        given,
        "| cost | A | 2021-08-01 | true | sek | 8 | 243 | 122 | 800 | | | 410.5 | | | |",
        "| cost | B | 2021-08-01 | true | sek | 8 | 243 | 122 | 800 | | | -10   | | | |",
        "| cost | C | 2021-08-01 | true | sek | 8 | 243 | 122 | 800 | | |       | | | budget saknas |",
    )
    expect(
        build("core.forecast_remaining_budget"),
        """
        | area_code | forecast_value | reason        |
        | A         | 1210.500000    |               |
        | B         | 790.000000     |               |
        | C         |                | budget saknas |
        """,
    )


def test_the_result_is_revenue_less_cost_of_the_same_method(given, closing, build) -> None:
    closing("2021-08")
    basis(
        given,
        "| revenue | '' | 2021-08-01 | true | sek | 8 | 243 | 122 | 800 | 1200 | 750 | | | | |",
        "| cost    | '' | 2021-08-01 | true | sek | 8 | 243 | 122 | 800 | 1000 | 800 | | | | |",
    )
    made = build("core.forecast")
    at = {name: index for index, name in enumerate(made.types)}
    result = {row[at["method"]]: row[at["forecast_value"]] for row in made.rows if row[at["measure_id"]] == "result"}
    assert result == {"run_rate_months": 0, "run_rate_days": 0, "share_last_year": 280, "remaining_budget": None}


@pytest.fixture
def history(given, closing):
    """Months of one measure in one area and of the organisation, for a close of February 2022."""

    def draw(*rows: str) -> None:
        given(
            "core.measure_month",
            "\n".join(
                [
                    "| measure_id | area_code | month | figure_unit | value_status | measure_value | month_budget_value |",
                    *rows,
                ]
            ),
        )
        closing("2022-02")

    return draw


def year(number: int, area: str, values: list[str], budget: str = "") -> list[str]:
    return [
        f"| meals | {area} | {number}-{month:02d} | portions | {'actual' if value else 'missing'} | {value} | {budget} |"
        for month, value in enumerate(values, 1)
    ]


def of_history(made, area_code: str, cut_month: str) -> dict[str, object]:
    at = {name: index for index, name in enumerate(made.types)}
    (found,) = [
        row
        for row in made.rows
        if row[at["area_code"]] == area_code and row[at["cut_month"]].isoformat()[:7] == cut_month
    ]
    return dict(zip(made.types, found, strict=True))


def test_a_cut_of_the_past_sees_its_own_months_and_the_year_before(history, build) -> None:
    history(
        *year(2020, "''", ["10"] * 12),
        *year(2020, "AO", ["10"] * 12),
        *year(2021, "''", ["20"] * 11 + ["40"], budget="15"),
        *year(2021, "AO", ["20"] * 11 + ["40"], budget="15"),
    )
    made = build("core.forecast_basis", alone=True)
    may = of_history(made, "AO", "2021-05")
    assert (may["to_date_value"], may["last_year_value"], may["last_year_to_date_value"]) == (100, 120, 50)
    assert (may["remaining_budget_value"], may["days_to_date"], may["days_left"], may["is_closing"]) == (
        105,
        151,
        214,
        False,
    )
    february = of_history(made, "", "2020-02")
    assert (february["days_to_date"], february["days_left"]) == (60, 306)
    assert (february["last_year_value"], february["last_year_reason"]) == (None, "året före är inte känt")
    assert february["remaining_budget_reason"] == "budget saknas för resten av året"
    at = list(made.types).index("month_number")
    assert max(row[at] for row in made.rows) == 11


def test_a_missing_month_leaves_the_cuts_after_it_without_a_forecast(history, build) -> None:
    history(*year(2021, "''", ["5", "", *["5"] * 10]), *year(2021, "AO", ["5", "", *["5"] * 10]))
    made = build("core.forecast_basis", alone=True)
    assert of_history(made, "", "2021-01")["to_date_value"] == 5
    march = of_history(made, "AO", "2021-03")
    assert (march["to_date_value"], march["to_date_reason"]) == (None, "uppgift saknas för 2021-02")


def test_an_area_without_a_row_in_a_known_month_is_none_there(history, build) -> None:
    history(*year(2021, "''", ["5"] * 12), *year(2021, "AO", ["5"] * 4))
    made = build("core.forecast_basis", alone=True)
    assert of_history(made, "AO", "2021-09")["to_date_value"] == 20


MONTH = (
    "| measure_id | area_code | month | known_in | figure_unit | value_status | measure_value | month_budget_value |"
)


def month_rows(made, columns: tuple[str, ...]) -> dict[str, tuple[object, ...]]:
    at = {name: index for index, name in enumerate(made.types)}
    return {
        row[at["month"]].isoformat()[:7]: tuple(row[at[name]] for name in columns)
        for row in made.rows
        if (row[at["measure_id"]], row[at["area_code"]]) == ("meals", "")
    }


@pytest.fixture
def kitchen(given, closing):
    """One kitchen that owes meals, in a close of February 2021; `files` are the months whose file came."""

    def draw(meals: dict[str, str], *files: str) -> None:
        given("staging.edition_area", "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |")
        given("staging.unit", "| unit_code | area | activity_type | valid_from |\n| K1 | AO | KOST | 2020-01-01 |")
        given(
            "staging.expected_delivery",
            "| extract | activity_type | working_day | valid_from |\n| kost_maltider | KOST | 5 | 2020-01-01 |",
        )
        rows = "".join(f"| {month} | K1 | {portions} |\n" for month, portions in meals.items())
        given("staging.meal", f"| month | unit_code | portions |\n{rows}")
        delivered = "".join(f"| kost_maltider | {month} |\n" for month in files or meals)
        given("build.closing_deliveries", f"| extract | period |\n{delivered}")
        closing("2021-02")

    return draw


def test_a_month_is_counted_or_missing_and_never_estimated(kitchen, build) -> None:
    kitchen({"2020-01": "10", "2020-12": "14", "2021-01": "11", "2021-02": ""})
    made = month_rows(build("core.measure_month"), ("value_status", "measure_value", "reason"))
    assert made["2020-01"] == ("actual", 10, None)
    assert made["2020-02"] == ("missing", None, "saknas utan rad i luckregistret")
    assert made["2020-11"] == ("missing", None, "inga uppgifter levererade")
    assert made["2020-12"] == ("actual", 14, None)
    assert made["2021-02"][:2] == ("missing", None)
    assert "2021-03" not in made


def test_earlier_closes_fill_what_this_one_does_not_read(kitchen, given, build) -> None:
    kitchen({"2020-01": "10", "2021-01": "11", "2021-02": "12"})
    given(
        "build.earlier_measure_month",
        f"""
        {MONTH}
        | meals | '' | 2019-05 | 2020-08 | portions | actual  | 3  |   |
        | meals | '' | 2019-05 | 2020-12 | portions | actual  | 4  |   |
        | meals | '' | 2020-01 | 2020-12 | portions | actual  | 99 | 8 |
        | meals | '' | 2020-02 | 2020-12 | portions | actual  | 98 |   |
        | meals | '' | 2020-11 | 2020-11 | portions | actual  | 13 |   |
        | meals | '' | 2020-11 | 2020-12 | portions | missing |    |   |
        | meals | '' | 2020-12 | 2020-08 | portions | budget  |    | 9 |
        """,
    )
    made = month_rows(build("core.measure_month"), ("value_status", "measure_value", "month_budget_value"))
    assert made["2019-05"] == ("actual", 4, None)
    assert made["2020-01"] == ("actual", 10, 8)
    assert made["2020-02"] == ("missing", None, None)
    assert made["2020-11"] == ("actual", 13, None)
    assert made["2020-12"] == ("missing", None, 9)
    kept = month_rows(build("marts.measure_month"), ("measure_value",))
    assert "2019-05" not in kept
    assert "2020-01" in kept


def test_the_closed_period_stands_on_the_reports_own_figure(kitchen, given, build) -> None:
    kitchen({"2020-01": "10", "2021-01": "11"}, "2020-01", "2021-01", "2021-02")
    made = build("core.forecast_basis")
    at = {name: index for index, name in enumerate(made.types)}
    (now,) = [
        row
        for row in made.rows
        if row[at["is_closing"]] and (row[at["measure_id"]], row[at["area_code"]]) == ("meals", "")
    ]
    assert (now[at["to_date_value"]], now[at["base_method"]], now[at["months"]]) == (22, "months", "2021-01")


def test_a_volumes_budget_of_the_rest_is_whole_or_none(kitchen, given, build) -> None:
    kitchen({"2021-01": "11", "2021-02": "12"})
    rows = [f"| 2021-02 | meals | K1 | 2021-{month:02d} | 10 |" for month in range(3, 13)]
    head = "| month | measure_id | unit_code | budget_month | budget_value |"
    for given_rows, expected in ((rows, 100), (rows[:-1], None)):
        given("staging.measure_budget", "\n".join([head, *given_rows]))
        made = build("core.forecast_basis")
        at = {name: index for index, name in enumerate(made.types)}
        (now,) = [
            row
            for row in made.rows
            if row[at["is_closing"]] and (row[at["measure_id"]], row[at["area_code"]]) == ("meals", "AO")
        ]
        assert now[at["remaining_budget_value"]] == expected


def test_a_slip_of_the_pen_ends_no_close(kitchen, given, build) -> None:
    kitchen({"2020-01": "10", "2020-02": "10", "2021-01": "999999999999", "2021-02": "1"})
    made = build("core.forecast")
    at = {name: index for index, name in enumerate(made.types)}
    told = {
        (row[at["method"]], row[at["reason"]])
        for row in made.rows
        if (row[at["measure_id"]], row[at["area_code"]]) == ("meals", "")
        and row[at["cut_month"]].isoformat() == "2021-02-01"
    }
    assert ("run_rate_months", "utfallet är orimligt stort") in told
    assert ("share_last_year", "utfallet är orimligt stort") in told


def ledger_months(made, measure_id: str, area_code: str) -> dict[str, tuple[object, ...]]:
    at = {name: index for index, name in enumerate(made.types)}
    return {
        row[at["month"]].isoformat()[:7]: (
            row[at["value_status"]],
            row[at["measure_value"]],
            row[at["month_budget_value"]],
        )
        for row in made.rows
        if (row[at["measure_id"]], row[at["area_code"]]) == (measure_id, area_code)
    }


def test_the_ledgers_months_are_as_was_and_a_month_to_come_has_its_budget_alone(given, closing, build) -> None:
    units = """
    | unit_code | ansvar | area | valid_from | valid_to   | successor_code |
    | U1        | 101    | AO   | 2020-01-01 | 2020-12-31 |                |
    | U1        | 101    | RS   | 2021-01-01 |            |                |
    """
    ledgers.draw_surroundings(given, units)
    ledgers.draw_booked(
        given,
        """
        | 3010 | 101 | | 2020-03-15 | -100 |
        | 5010 | 101 | | 2020-03-15 | 60   |
        | 5010 | 999 | | 2020-03-20 | 7    |
        | 5010 | 101 | | 2021-03-15 | 65   |
        | 1910 | 101 | | 2021-03-15 | 9999 |
        """,
    )
    given(
        "staging.ledger_period_amount",
        """
        | line | delivery_id | period_record | year_no | month | account | ansvar | projekt | is_total | amount_sek |
        | 50   | 1           | PBUDGET       | 0       | 2021-03 | 5010  | 101    |         | false    | 70         |
        | 51   | 1           | PBUDGET       | 0       | 2021-11 | 5010  | 101    |         | false    | 80         |
        """,
    )
    closing("2021-08")
    made = build("core.measure_result_month")
    cost_of_ao, cost_of_rs = ledger_months(made, "cost", "AO"), ledger_months(made, "cost", "RS")
    assert cost_of_ao["2020-03"] == ("actual", 60, None)
    assert "2021-03" not in cost_of_ao
    assert (cost_of_rs["2021-03"], cost_of_rs["2021-11"]) == (("actual", 65, 70), ("budget", None, 80))
    assert ledger_months(made, "cost", "-")["2020-03"] == ("actual", 7, None)
    assert ledger_months(made, "result", "")["2020-03"] == ("actual", 33, None)
    assert ledger_months(made, "revenue", "")["2020-04"] == ("actual", 0, None)


def test_a_month_that_no_ledger_reaches_is_missing(given, closing, build) -> None:
    ledgers.draw_surroundings(given)
    given("build.closing_deliveries", "| delivery_id | extract | period |\n| 2 | ekonomi_sie | 2020-10 |")
    ledgers.draw_booked(given, "| 5010 | 101 | | 2020-03-15 | 60 |")
    closing("2021-08")
    cost = ledger_months(build("core.measure_result_month"), "cost", "AO")
    assert (cost["2020-10"][0], cost["2020-11"][0], cost["2021-01"][0]) == ("actual", "missing", "missing")
