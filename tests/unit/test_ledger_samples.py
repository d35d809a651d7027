"""The ledger reader against real files: counted as in their manifest, which names them by repo and name."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from flows.domain.period import Period
from flows.sources.sie import read_any_ledger, read_ledger
from flows.sources.sie_text import decode_ledger
from tests.shared_folder import SHARED, needs_shared

pytestmark = needs_shared
SAMPLES = SHARED / "sie_samples"


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def path_of(entry: dict[str, str]) -> Path:
    return SAMPLES / entry["repo"].replace("/", "_") / entry["name"]


def a_month_of(entry: dict[str, str]) -> Period:
    """The last month of the file's fiscal year."""
    return Period.parse(entry["rar0"][9:15]) if entry["rar0"] else Period(2021, 12)


def read(entry: dict[str, str]):
    return read_any_ledger(path_of(entry).read_bytes(), f"sample-{entry['sha256'][:8]}.se")


def count(reading, table: str, **where: str) -> int:
    return sum(all(row[key] == value for key, value in where.items()) for row in reading.tables[table].to_pylist())


def objects_not_landed(reading) -> int:
    """Objects of dimension 7 are persons: told by number, kept nowhere."""
    told = [found for found in reading.findings if found.rule_id == "ledger_employee_objects"]
    return int(re.search(r": (\d+) objekt", told[0].message)[1]) if told else 0


LEDGERS = [entry for entry in manifest() if entry["sietyp"]]
PAGES = [entry for entry in manifest() if not entry["sietyp"]]


@pytest.mark.parametrize("entry", LEDGERS, ids=lambda entry: entry["sha256"][:8])
def test_every_ledger_is_read_and_counted(entry):
    reading = read(entry)
    assert reading.refusal is None
    dimensions = reading.tables["sie_dimension"].column("parent").to_pylist()
    under = [parent for parent in dimensions if parent is not None]
    counted = {
        "KONTO": count(reading, "sie_account"),
        "DIM": len(dimensions) - len(under),
        "UNDERDIM": len(under),
        "OBJEKT": count(reading, "sie_object") + objects_not_landed(reading),
        "VER": count(reading, "sie_voucher"),
        "TRANS": count(reading, "sie_transaction", record="TRANS"),
        "RTRANS": count(reading, "sie_transaction", record="RTRANS"),
        "BTRANS": count(reading, "sie_transaction", record="BTRANS"),
        "IB": count(reading, "sie_balance", record="IB"),
        "UB": count(reading, "sie_balance", record="UB"),
        "RES": count(reading, "sie_balance", record="RES"),
        "OIB": count(reading, "sie_balance", record="OIB"),
        "OUB": count(reading, "sie_balance", record="OUB"),
        "PSALDO": count(reading, "sie_period_amount", record="PSALDO"),
        "PBUDGET": count(reading, "sie_period_amount", record="PBUDGET"),
    }
    assert counted == {record: int(entry[record]) for record in counted}
    expected = "UTF-8" if entry["encoding"] == "ASCII" else entry["encoding"].split(" ")[0]
    assert reading.encoding == expected


@pytest.mark.parametrize("entry", LEDGERS, ids=lambda entry: entry["sha256"][:8])
def test_every_line_is_landed_put_aside_or_noted(entry):
    reading = read(entry)
    text = decode_ledger(path_of(entry).read_bytes()).text
    lines = [line.strip() for line in text.split("\n") if line.strip() not in ("", "{", "}")]
    landed = sum(table.num_rows for table in reading.tables.values())
    assert landed + reading.quarantined.num_rows == reading.lines
    assert len(lines) == reading.lines + reading.noted


@pytest.mark.parametrize("entry", LEDGERS, ids=lambda entry: entry["sha256"][:8])
def test_a_ledger_is_of_use_to_a_close_or_refused_with_the_reason(entry):
    """Types 2, 3 and 4E have months; type 1 has none, type 4I no balances; some name no year at all."""
    reading = read_ledger(path_of(entry).read_bytes(), "ekonomi_sie_202112_20220110T0600.se", a_month_of(entry))
    balances = any(int(entry[record]) for record in ("IB", "UB", "RES"))
    if "\ufffd" in decode_ledger(path_of(entry).read_bytes()).text:
        expected = "file_mojibake"
    elif entry["sietyp"] == "1":
        expected = "ledger_without_months"
    elif entry["sietyp"] == "4" and not balances:
        expected = "ledger_to_import"
    elif not entry["rar0"]:
        expected = "ledger_wrong_period"
    else:
        expected = ""
    # A ledger that does not say how far it goes is about the month of its last voucher: any other is the wrong one.
    found = reading.refusal.rule_id if reading.refusal else ""
    assert found == expected or (expected == "" and found == "ledger_wrong_period")
    assert reading.refusal is None or reading.refusal.message.endswith(".")


def test_each_control_sum_is_recomputed():
    """A changed amount within a file that carries a control sum refuses it, whichever bytes the sum was over."""
    carrying = [entry for entry in LEDGERS if entry["KSUMMA"] == "2"]
    assert len(carrying) == 5
    for entry in carrying:
        data = path_of(entry).read_bytes()
        reading = read(entry)
        assert not {found.rule_id for found in reading.findings} & {"ledger_checksum_of_own_bytes"}
        changed = read_any_ledger(re.sub(rb"(#KONTO\s+)\d", rb"\g<1>9", data, count=1), "changed.se")
        assert changed.refusal is not None
        assert changed.refusal.rule_id == "ledger_wrong_checksum"


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry["sha256"][:8])
def test_every_web_page_named_as_a_ledger_is_refused(entry):
    reading = read(entry)
    assert reading.refusal is not None
    assert reading.refusal.rule_id == "ledger_not_sie"


def test_the_manifest_is_whole():
    assert (len(LEDGERS), len(PAGES)) == (63, 9) or len(LEDGERS) + len(PAGES) == len(manifest())
    assert len(PAGES) == 9
