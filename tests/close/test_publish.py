"""The published file: whole, free of persons, and undisturbed while the next one is made."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.domain.period import Period
from flows.errors import ExitCode, Refusal
from flows.store import publish as publication
from flows.store.home import Home
from flows.store.publish import is_published, publish, remove_leftovers
from tests.close.closed_period import close_once, open_home

#: Opens the link again and again, as a BI tool does, and counts what goes wrong or is torn.
_READER = """
import pathlib, sys, duckdb
link, stop = sys.argv[1:3]
reads = errors = torn = 0
print("reading", flush=True)
while not pathlib.Path(stop).exists():
    try:
        with duckdb.connect(link, read_only=True) as connection:
            versions = connection.execute(
                "select distinct version from latest.period union select distinct version from latest.report_cell"
            ).fetchall()
        reads += 1
        torn += len(versions) != 1
    except Exception as error:
        errors += 1
        print(error, file=sys.stderr)
print(reads, errors, torn)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def _published(home: Home) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home.published.resolve()), read_only=True)


def test_the_newest_version_of_every_period_is_published(home) -> None:
    with open_home(home) as connection:
        close_once(connection, printed="12")
        close_once(connection, printed="13")
        close_once(connection, Period(2021, 9), printed="9")
        publish(connection, home, keep=5)
    with _published(home) as published:
        cells = published.execute("select period, version, printed from latest.report_cell order by period").fetchall()
        assert [(period.month, version, printed) for period, version, printed in cells] == [(8, 2, "13"), (9, 1, "9")]
        periods = published.execute("select version, period_state from latest.period order by period").fetchall()
        assert periods == [(2, "preliminary"), (1, "preliminary")]
        assert published.execute("select distinct message from latest.finding").fetchall() == [("Måltider kom sent.",)]


def test_every_table_and_column_says_what_it_holds(home) -> None:
    with open_home(home) as connection:
        close_once(connection)
        publish(connection, home, keep=5)
    with _published(home) as published:
        silent = published.execute(
            "select table_name, null from duckdb_tables() where comment is null union all"
            " select table_name, column_name from duckdb_columns() where comment is null and schema_name = 'latest'"
        )
        assert silent.fetchall() == []
        assert published.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]
        listed = published.execute("select label from latest.column_dictionary where column_name = 'unit_code'")
        assert listed.fetchall() == [("Enhetskod",)]


def test_it_opens_under_a_foreign_name_and_in_an_older_format(home, tmp_path) -> None:
    with open_home(home) as connection:
        close_once(connection)
        publish(connection, home, keep=5)
    foreign = tmp_path / "Controllerns kopia.duckdb"
    shutil.copy(home.published.resolve(), foreign)
    with duckdb.connect(str(foreign), read_only=True) as copied:
        assert copied.execute("select printed from latest.report_cell").fetchall() == [("12",)]
        tags = copied.execute("select tags from duckdb_databases() where not internal").fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.0.0")


def test_its_group_may_read_it_and_nothing_else(home) -> None:
    before = os.umask(0)
    try:
        with home.writer("close 2021-08"), open_home(home) as connection:
            close_once(connection)
            target = publish(connection, home, keep=5)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (target, home.published_dir, home.path, home.inbox)}
    assert list(modes.values()) == [0o640, 0o750, 0o710, 0o700]
    assert stat.S_IMODE(home.build_file.stat().st_mode) == 0o600


def test_a_reader_is_not_disturbed_by_publications(home, tmp_path) -> None:
    stop = tmp_path / "stop"
    with open_home(home) as connection:
        close_once(connection)
        publish(connection, home, keep=5)
        arguments = [sys.executable, "-c", _READER, str(home.published), str(stop)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "reading\n"
            for _ in range(2):
                close_once(connection)
                publish(connection, home, keep=5)
                time.sleep(0.2)
            stop.touch()
            answer, complaints = reader.communicate(timeout=30)
    reads, errors, torn = map(int, answer.split())
    assert (errors, torn) == (0, 0), complaints
    assert reads > 2


def test_a_reader_keeps_the_file_it_has_open(home) -> None:
    with open_home(home) as connection:
        close_once(connection, printed="12")
        publish(connection, home, keep=1)
        with _published(home) as held:
            close_once(connection, printed="13")
            publish(connection, home, keep=1)
            assert held.execute("select printed from latest.report_cell").fetchall() == [("12",)]
    assert len(list(home.published_dir.iterdir())) == 1


@pytest.mark.parametrize("crash_at", ["_write_dictionary", "_sync", "_point"])
def test_a_crash_before_the_swap_leaves_the_old_publication(home, monkeypatch, crash_at) -> None:
    with open_home(home) as connection:
        close_once(connection, printed="12")
        old = publish(connection, home, keep=5)
        close_once(connection, printed="13")
        with monkeypatch.context() as broken:
            broken.setattr(publication, crash_at, _crash)
            with pytest.raises(KeyboardInterrupt):
                publish(connection, home, keep=5)
        assert home.published.resolve() == old.resolve()
        assert not is_published(connection, home)
        new = publish(connection, home, keep=5)
        assert is_published(connection, home)
        assert home.published.resolve() == new.resolve() != old.resolve()
    assert remove_leftovers(home) == ()
    with _published(home) as published:
        assert published.execute("select printed from latest.report_cell").fetchall() == [("13",)]


def test_a_personal_column_bars_publication(home) -> None:
    with open_home(home) as connection:
        close_once(connection)
        old = publish(connection, home, keep=5)
        connection.execute("alter table closed.volume add column person_key varchar")
        close_once(connection)
        with pytest.raises(Refusal, match="person_key") as refused:
            publish(connection, home, keep=5)
        assert refused.value.exit_code is ExitCode.BARRED
        assert home.published.resolve() == old.resolve()


def test_a_column_that_the_dictionary_does_not_know_is_named(home) -> None:
    with open_home(home) as connection:
        connection.execute("alter table marts.volume add column sidor integer")
        close_once(connection)
        with pytest.raises(Refusal, match=r"latest\.volume has the column sidor"):
            publish(connection, home, keep=5)


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_store_restored_from_its_backup_publishes_what_it_holds_and_nothing_that_was_lost(home: Home) -> None:
    with open_home(home) as connection:
        close_once(connection, printed="12")
        publish(connection, home, keep=2)
    backup = home.path / "backup.duckdb"
    shutil.copy(home.build_file, backup)
    with open_home(home) as connection:
        for lost in ("13", "14"):
            close_once(connection, printed=lost)
            publish(connection, home, keep=2)
    shutil.copy(backup, home.build_file)
    with open_home(home) as connection:
        assert not is_published(connection, home)
        assert publish(connection, home, keep=2).exists()
        with _published(home) as published:
            assert published.execute("select printed from latest.report_cell").fetchall() == [("12",)]
        close_once(connection, printed="15")
        newest = publish(connection, home, keep=2)
        assert newest.exists()
        assert is_published(connection, home)
        assert publish(connection, home, keep=2) == newest
    with _published(home) as published:
        assert published.execute("select printed from latest.report_cell").fetchall() == [("15",)]
