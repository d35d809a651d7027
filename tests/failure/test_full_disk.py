"""A disk that is full or read-only, wherever a close writes: one sentence, nothing lost, and room is all it wants."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from flows.store.publish import is_published, publish
from tests.close.closed_period import close_once, open_home
from tests.conftest import PERIOD, Organisation
from tests.failure.changed_exports import leftovers
from tests.failure.small_disk import fill, small_disk

PLENTY, ROWS = 400_000, 4000
MEALS = "kost_maltider_202108_20210903T0800.csv"


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """A home and one export: a close of it goes through everything up to the gate, which bars it."""
    made = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    made.exports.mkdir()
    rows = "".join(f"2021-08;E{number:05};{number}\n" for number in range(ROWS))
    (made.exports / MEALS).write_text(f"period;enhet_kod;portioner\n{rows}")
    (made.state / "bokslut").mkdir(parents=True)
    (made.state / "bokslut" / "demo.key").write_text("k" * 64)
    return made


def used_kilobytes(folder: Path) -> int:
    return shutil.disk_usage(folder).used // 1024


def close(organisation: Organisation) -> tuple[int, str]:
    done = organisation.bokslut("close", PERIOD, "--from", organisation.exports)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr + done.stdout


def refused(organisation: Organisation, reason: str = "No space left on device") -> None:
    code, said = close(organisation)
    assert (code, f"The disk cannot be written: {reason}." in said) == (3, True), said


def test_full_wherever_a_close_writes_and_then_read_only(organisation: Organisation) -> None:
    home = organisation.home
    with small_disk(home, PLENTY) as resize:
        with small_disk(home / "archive", 8) as resize_archive:
            refused(organisation)
            assert leftovers(organisation) == []
            resize_archive(PLENTY)
            for room in (64, 1500):  # While it lands, and while it builds.
                resize(used_kilobytes(home) + room)
                refused(organisation)
            resize(PLENTY)
            with small_disk(home / "logs", 64):
                filling = fill(home / "logs")
                refused(organisation)
                filling.unlink()
                # All but the log had been written.
                code, said = close(organisation)
                assert (code, "82 unchanged" in said or "Nothing changed" in said) == (4, True), said
            with open_store(home / "store.duckdb", read_only=True) as store:
                assert store.execute("select status, landed_rows from control.deliveries").fetchall() == [
                    ("landed", ROWS)
                ]
        resize(PLENTY, read_only=True)
        code, said = close(organisation)
        assert (code, "Read-only file system" in said) == (3, True), said


def test_full_while_a_month_is_published(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with open_home(home) as connection:
        close_once(connection, printed="12")
        before = publish(connection, home, keep=5)
        close_once(connection, printed="13", minute=9)
        with small_disk(tmp_path / "disk", 3000) as change:
            shutil.copytree(home.published_dir, tmp_path / "disk", dirs_exist_ok=True)
            shutil.rmtree(home.published_dir)
            home.published_dir.symlink_to(tmp_path / "disk")
            filling = fill(tmp_path / "disk")
            with pytest.raises(Exception, match="No space left on device"):
                publish(connection, home, keep=5)
            assert home.published.resolve().name == before.name
            assert not is_published(connection, home)
            filling.unlink()
            change(PLENTY)
            publish(connection, home, keep=5)
            assert is_published(connection, home)
            assert [path.name for path in home.published_dir.glob("*.tmp*")] == []
