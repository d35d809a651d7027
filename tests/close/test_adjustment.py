"""An adjustment on its way from the controller's file to the report: beside the ledger's own figure, and back again."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conftest import PERIOD, Organisation

HEAD = "period;lopnr;ansvar;konto;belopp;orsak;aterfors;ansvarig;datum\n"


def ledger_of(organisation: Organisation) -> tuple[str, str]:
    """(ansvar, account) of a cost that the demo has booked."""
    (ledger,) = organisation.exports.glob(f"ekonomi_sie_{PERIOD.replace('-', '')}_*.se")
    for line in ledger.read_bytes().decode("cp437").splitlines():
        words = line.split()
        if words[:1] == ["#TRANS"] and words[1].startswith("6") and words[2] == "{1":
            return words[3].strip('"}'), words[1]
    raise AssertionError("the demo books no cost on an ansvar")


def cells(organisation: Organisation) -> dict[tuple[str, ...], dict[str, Any]]:
    """The report's cells by table, row and column."""
    told = json.loads(organisation.bokslut("tables", PERIOD, "--format", "json").stdout)
    return {
        (table["table_id"], cell["row_id"], cell["column_id"]): cell
        for table in told["tables"]
        for cell in table["cells"]
    }


def test_what_is_not_booked_moves_its_cells_and_the_ledgers_figure_stands_beside(
    closed: Organisation, tmp_path: Path
) -> None:
    before = cells(closed)
    organisation = closed.copied_to(tmp_path)
    ansvar, account = ledger_of(organisation)
    name = f"justering_{PERIOD.replace('-', '')}_20210909T0900.csv"
    (organisation.exports / name).write_text(
        HEAD
        + f"{PERIOD};1;{ansvar};{account};7000000;El som inte kommit;2021-09;ekonomichefen;2021-09-06\n"
        + f"{PERIOD};2;{ansvar};{account};9000000;;2021-09;ekonomichefen;2021-09-06\n",
        "utf-8",
    )
    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert done.returncode == 0, done.stdout + done.stderr
    # A row without a reason is a bad one: it lies in quarantine and moves nothing.
    assert f"{name}: 1 av 2 rader ligger i karantän" in " ".join(done.stdout.split())
    assert "varav justering" in done.stdout
    assert "El som inte kommit" in done.stdout

    moved = {place: cell for place, cell in cells(organisation).items() if cell["ledger_value"] is not None}
    assert moved
    for place, cell in moved.items():
        if cell["unit"] == "tkr":
            assert Decimal(cell["ledger_value"]) == Decimal(before[place]["number"])
            assert abs(Decimal(cell["adjustment"])) == 7000
        assert Decimal(cell["number"]) - Decimal(cell["ledger_value"]) == Decimal(cell["adjustment"])
        assert cell["footnote"]

    written = organisation.bokslut("tables", PERIOD, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(written)))
    assert sum(row["ledger_value"] != "" for row in rows) == len(moved)
