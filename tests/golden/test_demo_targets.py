"""Other months, areas, rows, labels and heads: the same code prints them, and all periods stand in one home."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest

from flows.demo.targets import DEFAULT_TARGETS
from tests.conftest import LATER_PERIOD, Organisation

LATER_TARGETS = DEFAULT_TARGETS.parent / LATER_PERIOD
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
def home(closed_twice: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The default organisation's home with both its periods, in which another organisation's period is closed too."""
    organisation = closed_twice.copied_to(tmp_path_factory.mktemp("all"))
    exports = organisation.exports.parent / "other_exports"
    written = organisation.bokslut("demo", "--to", exports, "--targets", OTHER_TARGETS, "--seed", "7")
    assert written.returncode == 0, written.stderr
    done = organisation.bokslut("close", "2024-03", "--from", exports)
    assert done.returncode == 0, done.stdout + done.stderr
    return organisation


@pytest.mark.parametrize(("targets", "count"), [(DEFAULT_TARGETS, 277), (LATER_TARGETS, 216), (OTHER_TARGETS, 64)])
def test_every_cell_of_the_targets_is_printed_and_no_other(home: Organisation, targets: Path, count: int) -> None:
    cells = published(targets)
    assert len(cells) == count
    assert printed(home, targets.name) == cells


def test_the_second_report_says_what_it_is(closed_twice: Organisation) -> None:
    """Restated money, staff as it was, and what was estimated or adjusted are told cell by cell."""
    with duckdb.connect(str(closed_twice.home / "published.duckdb"), read_only=True) as published_file:
        told = published_file.execute(
            "select table_id || ':' || row_id || ':' || column_id, organisation_tag, value_status, adjustment_value"
            " from latest.report_cell where strftime(period, '%Y-%m') = ?",
            [LATER_PERIOD],
        ).fetchall()
    tags, statuses, adjusted = ({cell: row[part] for cell, *row in told} for part in range(3))
    assert {tags[f"t04:{row}:foregaende"] for row in ("rs", "summa")} == {"restated"}
    assert {tags[f"t04:{row}:foregaende"] for row in ("lss", "ao")} == {"restated_share"}
    assert {tags[f"t03:{row}:foregaende"] for row in ("tillsvidare", "sjukfranvaro", "avgangar")} == {"not_restated"}
    assert {statuses[f"t02:{row}:utfall"] for row in ("hemtjanst", "varddygn")} == {"estimated"}
    assert statuses["t02:assistans_sfb:utfall"] == "actual"
    assert {cell: float(value) for cell, value in adjusted.items() if value and ":redovisat" in cell} == {
        "t04:rs:redovisat": 350_000,
        "t04:ao:redovisat": -640_000,
        "t04:summa:redovisat": -290_000,
    }


def test_the_places_of_the_two_reports_are_bridged_by_their_dated_events(closed_twice: Organisation) -> None:
    told = closed_twice.bokslut(
        *("bridge", "places", LATER_PERIOD, "--from", "2021-03-31", "--to", "2022-03-31"),
        *("--kind", "BOENDE_RS", "--format", "csv"),
    )
    assert told.returncode == 0, told.stderr
    steps = list(csv.DictReader(io.StringIO(told.stdout)))
    assert [row["places"] for row in steps if row["step"] == "day"] == ["227", "206", "235"]
    # Two events of one day come in the order of their units, which are drawn.
    events = sorted((row["date"], int(row["change"])) for row in steps if row["step"] == "event")
    assert [change for _, change in events] == [-6, 10, -25, 12, 17]
