"""What is booked, against the chart, the units and the investment projects."""

from __future__ import annotations

from flows.domain.finding import Effect, Severity
from tests.gate.conftest import House, messages

CHART = """
    account_from | account_to | account_group | valid_from
    30           | 39         | INTAKT        | 2019-01-01
    40           | 40         | INVESTERING   | 2019-01-01
    50           | 57         | PERSONAL      | 2019-01-01
"""
UNITS = """
    unit_code | ansvar | area | activity_type | valid_from | valid_to
    1101      | 41     | RS   | STOD          | 2019-01-01 |
    1102      | 42     | AO   | STOD          | 2019-01-01 | 2021-03-31
"""
AREAS = "area_code | area_name | order_number\n RS | Råd och Stöd | 1\n AO | Äldreomsorg | 2"


def booked(house: House, rows: str) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08")
    house.given("staging.account_group", CHART)
    house.given("staging.edition_area", AREAS)
    house.given("staging.unit", UNITS)
    house.given("staging.ledger_voucher", "line | voucher_date\n 1 | 2021-04-05")
    house.given(
        "staging.ledger_transaction", f"line | voucher_date | month | account | ansvar | projekt | amount_sek\n{rows}"
    )


def test_an_account_in_no_group_is_named_with_its_amount(house: House) -> None:
    booked(
        house,
        """ 2 | 2021-04-05 | 2021-04-01 | 5010 | 41 | | 1500.00
            3 | 2021-04-05 | 2021-04-01 | 5810 | 41 | | -1234.50""",
    )
    (found,) = house.findings("quality.account_reference", "account_without_group")
    assert found.message == "Konto 5810 ligger i ingen kontogrupp 2021: 1 rader, −1\u00a0234,50 kr"
    assert (found.severity, found.effect) == (Severity.CRITICAL, Effect.BARS_PUBLICATION)
    assert found.keys == {"account": "5810", "year": "2021"}


def test_an_ansvar_is_looked_up_on_the_day_of_the_voucher(house: House) -> None:
    booked(
        house,
        """ 2 | 2021-03-31 | 2021-03-01 | 5010 | 42 | | 100.00
            3 | 2021-04-01 | 2021-04-01 | 5010 | 42 | | 200.00
            4 | 2021-04-05 | 2021-04-01 | 5010 |    | | 300.00""",
    )
    (no_unit,) = house.findings("quality.ansvar_reference", "ansvar_in_no_unit")
    (no_ansvar,) = house.findings("quality.ansvar_reference", "entry_without_ansvar")
    assert no_unit.message == "Ansvar 42 hör inte till någon enhet 2021: 1 rader, 200,00 kr"
    assert no_ansvar.message == "1 rader 2021 saknar ansvar: 300,00 kr"


def test_an_account_of_no_result_needs_no_ansvar(house: House) -> None:
    booked(house, " 2 | 2021-04-05 | 2021-04-01 | 1910 | | | 300.00")
    assert house.findings("quality.ansvar_reference") == []


def projects(house: House) -> None:
    house.given("staging.investment_input", "month | area | projekt | frame_sek\n 2021-08-01 | RS | P1 | 500000")


def test_expenditure_without_a_project_of_the_input(house: House) -> None:
    booked(
        house,
        """ 2 | 2021-04-05 | 2021-04-01 | 4010 | 41 | P1 | 1000.00
            3 | 2021-04-05 | 2021-04-01 | 4010 | 41 | P9 | 2500.00
            4 | 2020-04-05 | 2020-04-01 | 4010 | 41 | P9 | 7000.00""",
    )
    projects(house)
    (found,) = house.findings("reconciliations.investment_without_project", "investment_without_project")
    assert found.message == (
        "2\u00a0500,00 kr är bokat på investeringskonto 4010 apr 2021 utan projekt i investeringsunderlaget"
        " (ansvar 41, projekt P9)"
    )
    assert found.effect is Effect.BARS_PUBLICATION


def test_a_project_booked_in_another_area_than_its_frame(house: House) -> None:
    booked(
        house,
        """ 2 | 2021-03-05 | 2021-03-01 | 4010 | 41 | P1 | 1000.00
            3 | 2021-03-05 | 2021-03-01 | 4010 | 42 | P1 | 400.00""",
    )
    projects(house)
    (found,) = house.findings("reconciliations.investment_area")
    assert found.message == (
        "Projekt P1: av 1\u00a0400,00 kr är bara 1\u00a0000,00 kr bokat i det område som underlaget nämner"
    )
    assert (found.rule_id, found.effect) == ("investment_in_other_area", Effect.BARS_LOCK)


def file_of(house: House) -> None:
    """A ledger of two vouchers, whole in every way: 100 from bank to wages, 40 from customers to bank."""
    house.delivered("extract | period\n ekonomi_sie | 2021-08")
    house.given("staging.account_group", CHART)
    house.given("staging.edition_area", AREAS)
    house.given("staging.unit", UNITS)
    house.given(
        "staging.ledger_voucher",
        """
        line | voucher_series | voucher_number | voucher_date | month
        10   | A              | 1              | 2021-03-05   | 2021-03-01
        20   | A              | 2              | 2021-03-06   | 2021-03-01
        """,
    )
    house.given(
        "staging.ledger_transaction",
        """
        line | voucher_line | voucher_date | month      | account | ansvar | amount_sek
        11   | 10           | 2021-03-05   | 2021-03-01 | 5010    | 41     | 100.00
        12   | 10           | 2021-03-05   | 2021-03-01 | 1910    |        | -100.00
        21   | 20           | 2021-03-06   | 2021-03-01 | 3010    | 41     | -40.00
        22   | 20           | 2021-03-06   | 2021-03-01 | 1910    |        | 40.00
        """,
    )
    house.given(
        "staging.ledger_balance",
        """
        line | balance_record | year_no | account | amount_sek
        2    | IB             | 0       | 1910    | 500.00
        3    | UB             | 0       | 1910    | 440.00
        4    | RES            | 0       | 5010    | 100.00
        5    | RES            | 0       | 3010    | -40.00
        """,
    )
    house.given(
        "staging.ledger_period_amount",
        """
        line | period_record | year_no | month      | account | ansvar | is_total | amount_sek
        6    | PSALDO        | 0       | 2021-03-01 | 5010    |        | true     | 100.00
        7    | PSALDO        | 0       | 2021-03-01 | 5010    | 41     | false    | 100.00
        8    | PSALDO        | 0       | 2021-03-01 | 3010    | 41     | false    | -40.00
        9    | PSALDO        | 0       | 2021-03-01 | 1910    |        | true     | -60.00
        """,
    )


LEDGER_CHECKS = {
    "reconciliations.voucher_balance": "voucher_out_of_balance",
    "reconciliations.account_roll_forward": "account_does_not_roll_forward",
    "reconciliations.voucher_vs_period_balance": "vouchers_not_period_balance",
    "reconciliations.period_amount_total": "period_rows_not_total",
}


def checks(house: House) -> dict[str, list[str]]:
    found = {rule_id: messages(house.findings(table, rule_id)) for table, rule_id in LEDGER_CHECKS.items()}
    return {rule_id: said for rule_id, said in found.items() if said}


def test_a_whole_ledger_passes_every_check(house: House) -> None:
    file_of(house)
    assert checks(house) == {}


def test_a_voucher_out_of_balance_by_an_ore(house: House) -> None:
    file_of(house)
    house.connection.execute("update staging.ledger_transaction set amount_sek = -99.99 where line = 12")
    assert checks(house)["voucher_out_of_balance"] == [
        "ekonomi_sie_202108.csv rad 10: verifikation A 1 summerar till 0,01 kr, inte 0"
    ]


def test_an_account_that_does_not_roll_forward(house: House) -> None:
    file_of(house)
    house.connection.execute("update staging.ledger_balance set amount_sek = 441 where line = 3")
    assert checks(house) == {
        "account_does_not_roll_forward": [
            "ekonomi_sie_202108.csv: konto 1910 slutar på 441,00 kr men bokningarna ger 440,00 kr (−1,00 kr)"
        ]
    }


def test_a_ledger_cut_before_its_vouchers_does_not_come_to_its_result(house: House) -> None:
    file_of(house)
    house.connection.execute("delete from staging.ledger_voucher")
    house.connection.execute("delete from staging.ledger_transaction")
    assert checks(house) == {}
    house.connection.execute("delete from staging.ledger_period_amount where line = 8")
    assert checks(house) == {
        "account_does_not_roll_forward": [
            "ekonomi_sie_202108.csv: konto 3010 slutar på −40,00 kr men bokningarna ger 0,00 kr (40,00 kr)"
        ]
    }


def test_a_period_balance_that_is_not_its_vouchers(house: House) -> None:
    file_of(house)
    house.connection.execute("update staging.ledger_period_amount set amount_sek = -41 where line = 8")
    assert checks(house) == {
        "vouchers_not_period_balance": [
            "ekonomi_sie_202108.csv: konto 3010 mars 2021 är −41,00 kr i periodsaldot men −40,00 kr i verifikationerna"
        ]
    }


def test_rows_by_ansvar_that_are_not_their_total(house: House) -> None:
    file_of(house)
    house.connection.execute("update staging.ledger_period_amount set amount_sek = 90 where line = 7")
    assert checks(house) == {
        "period_rows_not_total": [
            "ekonomi_sie_202108.csv: PSALDO för konto 5010 mars 2021 är 100,00 kr totalt men 90,00 kr per ansvar"
        ]
    }


def test_opening_balances_that_do_not_sum_to_zero_are_asked_about(house: House) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n ekonomi_sie | 2020-12")
    house.given(
        "staging.ledger_balance",
        """
        delivery_id | line | balance_record | year_no | account | amount_sek
        1           | 2    | IB             | 0       | 1910    | 100.00
        1           | 3    | IB             | 0       | 2010    | -99.99
        1           | 4    | UB             | 0       | 2010    | 5.00
        2           | 2    | IB             | 0       | 1910    | 100.00
        2           | 3    | IB             | 0       | 2010    | -100.00
        """,
    )
    assert messages(house.findings("quality.opening_balance", "opening_balances_not_zero")) == [
        "ekonomi_sie_202108.csv: ingående balanser summerar till 0,01 kr, inte 0"
    ]


BUDGET = (
    "delivery_id | line | period_record | year_no | month | account | ansvar | projekt | verksamhet | is_total"
    " | amount_sek\n"
)


def budgets(house: House, rows: str) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n ekonomi_sie | 2020-12")
    house.given("staging.ledger_period_amount", BUDGET + rows)


def test_a_ledger_without_a_budget_is_asked_about_where_the_other_has_one(house: House) -> None:
    budgets(house, "2 | 6 | PBUDGET | 0 | 2020-03-01 | 5010 | 41 | | | false | 100.00")
    (found,) = house.findings("quality.ledger_budget", "ledger_without_budget")
    assert found.message == (
        "ekonomi_sie_202108.csv har ingen budget (PBUDGET), men den andra huvudboken som läses har"
    )
    assert found.effect is Effect.BARS_LOCK


def test_no_ledger_has_a_budget_or_only_the_closed_years(house: House) -> None:
    budgets(house, "1 | 6 | PBUDGET | 0 | 2021-03-01 | 5010 | 41 | | | false | 100.00")
    assert house.findings("quality.ledger_budget") == []


def test_a_budget_divided_by_two_dimensions_is_asked_about_where_nothing_says_its_sum(house: House) -> None:
    budgets(
        house,
        """1 | 6  | PBUDGET | 0 | 2021-03-01 | 5010 | 41 | P1 |    | false | 100.00
           1 | 7  | PBUDGET | 0 | 2021-03-01 | 5010 | 41 |    | V1 | false | 100.00
           1 | 8  | PBUDGET | 0 | 2021-04-01 | 5010 | 41 | P1 |    | false | 100.00
           1 | 9  | PBUDGET | 0 | 2021-04-01 | 5010 | 41 |    | V1 | false | 100.00
           1 | 10 | PBUDGET | 0 | 2021-04-01 | 5010 |    |    |    | true  | 200.00
           1 | 11 | PBUDGET | 0 | 2021-05-01 | 5010 | 41 | P1 |    | false | 100.00
           1 | 12 | PBUDGET | 0 | 2021-05-01 | 5010 | 41 | P2 |    | false | 100.00
           1 | 13 | PBUDGET | 0 | 2021-06-01 | 5010 | 41 |    |    | false | 100.00
           1 | 14 | PBUDGET | 0 | 2021-06-01 | 5010 | 41 |    | V1 | false | 100.00""",
    )
    assert messages(house.findings("quality.ledger_budget", "budget_divided_twice")) == [
        "ekonomi_sie_202108.csv: 1 budgetbelopp är delade på olika dimensioner utan egen summa per ansvar;"
        " alla delar räknas"
    ]
