"""A real ledger passes every check; its twin, one voucher out of balance, fails in that voucher and its account."""

from __future__ import annotations

from flows.sources.sie import read_any_ledger
from tests.gate.conftest import House
from tests.shared_folder import SHARED, needs_shared

pytestmark = needs_shared

LEDGER_CHECKS = (
    "reconciliations.voucher_balance",
    "reconciliations.account_roll_forward",
    "reconciliations.voucher_vs_period_balance",
)


def ledger_findings(house: House, name: str) -> list[tuple[str, dict[str, str]]]:
    path = SHARED / "sie_samples" / "idstam_jsisie" / name
    reading = read_any_ledger(path.read_bytes(), "ekonomi_sie_200912_20100115T0600.se")
    assert reading.refusal is None
    house.closes("2009-12")
    house.delivered("extract | period\n ekonomi_sie | 2009-12")
    ((delivery_id,),) = house.connection.execute("select delivery_id from build.closing_deliveries").fetchall()
    for table, rows in reading.tables.items():
        house.connection.register("rows", rows)
        house.connection.execute(f"insert into raw.{table} by name select {delivery_id} as delivery_id, * from rows")
        house.connection.unregister("rows")
    return [(found.rule_id, dict(found.keys)) for check in LEDGER_CHECKS for found in house.findings(check)]


def sample(house: House, which: str) -> list[tuple[str, dict[str, str]]]:
    return ledger_findings(house, f"transaktioner_ovnbolag{which}.se")


def test_a_whole_ledger_passes_every_check(house: House):
    assert sample(house, "") == []


def test_its_twin_fails_in_one_voucher_and_one_account(house: House):
    found = dict(sample(house, "-bad-balance"))
    assert list(found) == [
        "voucher_out_of_balance",
        "account_does_not_roll_forward",
        # The same account again, in the month of that voucher: its PSALDO was left as it was.
        "vouchers_not_period_balance",
    ]
    assert found["account_does_not_roll_forward"]["account"] == found["vouchers_not_period_balance"]["account"]
