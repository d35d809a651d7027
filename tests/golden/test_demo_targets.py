"""Another month, areas, rows, labels and heads: the same code prints them, and both periods stand in one home."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from flows.demo.targets import DEFAULT_TARGETS
from tests.conftest import Organisation

OTHER_TARGETS = Path(__file__).parent / "other_targets" / "2024-03"


def published(folder: Path) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Value and unit of every cell of the tables; figures of the running text are no cells."""
    cells: dict[tuple[str, str, str], tuple[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            if not lines.readline().startswith("table,row,column,value,unit"):
                continue
            lines.seek(0)
            for line in csv.DictReader(lines):
                if line["column"] != "text":
                    cells[line["table"], line["row"], line["column"]] = (line["value"], line["unit"])
    return cells


def printed(organisation: Organisation, period: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    told = organisation.bokslut("tables", period, "--format", "csv")
    assert told.returncode == 0, told.stderr
    lines = csv.DictReader(io.StringIO(told.stdout))
    return {(line["table"], line["row"], line["column"]): (line["value"], line["unit"]) for line in lines}


@pytest.fixture(scope="module")
def both(closed: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The default organisation's home, in which the other period is closed too."""
    organisation = closed.copied_to(tmp_path_factory.mktemp("both"))
    exports = organisation.exports.parent / "other_exports"
    written = organisation.bokslut("demo", "--to", exports, "--targets", OTHER_TARGETS, "--seed", "7")
    assert written.returncode == 0, written.stderr
    done = organisation.bokslut("close", "2024-03", "--from", exports)
    assert done.returncode == 0, done.stdout + done.stderr
    return organisation


def test_the_default_targets_are_printed_cell_by_cell(both: Organisation) -> None:
    assert printed(both, "2021-08") == published(DEFAULT_TARGETS)


def test_a_report_that_no_code_knows_is_printed_cell_by_cell(both: Organisation) -> None:
    cells = published(OTHER_TARGETS)
    assert len(cells) == 64
    assert printed(both, "2024-03") == cells
