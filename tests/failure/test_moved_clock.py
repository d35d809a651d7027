"""A clock that is set back between two closes: what came after what is told by numbers, and nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from flows.store.duckdb_engine import open_store
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment

FAKETIME = shutil.which("faketime")
FIRST, SECOND, AHEAD = (f"kost_maltider_202108_2021090{day}T0800.csv" for day in (3, 7, 9))


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    made = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    made.exports.mkdir()
    (made.state / "bokslut").mkdir(parents=True)
    (made.state / "bokslut" / "demo.key").write_text("k" * 64)
    return made


def close_at(organisation: Organisation, moment: str) -> subprocess.CompletedProcess[str]:
    """A close by a clock that says so in Stockholm; the month's other files are missing, so that it is barred."""
    assert FAKETIME is not None
    done = subprocess.run(
        [FAKETIME, "-f", f"@{moment}", str(BOKSLUT), "close", PERIOD, "--from", str(organisation.exports)],
        env={**clean_environment(), **organisation.environment(), "TZ": "Europe/Stockholm"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    return done


def deliver(organisation: Organisation, name: str, portions: int) -> None:
    (organisation.exports / name).write_text(f"period;enhet_kod;portioner\n2021-08;E1;{portions}\n")


@pytest.mark.skipif(FAKETIME is None, reason="no faketime here: .ci/run installs it")
def test_a_clock_set_back_a_day_and_one_that_was_ahead(organisation: Organisation) -> None:
    deliver(organisation, FIRST, 1)
    close_at(organisation, "2021-09-08 08:00:00")
    # The clock goes back a day: what comes now is dated before what is there, and counts as what came last.
    deliver(organisation, SECOND, 2)
    deliver(organisation, AHEAD, 3)
    close_at(organisation, "2021-09-07 09:00:00")
    with open_store(organisation.home / "store.duckdb", read_only=True) as store:
        came = store.execute(
            "select file_name, strftime(arrived_at, '%Y-%m-%d'), status from control.deliveries order by delivery_id"
        ).fetchall()
        assert came == [
            (FIRST, "2021-09-08", "landed"),
            (SECOND, "2021-09-07", "landed"),
            (AHEAD, "2021-09-07", "refused"),
        ]
        assert store.execute("select file_name from build.closing_deliveries").fetchall() == [(SECOND,)]
        closings = store.execute(
            "select closing_id, strftime(started_at, '%Y-%m-%d') from control.closings order by 1"
        ).fetchall()
        assert [day for _, day in closings] == ["2021-09-08", "2021-09-07"]
    # Set right again: the file that only the clock refused is read, and the newest close is the one that says so.
    close_at(organisation, "2021-09-10 08:00:00")
    with open_store(organisation.home / "store.duckdb", read_only=True) as store:
        assert store.execute("select file_name from build.closing_deliveries").fetchall() == [(AHEAD,)]
        last = store.execute(
            "select strftime(started_at, '%Y-%m-%d') from control.closings order by closing_id desc limit 1"
        )
        assert last.fetchall() == [("2021-09-10",)]
