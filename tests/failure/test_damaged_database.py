"""Prefect's database damaged or gone: `bokslut serve` begins a new one, says so, and makes a missed night good."""

from __future__ import annotations

import json
import socket
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.steps.prefect_database import set_aside_if_damaged
from flows.store.home import Home
from tests.conftest import Organisation
from tests.failure.served import until
from tests.server.served_house import served_house

NOW = datetime(2021, 9, 6, 6, 0)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with so much in it that it has many pages."""
    file = tmp_path / "prefect.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table flow_run (id integer primary key, name text)")
        connection.executemany("insert into flow_run (name) values (?)", [("n" * 500,)] * 2000)
    connection.close()
    return file


def test_a_whole_database_and_none_are_left_alone(database: Path, tmp_path: Path) -> None:
    assert set_aside_if_damaged(tmp_path, NOW) is None
    database.write_bytes(b"")  # An empty file is an empty database to SQLite.
    assert set_aside_if_damaged(tmp_path, NOW) is None
    database.unlink()
    assert set_aside_if_damaged(tmp_path, NOW) is None


@pytest.mark.parametrize("damage", ["cut", "another file", "a page overwritten"])
def test_a_damaged_database_is_set_aside(database: Path, tmp_path: Path, damage: str) -> None:
    content = database.read_bytes()
    database.write_bytes(
        {
            "cut": content[: len(content) // 2],
            "another file": b"not a database" * 1000,
            "a page overwritten": content[:8192] + b"\xff" * 4096 + content[12288:],
        }[damage]
    )
    aside = set_aside_if_damaged(tmp_path, NOW)
    assert aside == tmp_path / "damaged-20210906T060000"
    assert (aside / "prefect.db").exists()
    assert not database.exists()


def test_serve_begins_anew_and_makes_the_missed_night_good(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    home = Home(organisation.home).create()
    home.prefect.mkdir(mode=0o700)
    (home.prefect / "prefect.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 10_000)
    before = (datetime.now(ZoneInfo("Europe/Stockholm")) - timedelta(days=3)).date().isoformat()
    home.nights_file.write_text(json.dumps({"begun": before, "times": 1, "ended": before}))
    with served_house(organisation, tmp_path / "said") as house:
        said = house.said.read_text("utf-8")
        assert "Prefect's database was damaged: it lies in " in said
        assert "A night was missed or killed: one run makes it good." in said
        assert "Traceback" not in said
        nights = house.ask("flow_runs/filter", flows={"name": {"any_": ["nightly"]}})
        assert [run["name"] for run in nights if not run["auto_scheduled"]] == ["catch up"]
        house.process.kill()
        until("its server has ended with it", lambda: _is_free(house.port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
