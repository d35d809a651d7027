"""One-offs: which lines the register claims, and what is left when they are taken away."""

from __future__ import annotations

from tests.spec.ledgers import draw_booked, draw_surroundings

HEAD = "| one_off_id | one_off_name | ansvar | account_from | account_to | projekt | valid_from | valid_to |"

BOOKED = """
| 6010 | 101 |    | 2021-02-10 | 100 |
| 6020 | 101 | P9 | 2021-02-10 | 200 |
| 6010 | 102 |    | 2021-02-10 | 400 |
| 6010 | 101 |    | 2021-03-10 | 800 |
| 5010 | 101 | P9 | 2021-02-10 | 16  |
"""


def test_a_post_claims_lines_by_ansvar_accounts_projekt_and_days(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(given, BOOKED)
    given(
        "staging.one_off",
        f"""
        {HEAD}
        | flytt | Flytt    | 101 | 601 | 601 |    | 2021-02-01 | 2021-02-28 |
        | brand | Branden  |     | 50  | 69  | P9 | 2021-01-01 |            |
        """,
    )
    closing("2021-08")
    expect(
        build("core.ledger_entry"),
        """
        | account | ansvar | dated_on   | amount_sek | is_one_off | one_off_id |
        | 6010    | 101    | 2021-02-10 | 100        | true       | flytt      |
        | 6020    | 101    | 2021-02-10 | 200        | true       | brand      |
        | 6010    | 102    | 2021-02-10 | 400        | false      |            |
        | 6010    | 101    | 2021-03-10 | 800        | false      |            |
        | 5010    | 101    | 2021-02-10 | 16         | true       | brand      |
        """,
    )


def test_a_line_that_two_posts_claim_is_counted_once(given, closing, build, expect) -> None:
    draw_surroundings(given)
    draw_booked(given, "| 6010 | 101 | | 2021-02-10 | 100 |")
    given(
        "staging.one_off",
        f"""
        {HEAD}
        | gammal | Gammal | | 60   | 60   | | 2020-01-01 | |
        | ny     | Ny     | | 6010 | 6010 | | 2021-01-01 | |
        """,
    )
    closing("2021-08")
    expect(
        build("marts.result"),
        "| actual_sek | one_off_sek |\n| 100 | 100 |",
    )
    expect(build("core.ledger_entry"), "| one_off_id |\n| ny |")


def test_a_reversal_of_a_one_off_is_one_too(given, closing, build, expect) -> None:
    draw_surroundings(given)
    given(
        "staging.adjustment",
        "| month | ansvar | account | amount_sek | reversed_in_month |\n| 2021-02 | 101 | 6010 | 90 | 2021-03 |",
    )
    given("staging.one_off", f"{HEAD}\n| flytt | Flytt | 101 | 60 | 60 | | 2021-02-01 | 2021-02-28 |")
    closing("2021-08")
    expect(
        build("marts.result"),
        """
        | month   | actual_sek | adjustment_sek | one_off_sek |
        | 2021-02 | 90         | 90             | 90          |
        | 2021-03 | -90        | -90            | -90         |
        """,
    )
