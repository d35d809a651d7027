"""What retention destroys in the home goes from its backup too, and does not come back from one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from flows.declarations import root
from flows.steps.retain import plan_retention, retain
from flows.store.archive import archived_path
from tests.canary.canaries import Listener
from tests.close.home_with_persons import ANNA, BO, StaffHome, employment_of
from tests.close.test_retain import now

BACKUP = root.PROJECT / "warehouse" / "service" / "backup.sh"
BO_IS = {"employment": (employment_of(BO),), "person": (BO, f"{BO[:8]}-{BO[8:]}")}


@pytest.fixture
def staff(tmp_path: Path) -> StaffHome:
    if shutil.which("flock") is None:
        pytest.skip("NOT VERIFIED: flock is not on this machine.")
    home = StaffHome(tmp_path)
    home.home.settings_file.write_text("[retention]\ndays = 800\n")
    home.staff("2020-01", [ANNA, BO])
    home.staff("2021-01", [ANNA])
    home.receive()
    home.close("2021-12")
    return home


def back_up(staff: StaffHome, to: Path, copies: str = "14") -> None:
    given = {"BOKSLUT_HOME": str(staff.home.path), "BOKSLUT_BACKUP": str(to), "BOKSLUT_BACKUP_COPIES": copies}
    done = subprocess.run([str(BACKUP)], env={**os.environ, **given}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def sung(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and Listener(BO_IS).hears(path.read_bytes())}


def test_the_next_backup_takes_the_files_away_and_keeps_the_others(staff: StaffHome, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    back_up(staff, to)
    assert len(sung(to / "archive")) == 2
    retain(staff.home, plan_retention(staff.home, now), now=now)
    back_up(staff, to, copies="1")
    assert sung(to) == set()
    files = {path.relative_to(staff.home.archive) for path in staff.home.archive.rglob("*") if path.is_file()}
    copied = {path.relative_to(to / "archive") for path in (to / "archive").rglob("*") if path.is_file()}
    assert copied == files
    assert len([name for name in copied if name.parts[0] == "destroyed"]) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in to.rglob("*"))
    back_up(staff, to)


def test_an_older_store_restored_is_destroyed_in_again(staff: StaffHome, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    back_up(staff, to)
    retain(staff.home, plan_retention(staff.home, now), now=now)
    (copy,) = (to / "store").iterdir()
    shutil.copytree(copy, staff.home.path, dirs_exist_ok=True)
    assert staff.values("select count(*) from raw.heroma_anstallning") == [3]
    again = plan_retention(staff.home, now)
    assert len(again.to_destroy) == 2
    done = retain(staff.home, again, now=now)
    assert (done.deliveries, done.rows, done.files) == (2, 4, 0)
    assert staff.values("select count(*) from raw.heroma_anstallning") == [1]


def test_an_older_archive_restored_is_destroyed_in_again(staff: StaffHome, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    back_up(staff, to)
    retain(staff.home, plan_retention(staff.home, now), now=now)
    shutil.copytree(to / "archive", staff.home.archive, dirs_exist_ok=True)
    assert plan_retention(staff.home, now).unfinished == 2
    assert retain(staff.home, plan_retention(staff.home, now), now=now).files == 2
    for (sha256,) in staff.rows("select sha256 from control.deliveries where period = '2020-01-01'"):
        assert not archived_path(staff.home.archive, str(sha256)).exists()
