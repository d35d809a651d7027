"""`bokslut calibrate` beside a closed period: it reads, proposes, and puts nothing in force."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows import cli
from flows.declarations import root
from flows.domain.learned_limit import CalibratedThreshold
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.steps.calibrate import CalibratedPeriod, write_proposal
from tests.conftest import PERIOD, Organisation

AUGUST = Period.parse("2021-08")


def test_it_tells_each_threshold_and_what_history_would_make_of_it(closed: Organisation) -> None:
    told = json.loads(closed.bokslut("calibrate", "--format", "json").stdout)
    assert told["period"] == PERIOD
    by_id = {one["threshold_id"]: one for one in told["thresholds"]}
    assert len(by_id) == len({row["threshold_id"] for row in _rows(root.REFERENCE / "thresholds.csv")})
    learned = [one for one in by_id.values() if one["learned"] is not None]
    assert {"volume_fall_trailing", "shift_against_worked", "personnel_cost_per_hour"} <= {
        one["threshold_id"] for one in learned
    }
    assert all(one["findings_learned"] <= one["findings"] for one in learned)
    assert list(csv.DictReader(io.StringIO(closed.bokslut("calibrate", "--format", "csv").stdout)))


def test_the_proposal_is_written_beside_and_never_over(closed: Organisation, tmp_path: Path) -> None:
    before = (root.REFERENCE / "thresholds.csv").read_bytes()
    file = tmp_path / "proposed.csv"
    done = closed.bokslut("calibrate", PERIOD, "--write", file)
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "volume_fall_trailing" in done.stdout
    assert "Ingen historik att lära av:" in done.stdout
    proposed = _rows(file)
    assert proposed
    assert list(proposed[0]) == list(_rows(root.REFERENCE / "thresholds.csv")[0])
    assert {row["valid_from"] for row in proposed} == {"2021-09-01"}
    again = closed.bokslut("calibrate", "--write", file)
    assert (again.returncode, _rows(file)) == (ExitCode.REFUSAL, proposed)
    assert "is already there" in again.stderr
    assert (root.REFERENCE / "thresholds.csv").read_bytes() == before


def test_another_period_than_the_builds_is_refused(closed: Organisation) -> None:
    done = closed.bokslut("calibrate", "2021-07")
    assert done.returncode == ExitCode.REFUSAL
    assert "not of 2021-07" in done.stderr


def test_nothing_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    assert cli.main(["calibrate"]) == ExitCode.REFUSAL
    assert "Nothing has been closed" in capsys.readouterr().err


def test_only_what_history_would_move_is_proposed(tmp_path: Path) -> None:
    stays = CalibratedThreshold("stays", "percent", Decimal("40.000000"), 30, 0, Decimal(40), 0)
    moves = CalibratedThreshold("moves", "percent", Decimal("50.000000"), 30, 2, Decimal(31), 2)
    untaught = CalibratedThreshold("untaught", "percent", Decimal(50), because="för få värden")
    file = tmp_path / "proposed.csv"
    assert write_proposal(CalibratedPeriod(AUGUST, [stays, moves, untaught]), 99, file) == 1
    (row,) = _rows(file)
    assert (row["threshold_id"], row["threshold_value"], row["valid_to"]) == ("moves", "31", "")
    assert date.fromisoformat(row["valid_from"]) == date(2021, 9, 1)
    assert row["because"] == (
        "99:e percentilen av 30 värden, lägst det högsta som 50 släpper igenom; ger 2 avvikelser där 50 ger 2"
    )


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        write_proposal(CalibratedPeriod(AUGUST, []), 99, tmp_path / "nowhere" / "proposed.csv")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
