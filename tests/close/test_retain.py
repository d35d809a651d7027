"""What is old and about persons is destroyed for good; figures, hashes and counts stay, and nothing comes back."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies

from flows import cli
from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.settings import home_settings
from flows.settings.retention import LEAST_DAYS
from flows.steps import retain as steps_retain
from flows.steps.retain import plan_retention, retain
from flows.steps.touched import touched_periods
from flows.store import rewriting
from flows.store.archive import archived_path, sha256_of, was_destroyed
from flows.store.delivery_selection import select_deliveries, slots_read
from flows.store.pulled import PulledFiles
from tests.canary.canaries import Listener
from tests.close.home_with_persons import ANNA, BO, CILLA, STOCKHOLM, StaffHome, employment_of
from tests.conftest import BOKSLUT

LEAVERS = "period;anst_id;enhet_kod;anst_form;kon;avgang_datum;avgang_typ;extern;alder\n"
OLD, NEEDED, YOUNG = "2020-02", "2021-01", "2022-01"


def now() -> datetime:
    return datetime(2023, 10, 1, 9, 0, tzinfo=STOCKHOLM)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StaffHome:
    """Two old months, one that the close of 2022-01 reads, one that is young; 2021-12 was closed last."""
    home = StaffHome(tmp_path_factory.mktemp("staff"))
    home.home.settings_file.write_text("[retention]\ndays = 800\n")
    home.staff("2020-01", [ANNA, BO])
    home.staff(OLD, [ANNA])
    home.staff(OLD, [ANNA, BO], extracted="20200310T0600")
    home.meals(OLD)
    home.staff(NEEDED, [ANNA, CILLA])
    home.staff(YOUNG, [CILLA])
    home.write("heroma_anstallning_202003_20200403T0600.csv", f"fel;rubrik\n{BO};{employment_of(BO)}\n")
    for month in ("202001", "202107"):
        home.write(f"heroma_avgang_{month}_20210903T0600.csv", LEAVERS)
    home.receive()
    home.close("2021-12")
    return home


@pytest.fixture
def staff(made: StaffHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StaffHome:
    home = made.copied_to(tmp_path)
    monkeypatch.setenv("BOKSLUT_HOME", str(home.home.path))
    monkeypatch.setenv("BOKSLUT_KEY_FILE", str(home.key_file))
    return home


def plan(staff: StaffHome) -> steps_retain.Plan:
    return plan_retention(staff.home, now)


def test_the_plan_says_for_each_extract_and_month_what_becomes_of_it_and_why(staff: StaffHome) -> None:
    said = {(one.extract, str(one.period)): (one.files, one.rows, one.verdict, one.why) for one in plan(staff).held}
    assert said == {
        ("heroma_anstallning", "2020-01"): (1, 2, "destroy", "to be destroyed"),
        ("heroma_anstallning", "2020-02"): (2, 3, "destroy", "to be destroyed"),
        ("heroma_anstallning", "2020-03"): (1, 0, "destroy", "to be destroyed"),
        ("heroma_anstallning", "2021-01"): (1, 2, "needed", "2022-01 reads it"),
        ("heroma_anstallning", "2022-01"): (1, 1, "young", "too young until 2024-04-10"),
        ("heroma_avgang", "2020-01"): (1, 0, "destroy", "to be destroyed"),
        ("heroma_avgang", "2021-07"): (1, 0, "young", "too young until 2023-10-09"),
        ("heroma_franvaro", "2020-01"): (1, 2, "destroy", "to be destroyed"),
        ("heroma_franvaro", "2020-02"): (2, 3, "destroy", "to be destroyed"),
        ("heroma_franvaro", "2021-01"): (1, 2, "needed", "2022-01 reads it"),
        ("heroma_franvaro", "2022-01"): (1, 1, "young", "too young until 2024-04-10"),
    }
    (oldest, *_) = plan(staff).held
    assert oldest.age_days == (now().date() - date(2020, 1, 31)).days


def test_rows_and_files_are_gone_and_what_they_were_stays(staff: StaffHome) -> None:
    kept = {
        table: staff.rows(f"select * from {table} order by all")
        for table in ("control.deliveries", "control.period_events", "control.version_deliveries", "closed.volume",
                      "closed.report_cell", "control.delivery_findings", "raw.kost_maltider")
    }  # fmt: skip
    living = "select * from raw.{} where period > '2020-12-31' order by all"
    tables = ("heroma_anstallning", "heroma_franvaro")
    needed = [staff.rows(living.format(table)) for table in tables]
    quarantined = staff.values("select count(*) from raw.quarantine")
    done = retain(staff.home, plan(staff), now=now)
    # The header of nobody is the same bytes as a month's that stays.
    assert (done.deliveries, done.rows, done.files) == (8, 10, 7)
    assert quarantined != [None]
    for table, rows in kept.items():
        assert staff.rows(f"select * from {table} order by all") == rows, table
    assert [staff.rows(living.format(table)) for table in tables] == needed
    for table in (*tables, "quarantine", "missing_value", "unknown_value"):
        assert staff.values(
            f"select count(*) from raw.{table} inner join control.destroyed_deliveries using (delivery_id)"
        ) == [0]
    ((act, why, counted),) = staff.rows("select act, why, counted from control.person_acts")
    assert (act, why, counted) == ("retain", "[retention] days = 800", 8)
    gone = staff.rows(
        "select sha256, file_name from control.deliveries where extract like 'heroma%' and period < '2021-01-01'"
        " and extract <> 'heroma_avgang'"
    )
    for sha256, name in gone:
        assert not archived_path(staff.home.archive, str(sha256)).exists()
        note = staff.home.archive / "destroyed" / str(sha256)
        assert str(name) in note.read_text().splitlines()
        assert stat.S_IMODE(note.stat().st_mode) == 0o400
        assert stat.S_IMODE(note.parent.stat().st_mode) == 0o700
    assert archived_path(staff.home.archive, sha256_of(LEAVERS.encode())).exists()


def test_nothing_of_it_is_in_a_byte_of_store_archive_or_inbox(staff: StaffHome) -> None:
    with staff.store() as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute("create table raw.seen as select * from raw.heroma_anstallning; checkpoint")
    words = {"employment": (employment_of(BO),), "person": (BO, f"{BO[:8]}-{BO[8:]}")}
    assert Listener({"employment": words["employment"]}).hears(staff.home.build_file.read_bytes()) == {"employment"}
    done = retain(staff.home, plan(staff), now=now)
    assert done.in_inbox == 7
    left = [path for path in staff.home.path.rglob("*") if path.is_file()]
    assert {path.name for path in left} >= {"store.duckdb", "settings.toml"}
    sung = {path.name for path in left if Listener(words).hears(path.name.encode() + b"\0" + path.read_bytes())}
    assert sung == set()
    assert staff.values(f"select count(*) from raw.seen where anst_id = '{employment_of(CILLA)}'") == [2]
    assert stat.S_IMODE(staff.home.build_file.stat().st_mode) == 0o600
    assert [path.name for path in staff.home.path.glob("*.duckdb*")] == ["store.duckdb"]


def test_only_what_was_destroyed_goes_from_the_inbox(staff: StaffHome) -> None:
    names = {path.name for path in staff.home.inbox.iterdir()}
    copy = staff.write("place/kopia.csv", next(staff.home.inbox.glob("heroma_anstallning_202001_*")).read_bytes())
    new_empty_month = staff.write("heroma_avgang_202304_20230503T0600.csv", LEAVERS)
    retain(staff.home, plan(staff), now=now)
    assert not copy.exists()
    assert new_empty_month.exists()
    gone = names - {path.name for path in staff.home.inbox.iterdir()}
    assert {name.split("_")[2] for name in gone} == {"202001", "202002", "202003"}
    assert all(name.startswith(("heroma_anstallning", "heroma_franvaro")) for name in gone)


def test_what_was_destroyed_is_not_received_or_fetched_again(staff: StaffHome) -> None:
    original = next(staff.home.inbox.glob("heroma_anstallning_202001_*"))
    content, name = original.read_bytes(), original.name
    retain(staff.home, plan(staff), now=now)
    rows = staff.values("select count(*) from raw.heroma_anstallning")
    # The night's pull, whose memory is lost: the bytes come once more under their name, and are known.
    memory = PulledFiles.of(staff.home, "heroma")
    arriving = memory.arriving(name)
    arriving.write_bytes(content)
    assert not memory.keep(name, len(content), "stamp", sha256_of(content), now())
    assert [path for path in staff.home.inbox.rglob("*") if path.name == name] == []
    assert PulledFiles.of(staff.home, "heroma").knows(name, len(content), "stamp")
    # By hand, under its own name and under a later one's.
    staff.write(name, content)
    staff.write("heroma_anstallning_202001_20230915T0600.csv", content)
    received = staff.receive()
    assert (received.landed, received.seen_before) == ((), 8)
    assert received.duplicates == ("heroma_anstallning_202001_20230915T0600.csv",)
    assert staff.values("select count(*) from raw.heroma_anstallning") == rows
    assert not archived_path(staff.home.archive, sha256_of(content)).exists()
    (said,) = staff.values("select message from control.delivery_findings where rule_id = 'delivery_destroyed'")
    assert "gallrad" in str(said)
    assert staff.receive().duplicates == ()
    # The next run takes both copies away, and destroys no row for it.
    done = retain(staff.home, plan(staff), now=now)
    assert (done.deliveries, done.rows, done.files, done.in_inbox) == (1, 0, 0, 2)


def test_a_month_that_stands_on_destroyed_rows_is_not_closed_again_and_no_night_tries(staff: StaffHome) -> None:
    with staff.store() as connection:
        assert select_deliveries(connection, Period(2020, 2), None)
        connection.execute("delete from build.closing_deliveries")
        connection.execute(
            "insert into control.closings values (90, '2020-02-01', '2020-03-10', now(), now(), '', 'barred', null)"
        )
        connection.execute(
            "insert into control.closings values (91, '2023-02-01', '2023-03-10', now(), now(), '', 'barred', null)"
        )
    assert touched_periods(staff.home) == (Period(2020, 2), Period(2021, 12), Period(2023, 2))
    retain(staff.home, plan(staff), now=now)
    with staff.store() as connection:
        with pytest.raises(
            Refusal, match=r"2020-02 can no longer be closed: the rows of 5 of its deliveries"
        ) as refused:
            select_deliveries(connection, Period(2020, 2), None)
        assert "heroma_anstallning, heroma_avgang, heroma_franvaro, 2020-01 to 2020-02" in refused.value.what
        assert "destroyed by retention on 2023-10-01" in refused.value.what
        # The year after reads January of the year before as well.
        with pytest.raises(Refusal, match="can no longer be closed"):
            select_deliveries(connection, Period(2021, 12), None)
        assert select_deliveries(connection, Period(2022, 1), None)
    assert touched_periods(staff.home) == (Period(2023, 2),)


def test_a_withdrawal_does_not_bring_an_older_delivery_back_in_the_place_of_a_destroyed_one(staff: StaffHome) -> None:
    retain(staff.home, plan(staff), now=now)
    with staff.store() as connection:
        newest = connection.execute(
            "select max(delivery_id) from control.deliveries"
            " where extract = 'heroma_franvaro' and period = '2020-02-01'"
        ).fetchall()[0][0]
        connection.execute("insert into control.delivery_events values (1, ?, 'withdraw', now(), 'x', 'y')", [newest])
        with pytest.raises(Refusal, match="can no longer be closed"):
            select_deliveries(connection, Period(2020, 2), None)


def test_a_build_of_the_destroyed_rows_is_dropped_and_another_one_kept(staff: StaffHome) -> None:
    make = (
        "create or replace table staging.employment as"
        " select * from raw.heroma_anstallning where period {} '2020-12-31'"
    )
    with staff.store() as connection:
        connection.execute("create schema if not exists staging")
        connection.execute(make.format(">"))
    retain(staff.home, plan(staff), now=now)
    assert staff.values("select count(*) from staging.employment") == [3]
    staff.home.settings_file.write_text("[retention]\ndays = 790\n")
    with staff.store() as connection:
        connection.execute(
            "insert into control.period_events"
            " values (nextval('control.event_number'), '2023-06-01', 'close', 1, now(), 'x', null)"
        )
    retain(staff.home, plan(staff), now=now)
    assert staff.values("select count(*) from duckdb_tables() where schema_name in ('staging', 'marts')") == [0]


def test_a_reopened_period_keeps_what_it_reads(staff: StaffHome) -> None:
    with staff.store() as connection:
        for act, why in (("close", None), ("lock", "read"), ("reopen", "wrong")):
            connection.execute(
                "insert into control.period_events"
                " values (nextval('control.event_number'), '2020-02-01', ?, 1, now(), 'x', ?)",
                [act, why],
            )
    held = {(one.extract, str(one.period)): one for one in plan(staff).held}
    assert held["heroma_anstallning", "2020-01"].why == "2020-02 reads it"
    # Refused: no close stands on it.
    assert held["heroma_anstallning", "2020-03"].verdict == "destroy"


def test_a_file_named_for_a_month_to_come_is_as_old_as_its_arrival(staff: StaffHome) -> None:
    staff.write("heroma_anstallning_209912_20210103T0600.csv", f"fel;rubrik\n{BO};x\n")
    staff.receive(datetime(2021, 1, 4, 9, 0, tzinfo=STOCKHOLM))
    held = {(one.extract, str(one.period)): one for one in plan(staff).held}
    assert held["heroma_anstallning", "2099-12"].verdict == "destroy"


def test_a_crash_after_the_store_leaves_files_that_the_next_run_takes(
    staff: StaffHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> bool:
        raise OSError("power")

    with monkeypatch.context() as patched:
        patched.setattr(steps_retain, "destroy", crash)
        with pytest.raises(OSError, match="power"):
            retain(staff.home, plan(staff), now=now)
    assert plan(staff).to_destroy == frozenset()
    assert plan(staff).unfinished == 7
    assert cli.main(["retain", "--yes"]) == ExitCode.DONE
    assert "7 files that an interrupted run left" in capsys.readouterr().err
    assert plan(staff).unfinished == 0
    assert not any(staff.home.inbox.glob("heroma_anstallning_2020*"))


def test_a_crash_before_the_swap_leaves_everything(staff: StaffHome, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise OSError("power")

    before, planned = staff.home.build_file.read_bytes(), plan(staff)
    with monkeypatch.context() as patched:
        patched.setattr(rewriting, "_write_anew", crash)
        with pytest.raises(OSError, match="power"):
            retain(staff.home, planned, now=now)
    assert staff.home.build_file.read_bytes() == before
    assert plan(staff) == planned


def test_what_came_between_the_look_and_the_deed_is_not_destroyed_unseen(staff: StaffHome) -> None:
    planned = plan(staff)
    late = staff.staff("2020-05", [CILLA])
    staff.receive()
    retain(staff.home, planned, now=now)
    assert archived_path(staff.home.archive, sha256_of(late.read_bytes())).exists()


def test_copies_in_folders_that_are_not_ours_are_told_and_left(staff: StaffHome, tmp_path: Path) -> None:
    elsewhere = tmp_path / "exports"
    elsewhere.mkdir()
    mine = next(staff.home.inbox.glob("heroma_anstallning_202001_*"))
    copy = elsewhere / mine.name
    copy.write_bytes(mine.read_bytes())
    with staff.store() as connection:
        connection.execute("update control.delivery_origins set folder = ?", [str(elsewhere)])
    done = retain(staff.home, plan(staff), now=now)
    assert done.elsewhere == [copy]
    assert copy.exists()


def test_nobody_decides_by_not_deciding(staff: StaffHome) -> None:
    for written in ("", "[retention]\n"):
        staff.home.settings_file.write_text(written)
        with pytest.raises(Refusal, match=r"Nobody has decided.*Write `days = N` under `\[retention\]`"):
            plan(staff)
    for wrong in (LEAST_DAYS - 1, 0, -1, 40_000):
        staff.home.settings_file.write_text(f"[retention]\ndays = {wrong}\n")
        with pytest.raises(Refusal, match=r"line 2, retention\.days"):
            home_settings(staff.home.settings_file)


def test_where_nothing_was_closed_everything_may_be_needed(tmp_path: Path) -> None:
    home = StaffHome(tmp_path)
    home.home.settings_file.write_text("[retention]\ndays = 800\n")
    with pytest.raises(Refusal, match="Nothing has been closed"):
        plan(home)
    home.staff("2020-01")
    home.receive()
    with pytest.raises(Refusal, match="No month has been closed"):
        plan(home)


def test_the_least_time_spares_what_a_december_corrected_in_march_reads() -> None:
    for year in range(2020, 2040):
        counted_from, last_day = date(year - 1, 1, 31), date(year + 1, 3, 31)
        assert (last_day - counted_from).days <= LEAST_DAYS


@given(
    closed=strategies.integers(0, 60),
    delivered=strategies.lists(strategies.integers(0, 90), unique=True, max_size=12),
)
def test_no_close_to_come_reads_a_month_that_may_be_destroyed(closed: int, delivered: list[int]) -> None:
    from flows.store.deliveries import Recorded

    start = Period(2019, 1)
    received = [
        Recorded(number, "heroma_franvaro", start.plus(month), datetime(2019, 1, 1), "f", f"{month}", "", "landed", "",
                 datetime(2019, 1, 1))
        for number, month in enumerate(delivered)
    ]  # fmt: skip
    first, read_by = steps_retain.read_by_open_periods(received, [start.plus(closed)], [])
    kept = {slot for slot in read_by if slot[1] < first} | {
        (one.extract, one.period) for one in received if one.period >= first
    }
    of = steps_retain.about_persons().values()
    for later in first.through(first.plus(40)):
        assert {slot for slot in slots_read(received, later, of) if slot[0] == "heroma_franvaro"} & {
            (one.extract, one.period) for one in received
        } <= kept


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    assert cli.main(["retain", *words]) == ExitCode.DONE
    said = capsys.readouterr()
    return said.out, said.err


def test_a_dry_run_lists_and_destroys_nothing(staff: StaffHome, capsys: pytest.CaptureFixture[str]) -> None:
    before = staff.home.build_file.read_bytes()
    out, said = listed(capsys, "--dry-run")
    assert "heroma_anstallning  2020-02" in out
    assert "to be destroyed" in out
    assert "2022-01 reads it" in out
    assert "bookkeeping law" in said
    assert "Nothing was destroyed." in said
    objects = json.loads(listed(capsys, "--dry-run", "--format", "json")[0])
    assert {one["verdict"] for one in objects} == {"destroy", "needed"}
    lines = listed(capsys, "--dry-run", "--format", "csv")[0].splitlines()
    assert lines[0] == "extract,period,files,rows,bytes,age_days,verdict,why"
    assert len(lines) == len(objects) + 1
    assert staff.home.build_file.read_bytes() == before


def test_without_a_terminal_it_must_be_said_twice(staff: StaffHome) -> None:
    asked = subprocess.run(
        [BOKSLUT, "retain"], env=dict(os.environ), stdin=subprocess.DEVNULL, text=True, capture_output=True, check=False
    )
    assert asked.returncode == ExitCode.REFUSAL
    assert "say --yes" in asked.stderr
    assert plan(staff).to_destroy


@pytest.mark.parametrize(("answer", "destroyed"), [("n\n", False), ("y\n", True)])
def test_on_a_terminal_it_is_asked(staff: StaffHome, answer: str, destroyed: bool) -> None:
    master, terminal = pty.openpty()
    code = "import sys; from flows import cli; sys.exit(cli.main(['retain']))"
    running = subprocess.Popen(
        [sys.executable, "-c", code], env=dict(os.environ), stdin=terminal, stderr=subprocess.PIPE
    )
    os.write(master, answer.encode())
    _, said = running.communicate(timeout=300)
    os.close(terminal)
    os.close(master)
    assert running.returncode == ExitCode.DONE
    assert b"Destroy that for good?" in said
    assert bool(plan(staff).to_destroy) is not destroyed
    assert (b"Destroyed 8 deliveries" in said) is destroyed


def test_a_note_of_what_was_destroyed_is_by_name(staff: StaffHome) -> None:
    mine = next(staff.home.inbox.glob("heroma_anstallning_202001_*"))
    sha256 = sha256_of(mine.read_bytes())
    assert not was_destroyed(staff.home.archive, sha256, mine.name)
    retain(staff.home, plan(staff), now=now)
    assert was_destroyed(staff.home.archive, sha256, mine.name)
    assert not was_destroyed(staff.home.archive, sha256, "another.csv")
