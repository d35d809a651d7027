"""From budget and from last year to the outcome: the steps, the one-offs apart, and that both ends are the report's."""

from __future__ import annotations

from tests.spec.ledgers import UNITS, draw_booked, draw_surroundings
from tests.spec.test_result import BUDGET_HEAD

LEFT = UNITS + "| U3 | 103 | AO | 2020-01-01 | 2020-12-31 | | |\n"


def draw(given) -> None:
    draw_surroundings(given, LEFT)
    draw_booked(
        given,
        """
        | 3010 | 101 |    | 2021-02-10 | -1000 |
        | 5010 | 101 |    | 2021-02-10 | 700   |
        | 6010 | 101 | P9 | 2021-03-10 | 40    |
        | 6010 | 999 |    | 2021-03-10 | 3     |
        | 5010 | 102 |    | 2020-02-10 | 600   |
        | 5010 | 103 |    | 2020-02-10 | 77    |
        | 5010 | 101 |    | 2020-11-10 | 5000  |
        """,
    )
    given(
        "staging.ledger_period_amount",
        f"""
        {BUDGET_HEAD}
        | 51 | 1 | PBUDGET | 0 | 2021-01 | 3010 | 101 | | | false | -900 |
        | 52 | 1 | PBUDGET | 0 | 2021-01 | 5010 | 101 | | | false | 650  |
        | 53 | 1 | PBUDGET | 0 | 2021-09 | 5010 | 101 | | | false | 9999 |
        """,
    )
    given(
        "staging.one_off",
        "| one_off_id | one_off_name | account_from | account_to | projekt | valid_from | decision_words |"
        "\n| brand | Branden | 60 | 60 | P9 | 2021-01-01 | KS 5 |",
    )
    given("staging.adjustment", "| month | ansvar | account | amount_sek |\n| 2021-08 | 101 | 6010 | 10 |")


def test_each_step_is_what_an_account_group_of_an_area_does_to_the_result(given, closing, build, expect) -> None:
    draw(given)
    closing("2021-08")
    expect(
        build("marts.result_bridge"),
        """
        | comparison | area_code | account_group | is_one_off | start_sek | end_sek | step_sek |
        | budget     | AO        | INTAKT        | false      | 900       | 1000    | 100      |
        | budget     | AO        | PERSONAL      | false      | -650      | -700    | -50      |
        | budget     | AO        | OVRIGT        | true       | 0         | -40     | -40      |
        | budget     | AO        | OVRIGT        | false      | 0         | -10     | -10      |
        | budget     | -         | OVRIGT        | false      | 0         | -3      | -3       |
        | last_year  | AO        | INTAKT        | false      | 0         | 1000    | 1000     |
        | last_year  | AO        | PERSONAL      | false      | 0         | -700    | -700     |
        | last_year  | AO        | OVRIGT        | true       | 0         | -40     | -40      |
        | last_year  | AO        | OVRIGT        | false      | 0         | -10     | -10      |
        | last_year  | -         | OVRIGT        | false      | 0         | -3      | -3       |
        | last_year  | RS        | PERSONAL      | false      | -600      | 0       | 600      |
        """,
    )
    made = build("reconciliations.result_bridge")
    assert len(made.rows) == 16
    assert {row[-1] for row in made.rows} == {0}


def test_the_underlying_result_is_the_reported_one_without_one_offs(given, closing, build, expect) -> None:
    draw(given)
    closing("2021-08")
    expect(
        build("marts.underlying_result"),
        """
        | year_offset | area_code | reported_result_sek | one_off_result_sek | underlying_result_sek |
        | 0           | ''        | 247                 | -40                | 287                   |
        | 0           | AO        | 250                 | -40                | 290                   |
        | 0           | -         | -3                  | 0                  | -3                    |
        | -1          | ''        | -600                | 0                  | -600                  |
        | -1          | RS        | -600                | 0                  | -600                  |
        """,
    )
    expect(
        build("marts.one_off"),
        """
        | year_offset | one_off_id | area_code | one_off_name | decision_words | one_off_result_sek |
        | 0           | brand      | AO        | Branden      | KS 5           | -40                |
        """,
    )


def test_a_unit_that_was_split_bridges_by_its_shares(given, closing, build, expect) -> None:
    draw_surroundings(
        given,
        UNITS
        + "| U8 | 108 | AO | 2020-01-01 | 2020-12-31 | U1 | 25 |\n| U8 | 108 | AO | 2020-01-01 | 2020-12-31 | U2 | 75 |\n",
    )
    draw_booked(given, "| 5010 | 108 | | 2020-02-10 | 100.01 |")
    closing("2021-08")
    expect(
        build("marts.result_bridge"),
        """
        | comparison | area_code | start_sek | end_sek | step_sek |
        | last_year  | AO        | -25.0025  | 0       | 25.0025  |
        | last_year  | RS        | -75.0075  | 0       | 75.0075  |
        """,
    )
    assert {row[-1] for row in build("reconciliations.result_bridge").rows} == {0}
