"""A small ledger's surroundings: areas, units and a chart of accounts, for the spec tests of money."""

from __future__ import annotations

from collections.abc import Callable

ACCOUNTS = """
| account_from | account_to | account_group | valid_from | valid_to |
| 1            | 2          | BALANS        | 2020-01-01 |          |
| 30           | 39         | INTAKT        | 2020-01-01 |          |
| 40           | 40         | INVESTERING   | 2020-01-01 |          |
| 50           | 57         | PERSONAL      | 2020-01-01 |          |
| 60           | 74         | OVRIGT        | 2020-01-01 |          |
| 75           | 75         | INHYRD        | 2020-01-01 |          |
| 76           | 76         | OVRIGT        | 2020-01-01 |          |
| 8999         | 8999       | ARSRESULTAT   | 2020-01-01 |          |
"""

UNITS = """
| unit_code | ansvar | area | valid_from | valid_to   | successor_code | share_percent |
| U1        | 101    | AO   | 2020-01-01 |            |                |               |
| U2        | 102    | RS   | 2020-01-01 |            |                |               |
"""

AREAS = """
| area_code | area_name   | order_number |
| AO        | Äldreomsorg | 1            |
| RS        | Stöd        | 2            |
"""

#: Both years' ledgers are delivered whole, so that every figure is reached.
DELIVERED = """
| delivery_id | extract     | period  |
| 1           | ekonomi_sie | 2021-08 |
| 2           | ekonomi_sie | 2020-12 |
"""


def draw_surroundings(given: Callable[[str, str], None], units: str = UNITS) -> None:
    """Areas, units, accounts and deliveries of a ledger with files for both years."""
    given("staging.edition_area", AREAS)
    given("staging.unit", units)
    given("staging.account_group", ACCOUNTS)
    given("build.closing_deliveries", DELIVERED)


def draw_booked(given: Callable[[str, str], None], rows: str) -> None:
    """Transactions, each on a voucher of its own: account, ansvar, projekt, voucher_date, amount_sek."""
    lines = [line.strip() for line in rows.strip().splitlines()]
    drawn, vouchers = (
        ["| line | delivery_id | account | ansvar | projekt | month | voucher_date | amount_sek |"],
        ["| line | delivery_id | voucher_date |"],
    )
    for number, row in enumerate(lines, start=2):
        account, ansvar, projekt, day, amount = (cell.strip() for cell in row.strip("|").split("|"))
        delivery = 1 if day.startswith("2021") else 2
        drawn.append(f"| {number} | {delivery} | {account} | {ansvar} | {projekt} | {day[:7]} | {day} | {amount} |")
        vouchers.append(f"| {number} | {delivery} | {day} |")
    given("staging.ledger_transaction", "\n".join(drawn))
    given("staging.ledger_voucher", "\n".join(vouchers))


def figures_of(
    made,
    *,
    area_code: str,
    quantity: str,
    year_offset: int = 0,
    value: str = "figure_value",
    view: str = "restated",
) -> dict:
    """measure → value of one area, quantity and year, in one view of the organisation."""
    at = {name: index for index, name in enumerate(made.types)}
    return {
        row[at["subject_id"]]: row[at[value]]
        for row in made.rows
        if (row[at["area_code"]], row[at["quantity"]], row[at["year_offset"]]) == (area_code, quantity, year_offset)
        and row[at["organisation_view"]] in ("", view)
    }
