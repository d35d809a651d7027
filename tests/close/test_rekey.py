"""A new key for everybody: whole or not at all, and nothing of the old one is left."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, strategies

from flows import cli
from flows.errors import ExitCode, Refusal
from flows.sources.person_key import PersonKeys
from flows.steps.rekey import rekey
from flows.store import person_rows, rewriting
from flows.store.archive import archived_path
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from tests.close.home_with_persons import ANNA, BO, CILLA, EMPLOYMENTS, NEW_KEY, OLD_KEY, PERSONS, StaffHome
from tests.unit.workbook_files import workbook

OLD, NEW = PersonKeys(OLD_KEY), PersonKeys(NEW_KEY)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StaffHome:
    """Two months of three persons; one of them only in the first."""
    home = StaffHome(tmp_path_factory.mktemp("staff"))
    home.staff("2021-06")
    home.staff("2021-07", [ANNA, BO])
    home.meals("2021-07")
    home.receive()
    return home


@pytest.fixture
def staff(made: StaffHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StaffHome:
    home = made.copied_to(tmp_path)
    monkeypatch.setenv("BOKSLUT_HOME", str(home.home.path))
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(home.key_file))
    return home


@pytest.fixture
def new_key(staff: StaffHome) -> Path:
    path = staff.key_file.with_name("new.key")
    path.write_bytes(NEW_KEY + b"\n")
    path.chmod(0o600)
    return path


def test_everybody_has_the_new_key_and_nobody_the_old_one(staff: StaffHome, new_key: Path) -> None:
    with staff.store() as connection:
        # What a build leaves: persons under other names than the landed one.
        connection.execute("create schema staging; create schema core")
        connection.execute("create table staging.employment as select * from raw.heroma_anstallning")
        connection.execute(
            "create table core.staff_contribution as select person_key as source_key from raw.heroma_anstallning"
        )
    counted = "select delivery_id, line, anst_id, kon from raw.heroma_anstallning order by all"
    before = staff.rows(counted)
    done = rekey(staff.home, new_key, "rotation")
    assert (done.persons, done.files) == (3, 2)
    values = staff.every_value()
    assert values.isdisjoint(OLD(list(PERSONS)))
    assert values >= set(NEW(list(PERSONS)))
    assert staff.rows(counted) == before
    by_person = "select delivery_id, person_key from raw.heroma_anstallning order by line, delivery_id"
    assert staff.rows(by_person) == [
        (1, NEW([ANNA])[0]), (2, NEW([ANNA])[0]), (1, NEW([BO])[0]), (2, NEW([BO])[0]), (1, NEW([CILLA])[0]),
    ]  # fmt: skip
    assert staff.values("select distinct person_key from staging.employment order by 1") == sorted(NEW(list(PERSONS)))
    assert staff.values("select distinct source_key from core.staff_contribution order by 1") == sorted(
        NEW(list(PERSONS))
    )
    assert staff.values("select key_mark from control.person_key_mark") == [NEW.mark()]
    ((act, why, counted_persons),) = staff.rows("select act, why, counted from control.person_acts")
    assert (act, why, counted_persons) == ("rekey", "rotation", 3)


def test_no_old_hash_is_in_a_byte_of_the_store(staff: StaffHome, new_key: Path) -> None:
    with staff.store() as connection:
        # Uncompressed, so that a hash that is there stands there as it is.
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute("create table raw.seen as select * from raw.heroma_anstallning; checkpoint")
    old, new = (OLD([ANNA])[0].encode(), NEW([ANNA])[0].encode())
    assert old in staff.home.build_file.read_bytes()
    rekey(staff.home, new_key, "rotation")
    assert old not in staff.home.build_file.read_bytes()
    assert [path.name for path in staff.home.path.glob("*.duckdb*")] == ["store.duckdb"]
    assert stat.S_IMODE(staff.home.build_file.stat().st_mode) == 0o600
    assert staff.values(f"select count(*) from raw.seen where person_key = '{new.decode()}'") == [2]


def test_the_old_key_is_refused_afterwards_and_the_new_one_goes_on(staff: StaffHome, new_key: Path) -> None:
    rekey(staff.home, new_key, "rotation")
    staff.staff("2021-08", [BO, CILLA])
    with pytest.raises(Refusal, match="holds another key"):
        staff.receive()
    staff.key_file = new_key
    staff.key_file.write_bytes(NEW_KEY)
    staff.receive()
    persons = "select count(distinct person_key), count(*) from raw.heroma_anstallning"
    assert staff.rows(persons) == [(3, 7)]


def test_workbooks_other_encodings_mappings_withdrawn_and_superseded_files_are_read_as_they_were(
    staff: StaffHome, new_key: Path
) -> None:
    row = [
        "2021-05",
        f"{CILLA[:8]}-{CILLA[8:]}",
        "K1",
        "E1",
        "",
        "TV",
        "MAN",
        "100",
        "K",
        "1905-04-19",
        "2019-01-01",
        "",
        "0",
    ]
    staff.write("heroma_anstallning_202105_20210603T0600.xlsx", workbook([EMPLOYMENTS.split(";"), row]))
    other = staff.staff("2021-04", [personnummer_of_nobody := "190606209816"])
    other.write_bytes(other.read_text("utf-8").encode("utf-16"))
    staff.home.mappings.mkdir()
    mapping = staff.home.mappings / "heroma_anstallning.toml"
    staff.receive()
    mapping.write_text('extract = "heroma_anstallning"\n\n[columns]\n"pnr" = "personnummer"\n')
    theirs = staff.staff("2021-03", [only_mapped := "190707219813"])
    theirs.write_bytes(theirs.read_bytes().replace(b"personnummer", b"pnr"))
    with staff.store() as connection:
        from flows.declarations.mappings import read_mappings
        from flows.steps.receive import receive

        receive(
            connection,
            staff.home.archive,
            staff.home.inbox,
            staff.key_file.read_bytes,
            lambda: datetime(2023, 10, 2, 9, 0),
            mappings=read_mappings(staff.home.mappings),
        )
        connection.execute("insert into control.delivery_events values (1, 1, 'withdraw', now(), 'somebody', 'wrong')")
    mapping.unlink()
    assert set(OLD([personnummer_of_nobody, only_mapped])) < set(
        staff.values("select person_key from raw.heroma_anstallning")
    )
    done = rekey(staff.home, new_key, "rotation")
    assert done.persons == 5
    assert set(staff.values("select person_key from raw.heroma_anstallning")) == set(
        NEW([*PERSONS, personnummer_of_nobody, only_mapped])
    )


def snapshot(staff: StaffHome) -> list[tuple[object, ...]]:
    return [
        *staff.rows("select * from raw.heroma_anstallning order by all"),
        *staff.rows("select key_mark from control.person_key_mark"),
        *staff.rows("select count(*) from control.person_acts"),
    ]


def test_a_lost_or_altered_file_refuses_names_its_delivery_and_changes_nothing(staff: StaffHome, new_key: Path) -> None:
    before = snapshot(staff)
    (sha256,) = staff.values(
        "select sha256 from control.deliveries where delivery_id = 2 and extract = 'heroma_anstallning'"
    )
    place = archived_path(staff.home.archive, str(sha256))
    content = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes(content + b"\n")
    with pytest.raises(Refusal, match=r"has been changed since it arrived.*heroma_anstallning_202107") as altered:
        rekey(staff.home, new_key, "rotation")
    assert altered.value.exit_code is ExitCode.BARRED
    place.unlink()
    with pytest.raises(Refusal, match=r"cannot be read.*No key was changed.*delivery 2"):
        rekey(staff.home, new_key, "rotation")
    assert snapshot(staff) == before
    place.write_bytes(content)
    assert rekey(staff.home, new_key, "rotation").persons == 3


def test_a_person_in_no_file_that_can_be_read_refuses_and_changes_nothing(staff: StaffHome, new_key: Path) -> None:
    stranger = OLD(["190808229819"])[0]
    with staff.store() as connection:
        connection.execute(
            f"update raw.heroma_anstallning set person_key = '{stranger}' where delivery_id = 2 and line = 2"
        )
    before = snapshot(staff)
    with pytest.raises(Refusal, match=r"heroma_anstallning_202107_\S+ \(delivery 2\).*No key was changed"):
        rekey(staff.home, new_key, "rotation")
    assert snapshot(staff) == before


@pytest.mark.parametrize("broken", ["change_keys", "_write_anew"])
def test_an_exception_on_the_way_leaves_the_store_as_it_was(
    staff: StaffHome, new_key: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    before, bytes_before = snapshot(staff), staff.home.build_file.read_bytes()

    def crash(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as patched:
        patched.setattr(person_rows if broken == "change_keys" else rewriting, broken, crash)
        with pytest.raises(OSError, match="power"):
            rekey(staff.home, new_key, "rotation")
    assert snapshot(staff) == before
    assert staff.home.build_file.read_bytes() == bytes_before
    assert [path.name for path in staff.home.path.glob("*.duckdb*")] == ["store.duckdb"]


def test_a_kill_before_the_swap_leaves_the_old_state_whole_and_the_next_run_ends_it(
    staff: StaffHome, new_key: Path, tmp_path: Path
) -> None:
    before = snapshot(staff)
    waiting = tmp_path / "waiting"
    code = (
        "import pathlib, sys, time\n"
        "from flows.store import rewriting\n"
        "write = rewriting._write_anew\n"
        "def slowly(*words):\n"
        "    write(*words)\n"
        f"    pathlib.Path({str(waiting)!r}).touch()\n"
        "    time.sleep(600)\n"
        "rewriting._write_anew = slowly\n"
        "from flows import cli\n"
        f"sys.exit(cli.main(['rekey', '--new-key-file', {str(new_key)!r}]))\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ), stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not waiting.exists() and time.monotonic() < until:
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert {"changing.duckdb", "anew.duckdb"} <= {path.name for path in staff.home.path.iterdir()}
    assert snapshot(staff) == before
    assert rekey(staff.home, new_key, "rotation").persons == 3
    assert [path.name for path in staff.home.path.glob("*.duckdb*")] == ["store.duckdb"]


def refused(staff: StaffHome, path: Path) -> Refusal:
    before = staff.home.build_file.read_bytes()
    with pytest.raises(Refusal) as caught:
        rekey(staff.home, path, "rotation")
    assert staff.home.build_file.read_bytes() == before
    assert "nnnn" not in str(caught.value)
    return caught.value


def test_a_key_that_is_badly_kept_short_lost_or_the_same_is_refused(staff: StaffHome, new_key: Path) -> None:
    inside = staff.home.path / "new.key"
    inside.write_bytes(NEW_KEY)
    inside.chmod(0o600)
    assert "lies in the home" in refused(staff, inside).what
    link = new_key.with_name("link.key")
    link.symlink_to(inside)
    assert "lies in the home" in refused(staff, link).what
    assert "lies in the checkout" in refused(staff, Path(cli.__file__)).what
    new_key.chmod(0o644)
    assert "Anybody may read" in refused(staff, new_key).what
    new_key.chmod(0o600)
    new_key.write_bytes(b"nnnn")
    assert "shorter than 32 bytes" in refused(staff, new_key).what
    assert "openssl rand -hex 32" in refused(staff, new_key.with_name("none")).do
    new_key.write_bytes(OLD_KEY)
    assert "used already" in refused(staff, new_key).what


def test_another_old_key_and_an_empty_home_are_refused(
    staff: StaffHome, new_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.key_file.write_bytes(b"x" * 32)
    assert "holds another key" in refused(staff, new_key).what
    with pytest.raises(Refusal, match="Nothing has been delivered"):
        rekey(Home(tmp_path / "none"), new_key, "rotation")
    fresh = StaffHome(tmp_path / "fresh")
    with fresh.store():
        pass
    with pytest.raises(Refusal, match="Nobody has been made anonymous"):
        rekey(fresh.home, new_key, "rotation")


def test_a_personal_number_in_the_reason_is_refused_and_not_repeated(staff: StaffHome, new_key: Path) -> None:
    with pytest.raises(Refusal, match="The reason seems to hold a personnummer") as caught:
        rekey(staff.home, new_key, f"asked by {ANNA}")
    assert ANNA not in str(caught.value)


def test_while_somebody_writes_no_key_is_changed(staff: StaffHome, new_key: Path) -> None:
    with staff.home.writer("something else"), pytest.raises(Refusal) as caught:
        rekey(staff.home, new_key, "rotation")
    assert caught.value.exit_code is ExitCode.ANOTHER_WRITER


def test_the_command_says_what_to_do_next(staff: StaffHome, new_key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rekey", "--new-key-file", str(new_key)]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "3 persons of 2 files have a new key" in said.out
    assert f"let BOKSLUT_KEY_FILE name {new_key}" in said.out
    assert "Destroy the old key once no backup holds" in said.out
    assert "Read 2 of 2 archived files" in said.err


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_store(tmp_path_factory.mktemp("scratch") / "store.duckdb")
    connection.execute("create schema raw")
    yield connection
    connection.close()


KEYS = strategies.lists(strategies.text("abc", min_size=1, max_size=3), max_size=12)


@given(held=KEYS, known=KEYS)
def test_whoever_is_not_in_the_map_is_found_and_everybody_else_gets_exactly_theirs(
    scratch: duckdb.DuckDBPyConnection, held: list[str], known: list[str]
) -> None:
    scratch.execute("create or replace table raw.staff (delivery_id integer, person_key varchar)")
    for number, key in enumerate(held):
        scratch.execute("insert into raw.staff values (?, ?)", [number, key])
    scratch.execute("insert into raw.staff values (-1, null)")
    beyond = person_rows.deliveries_beyond(scratch, list(dict.fromkeys(known)))
    assert set(beyond) == {number for number, key in enumerate(held) if key not in known}
    person_rows.change_keys(scratch, {key: f"new {key}" for key in known})
    rows = scratch.execute("select delivery_id, person_key from raw.staff order by 1").fetchall()
    expected = [f"new {key}" if key in known else key for key in held]
    assert rows == [(-1, None), *enumerate(expected)]
