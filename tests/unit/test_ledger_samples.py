"""The ledger reader against real files: counted as in their manifest, which names them by repo and name."""

from __future__ import annotations

import csv

import pytest

from flows.sources.sie import read_any_ledger
from tests.shared_folder import SHARED, needs_shared

pytestmark = needs_shared
SAMPLES = SHARED / "sie_samples"


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read(entry: dict[str, str]):
    path = SAMPLES / entry["repo"].replace("/", "_") / entry["name"]
    return read_any_ledger(path.read_bytes(), f"sample-{entry['sha256'][:8]}.se")


def count(reading, table: str, **where: str) -> int:
    return sum(all(row[key] == value for key, value in where.items()) for row in reading.tables[table].to_pylist())


LEDGERS = [entry for entry in manifest() if entry["sietyp"]]
PAGES = [entry for entry in manifest() if not entry["sietyp"]]


@pytest.mark.parametrize("entry", LEDGERS, ids=lambda entry: entry["sha256"][:8])
def test_every_ledger_is_read_and_counted(entry):
    reading = read(entry)
    assert reading.refusal is None
    counted = {
        "KONTO": count(reading, "sie_account"),
        "VER": count(reading, "sie_voucher"),
        "TRANS": count(reading, "sie_transaction", record="TRANS"),
        "RTRANS": count(reading, "sie_transaction", record="RTRANS"),
        "BTRANS": count(reading, "sie_transaction", record="BTRANS"),
        "IB": count(reading, "sie_balance", record="IB"),
        "UB": count(reading, "sie_balance", record="UB"),
        "RES": count(reading, "sie_balance", record="RES"),
        "PSALDO": count(reading, "sie_period_amount", record="PSALDO"),
        "PBUDGET": count(reading, "sie_period_amount", record="PBUDGET"),
    }
    assert counted == {record: int(entry[record]) for record in counted}
    expected = "UTF-8" if entry["encoding"] == "ASCII" else entry["encoding"].split(" ")[0]
    assert reading.encoding == expected


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry["sha256"][:8])
def test_every_web_page_named_as_a_ledger_is_refused(entry):
    reading = read(entry)
    assert reading.refusal is not None
    assert reading.refusal.rule_id == "ledger_not_sie"


def test_the_manifest_is_whole():
    assert (len(LEDGERS), len(PAGES)) == (63, 9) or len(LEDGERS) + len(PAGES) == len(manifest())
    assert len(PAGES) == 9
