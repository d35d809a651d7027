"""`bokslut doctor --archive` reads every archived file: what is lost, altered, left over or back again is said."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from flows.steps.archive_check import examine_archive
from flows.steps.doctor import Check, State
from flows.store.archive import archive, archived_path
from flows.store.home import Home
from tests.close.received_folder import Exports
from tests.conftest import Organisation

FIRST, SECOND = "kost_maltider_202107_20210803T0800.csv", "kost_maltider_202108_20210903T0800.csv"


@pytest.fixture
def received(tmp_path: Path) -> tuple[Home, Exports]:
    """Two months of meals received."""
    home = Home(tmp_path / "home").create()
    exports = Exports(home.path)
    exports.meals("202107", "20210803T0800", 1, 2)
    exports.meals("202108", "20210903T0800", 3)
    exports.receive()
    return home, exports


def sum_of(exports: Exports, file_name: str) -> str:
    [sha256] = exports.values(f"select sha256 from control.deliveries where file_name = '{file_name}'")
    return str(sha256)


def spoil(path: Path) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)


def told(home: Home, exports: Exports, *states: State) -> list[Check]:
    exports.connection.close()
    return [check for check in examine_archive(home) if check.state in (states or (State.WRONG, State.LOOK))]


def test_a_whole_archive_is_said_to_be_whole(received: tuple[Home, Exports]) -> None:
    home, exports = received
    assert told(home, exports) == []
    lines: list[str] = []
    [good] = examine_archive(home, lines.append)
    assert good.what.startswith("2 files, ")
    assert re.fullmatch(r"Read 1 of 2 archived files, .*", lines[0])


def test_an_altered_and_a_lost_file_are_named_with_what_stands_on_them(
    received: tuple[Home, Exports], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, exports = received
    monkeypatch.setenv("BOKSLUT_BACKUP", "/backup")
    altered, lost = sum_of(exports, FIRST), sum_of(exports, SECOND)
    spoil(archived_path(home.archive, altered))
    archived_path(home.archive, lost).unlink()
    one, other = told(home, exports)
    assert one.what == f"altered: {altered[:12]}: kost_maltider 2021-07, delivery 1, which counts ({FIRST})"
    assert f"/backup/archive/{altered[:2]}/{altered} " in one.do
    assert other.what == f"lost: {lost[:12]}: kost_maltider 2021-08, delivery 2, which counts ({SECOND})"


def test_what_a_killed_close_left_is_no_fault(received: tuple[Home, Exports]) -> None:
    home, exports = received
    left = archive(home.archive, b"archived, and not landed")
    (archived_path(home.archive, left).parent / ".arriving-x").write_bytes(b"half")
    found = told(home, exports)
    assert {check.state for check in found} == {State.LOOK}
    assert [check.what for check in found] == [
        f"1 files that no delivery names ({left[:12]})",
        "1 files were on their way in when a process died",
    ]


def test_what_retention_destroyed_is_not_lost_and_must_not_come_back(received: tuple[Home, Exports]) -> None:
    home, exports = received
    gone = sum_of(exports, FIRST)
    path = archived_path(home.archive, gone)
    exports.connection.execute(
        "insert into control.person_acts values (1, 'retain', timestamp '2026-01-01 01:00', 'a', 'b', 1)"
    )
    exports.connection.execute("insert into control.destroyed_deliveries values (1, 1)")
    kept = path.read_bytes()
    path.chmod(0o600)
    path.unlink()
    assert told(home, exports) == []
    path.write_bytes(kept)
    [again] = (check for check in examine_archive(home) if check.state is State.WRONG)
    assert again.what.startswith("destroyed by retention, and there again: kost_maltider 2021-07, delivery 1")
    assert again.do == f"rm -f {path}"


def test_a_damaged_store_leaves_the_sums(received: tuple[Home, Exports]) -> None:
    home, exports = received
    altered = sum_of(exports, FIRST)
    exports.connection.close()
    home.build_file.write_bytes(b"not a store")
    spoil(archived_path(home.archive, altered))
    found = [check.what for check in examine_archive(home)]
    assert found[0] == f"altered: {altered[:12]}: no delivery names it"
    assert "cannot be opened as a DuckDB file" in found[1]


def test_the_command_reads_the_archive_and_names_the_file(closed: Organisation, tmp_path: Path) -> None:
    copy = closed.copied_to(tmp_path)
    whole = copy.bokslut("doctor", "--offline", "--archive")
    assert "each as it arrived" in whole.stdout
    assert "archived files" in whole.stderr
    with duckdb.connect(str(copy.home / "store.duckdb"), read_only=True) as store:
        [(sha256,)] = store.execute(
            "select sha256 from control.deliveries where extract = 'kost_maltider' and period = date '2021-08-01'"
        ).fetchall()
    spoil(archived_path(copy.home / "archive", sha256))
    found = copy.bokslut("doctor", "--offline", "--archive")
    assert found.returncode == 3
    words = re.sub(r"\s+", " ", found.stdout)
    assert "kost_maltider 2021-08" in words
    assert "Traceback" not in found.stderr
