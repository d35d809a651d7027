"""The result by area: what is in it, in which area, and that nothing is lost on the way."""

from __future__ import annotations

from decimal import Decimal

from tests.spec.ledgers import UNITS, draw_booked, draw_surroundings, figures_of

BUDGET_HEAD = "| line | delivery_id | period_record | year_no | month | account | ansvar | projekt | verksamhet | is_total | amount_sek |"


def test_an_account_is_compared_by_as_many_characters_as_the_bound_has(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(
        given,
        """
        | 3012 | 101 | | 2021-01-10 | -100 |
        | 7599 | 101 | | 2021-01-10 | 10   |
        | 7600 | 101 | | 2021-01-10 | 20   |
        | 8999 | 101 | | 2021-01-10 | 1    |
        | 9000 | 101 | | 2021-01-10 | 2    |
        | 1510 |     | | 2021-01-10 | 67   |
        """,
    )
    closing("2021-08")
    expect(
        build("core.ledger_entry"),
        """
        | account | account_group | ledger_part | area_code |
        | 3012    | INTAKT        | revenue     | AO        |
        | 7599    | INHYRD        | cost        | AO        |
        | 7600    | OVRIGT        | cost        | AO        |
        | 8999    | ARSRESULTAT   | ''          | AO        |
        | 9000    |               | ''          | AO        |
        | 1510    | BALANS        | ''          |           |
        """,
    )


def test_the_group_is_the_one_in_force_on_the_voucher_date(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given(
        "staging.account_group",
        """
        | account_from | account_to | account_group | valid_from | valid_to   |
        | 60           | 69         | LOKAL         | 2020-01-01 | 2021-03-31 |
        | 60           | 69         | OVRIGT        | 2021-04-01 |            |
        """,
    )
    draw_booked(given, "| 6010 | 101 | | 2021-03-31 | 1 |\n| 6010 | 101 | | 2021-04-01 | 2 |")
    closing("2021-08")
    expect(
        build("core.ledger_entry"),
        """
        | dated_on   | account_group |
        | 2021-03-31 | LOKAL         |
        | 2021-04-01 | OVRIGT        |
        """,
    )


def test_the_unit_is_the_one_that_had_the_ansvar_on_the_voucher_date(given, closing, build, expect) -> None:
    draw_surroundings(
        given,
        """
        | unit_code | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
        | U1        | 101    | AO   | 2020-01-01 | 2021-05-14 | U2             |               |
        | U2        | 101    | RS   | 2021-05-15 |            |                |               |
        """,
    )
    draw_booked(given, "| 5010 | 101 | | 2021-05-14 | 3 |\n| 5010 | 101 | | 2021-05-15 | 4 |")
    closing("2021-08")
    expect(
        build("marts.result"),
        """
        | month   | ansvar | unit_code | area_code | restated_unit_code | restated_area_code | restatement_tag | actual_sek |
        | 2021-05 | 101    | U1        | AO        | U2                 | RS                 | restated        | 3          |
        | 2021-05 | 101    | U2        | RS        | U2                 | RS                 | same            | 4          |
        """,
    )


def test_result_is_minus_the_sum_and_an_ansvar_in_no_unit_belongs_to_no_area(given, closing, build) -> None:
    draw_surroundings(given)
    draw_booked(
        given,
        """
        | 3010 | 101 | | 2021-02-10 | -100.25 |
        | 5010 | 101 | | 2021-08-31 | 40      |
        | 5010 | 102 | | 2021-08-31 | 7.5     |
        | 6010 | 999 | | 2021-08-31 | 5       |
        | 5010 | 101 | | 2021-09-01 | 1000    |
        | 4010 | 101 | | 2021-08-31 | 300     |
        | 8999 | 101 | | 2021-08-31 | 300     |
        """,
    )
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="AO", quantity="actual") == {
        "result": Decimal("60.25"),
        "revenue": Decimal("100.25"),
        "cost": Decimal(40),
    }
    assert figures_of(made, area_code="RS", quantity="actual")["result"] == Decimal("-7.5")
    assert figures_of(made, area_code="-", quantity="actual")["result"] == Decimal(-5)
    assert figures_of(made, area_code="", quantity="actual")["result"] == Decimal("47.75")


def test_the_areas_sum_to_the_ledgers_own_total(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(
        given,
        "| 3010 | 101 | | 2021-02-10 | -100 |\n| 6010 | 999 | | 2021-02-10 | 60 |\n| 5010 | 102 | | 2020-11-01 | 9 |",
    )
    closing("2021-08")
    made = build("reconciliations.result_total")
    at = {name: index for index, name in enumerate(made.types)}
    rows = {(row[at["measure_id"]], row[at["quantity"]], row[at["year_offset"]]): row for row in made.rows}
    assert rows["result", "actual", 0][at["expected"]] == 40
    assert rows["result", "annual_accounts", -1][at["expected"]] == -9
    assert {row[at["difference"]] for row in made.rows} == {0}


def test_shares_are_applied_to_the_sum_and_comparatives_are_restated(given, closing, build, expect) -> None:
    draw_surroundings(
        given,
        """
        | unit_code | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
        | A         | 101    | AO   | 2020-01-01 | 2020-12-31 | B              | 33.3333       |
        | A         | 101    | AO   | 2020-01-01 | 2020-12-31 | C              | 66.6667       |
        | B         | 201    | AO   | 2021-01-01 |            |                |               |
        | C         | 202    | RS   | 2021-01-01 |            |                |               |
        | D         | 301    | RS   | 2020-01-01 | 2020-12-31 |                |               |
        """,
    )
    draw_booked(
        given,
        "| 5010 | 101 | | 2020-03-01 | 10.01 |\n| 5010 | 101 | | 2020-03-02 | 20.02 |\n| 5010 | 301 | | 2020-03-02 | 500 |",
    )
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="AO", quantity="actual", year_offset=-1)["cost"] == Decimal("10.009990")
    assert figures_of(made, area_code="RS", quantity="actual", year_offset=-1)["cost"] == Decimal("20.020010")
    assert figures_of(made, area_code="", quantity="actual", year_offset=-1)["cost"] == Decimal("30.03")
    tags = figures_of(made, area_code="AO", quantity="actual", year_offset=-1, value="organisation_tag")
    assert tags["cost"] == "restated_share"

    as_was = {"area_code": "AO", "quantity": "actual", "year_offset": -1, "view": "as_was"}
    assert figures_of(made, **as_was)["cost"] == Decimal("30.03")
    assert figures_of(made, **as_was, value="organisation_tag")["cost"] == "not_restated"
    assert figures_of(made, **as_was | {"area_code": "RS"})["cost"] == Decimal(500)
    assert figures_of(made, **as_was | {"area_code": ""})["cost"] == Decimal("530.03")
    difference = [row[-1] for row in build("reconciliations.result_total").rows]
    assert set(difference) == {0}


def test_shares_that_leave_a_millionth_over_still_tie_to_the_ledger(given, closing, build) -> None:
    draw_surroundings(
        given,
        """
        | unit_code | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
        | A         | 101    | AO   | 2020-01-01 | 2020-12-31 | B              | 33.3333       |
        | A         | 101    | AO   | 2020-01-01 | 2020-12-31 | C              | 33.3333       |
        | A         | 101    | AO   | 2020-01-01 | 2020-12-31 | D              | 33.3334       |
        | B         | 201    | AO   | 2021-01-01 |            |                |               |
        | C         | 202    | RS   | 2021-01-01 |            |                |               |
        | D         | 203    | RS   | 2021-01-01 |            |                |               |
        """,
    )
    draw_booked(given, "| 5010 | 101 | | 2020-03-01 | 100.01 |\n| 5010 | 101 | | 2020-04-01 | 0.01 |")
    closing("2021-08")
    assert {row[-1] for row in build("reconciliations.result_total").rows} == {0}
    assert {row[-1] for row in build("reconciliations.area_total").rows} == {0}


def test_what_a_unit_booked_before_it_left_this_year_belongs_to_no_area(given, closing, build) -> None:
    draw_surroundings(given, UNITS + "| U3 | 103 | AO | 2020-01-01 | 2021-06-30 | | |\n")
    draw_booked(given, "| 5010 | 103 | | 2021-03-01 | 8 |\n| 5010 | 103 | | 2020-03-01 | 5 |")
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="-", quantity="actual")["cost"] == 8
    assert figures_of(made, area_code="", quantity="actual")["cost"] == 8
    assert figures_of(made, area_code="", quantity="actual", year_offset=-1)["cost"] == 0


def test_budget_rows_with_the_ansvar_alone_win_and_a_total_is_never_added(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given(
        "staging.ledger_period_amount",
        f"""
        {BUDGET_HEAD}
        | 10 | 1 | PBUDGET | 0  | 2021-01 | 5010 |     |    |    | true  | 100 |
        | 11 | 1 | PBUDGET | 0  | 2021-01 | 5010 | 101 |    |    | false | 60  |
        | 12 | 1 | PBUDGET | 0  | 2021-01 | 5010 | 101 | P1 |    | false | 60  |
        | 13 | 1 | PBUDGET | 0  | 2021-01 | 5010 | 102 | P1 |    | false | 30  |
        | 14 | 1 | PBUDGET | 0  | 2021-01 | 5010 | 102 |    | V1 | false | 10  |
        | 15 | 1 | PBUDGET | -1 | 2020-01 | 5010 | 101 |    |    | false | 7   |
        | 16 | 1 | PBUDGET | 0  | 2021-12 | 5010 | 101 |    |    | false | 1   |
        """,
    )
    closing("2021-08")
    expect(
        build("core.budget_entry"),
        """
        | line | month   | dated_on   | ansvar | area_code | amount_sek |
        | 11   | 2021-01 | 2021-01-31 | 101    | AO        | 60         |
        | 13   | 2021-01 | 2021-01-31 | 102    | RS        | 30         |
        | 14   | 2021-01 | 2021-01-31 | 102    | RS        | 10         |
        | 16   | 2021-12 | 2021-08-31 | 101    | AO        | 1          |
        """,
    )
    made = build("core.figure_result")
    assert figures_of(made, area_code="", quantity="budget_to_date")["cost"] == 100
    assert figures_of(made, area_code="", quantity="budget_full_year")["cost"] == 101
    expect(
        build("reconciliations.period_amount_total"),
        """
        | account | month   | expected | actual | difference |
        | 5010    | 2021-01 | 100      | 100    | 0          |
        """,
    )


def test_a_file_without_vouchers_is_read_from_its_period_balances(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(given, "| 5010 | 101 | | 2021-03-01 | 8 |")
    given(
        "staging.ledger_period_amount",
        f"""
        {BUDGET_HEAD}
        | 20 | 1 | PSALDO | 0 | 2021-03 | 5010 | 101 | | | false | 8  |
        | 21 | 2 | PSALDO | 0 | 2020-03 | 5010 | 101 | | | false | 9  |
        | 22 | 2 | PSALDO | 0 | 2020-03 | 5010 |     | | | true  | 9  |
        """,
    )
    closing("2021-08")
    expect(
        build("core.ledger_entry"),
        """
        | delivery_id | line | month   | amount_sek | area_code |
        | 1           | 2    | 2021-03 | 8          | AO        |
        | 2           | 21   | 2020-03 | 9          | AO        |
        """,
    )
    expect(
        build("reconciliations.voucher_vs_period_balance"),
        """
        | delivery_id | account | month   | expected | actual | difference |
        | 1           | 5010    | 2021-03 | 8        | 8      | 0          |
        """,
    )


def test_accounts_that_stop_before_the_year_ends_are_missing_not_low(given, closing, build) -> None:
    draw_surroundings(given)
    given("build.closing_deliveries", "| extract | period |\n| ekonomi_sie | 2021-08 |\n| ekonomi_sie | 2020-10 |")
    draw_booked(given, "| 5010 | 101 | | 2020-03-01 | 8 |")
    closing("2021-08")
    made = build("core.figure_result")
    assert figures_of(made, area_code="", quantity="actual", year_offset=-1)["cost"] == 8
    assert figures_of(made, area_code="", quantity="annual_accounts", year_offset=-1)["cost"] is None


def test_a_voucher_out_of_balance_and_an_account_that_does_not_roll_forward_are_named(
    given, closing, build, expect
) -> None:
    given("staging.ledger_voucher", "| delivery_id | line | voucher_series |\n| 1 | 2 | A |\n| 1 | 5 | A |")
    given(
        "staging.ledger_transaction",
        """
        | line | delivery_id | voucher_line | account | month   | amount_sek |
        | 3    | 1           | 2            | 1510    | 2021-01 | 100        |
        | 4    | 1           | 2            | 3010    | 2021-01 | -100       |
        | 6    | 1           | 5            | 1510    | 2021-01 | 50         |
        | 7    | 1           | 5            | 3010    | 2021-01 | -49.5      |
        """,
    )
    given(
        "staging.ledger_balance",
        """
        | line | delivery_id | balance_record | year_no | account | amount_sek |
        | 20   | 1           | IB             | 0       | 1510    | 10         |
        | 21   | 1           | UB             | 0       | 1510    | 160        |
        | 22   | 1           | RES            | 0       | 3010    | -150       |
        | 23   | 1           | UB             | -1      | 1510    | 10         |
        """,
    )
    closing("2021-08")
    expect(build("reconciliations.voucher_balance"), "| line | expected | actual | difference |\n| 5 | 0 | 0.5 | 0.5 |")
    expect(
        build("reconciliations.account_roll_forward"),
        """
        | account | reconciled_kind | expected | actual | difference |
        | 1510    | balance         | 160      | 160    | 0          |
        | 3010    | result          | -150     | -149.5 | 0.5        |
        """,
    )


def test_the_result_in_per_cent_is_the_deviation_over_the_periods_budgeted_revenue(
    given, closing, build, expect
) -> None:
    draw_surroundings(given)
    draw_booked(
        given,
        """
        | 3010 | 101 | | 2021-02-10 | -1000 |
        | 5010 | 101 | | 2021-02-10 | 600   |
        | 7510 | 101 | | 2021-02-10 | 100   |
        | 6010 | 101 | | 2021-02-10 | 200   |
        """,
    )
    given(
        "staging.ledger_period_amount",
        f"""
        {BUDGET_HEAD}
        | 11 | 1 | PBUDGET | 0 | 2021-01 | 3010 | 101 | | | false | -100 |
        | 12 | 1 | PBUDGET | 0 | 2021-12 | 3010 | 101 | | | false | -900 |
        """,
    )
    closing("2021-08")
    made = build("marts.economic_ratio")
    at = {name: index for index, name in enumerate(made.types)}
    ratios = {
        row[at["measure_id"]]: row
        for row in made.rows
        if row[at["year_offset"]] == 0 and row[at["organisation_view"]] == "restated"
    }
    assert ratios["economic_result_ratio"][at["numerator"]] == 0
    assert ratios["economic_result_ratio"][at["denominator"]] == Decimal("666.666667")
    assert ratios["personnel_cost_share"][at["numerator"]] == 600
    assert ratios["personnel_cost_share"][at["denominator"]] == 900
    assert ratios["personnel_and_hired_cost_share"][at["numerator"]] == 700


def test_a_share_of_costs_leaves_out_who_has_left_only_where_it_is_restated(given, closing, build) -> None:
    draw_surroundings(
        given,
        """
        | unit_code | ansvar | area | valid_from | valid_to   |
        | A         | 101    | AO   | 2019-01-01 |            |
        | G         | 102    | RS   | 2019-01-01 | 2020-12-31 |
        """,
    )
    draw_booked(
        given,
        """
        | 5010 | 101 | | 2020-03-01 | 60 |
        | 6010 | 101 | | 2020-03-01 | 40 |
        | 5010 | 102 | | 2020-03-01 | 7  |
        | 6010 | 102 | | 2020-03-01 | 3  |
        """,
    )
    closing("2021-08")
    made = build("core.figure_ratio")
    at = {name: index for index, name in enumerate(made.types)}
    found = {
        row[at["organisation_view"]]: tuple(row[at[name]] for name in ("numerator", "denominator", "organisation_tag"))
        for row in made.rows
        if (row[at["subject_id"]], row[at["year_offset"]]) == ("personnel_cost_share", -1)
    }
    assert found == {"restated": (60, 100, "restated"), "as_was": (67, 110, "not_restated")}
