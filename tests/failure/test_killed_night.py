"""A night that is killed, alone or with what served it, is made good once; no night is begun twice for nothing."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.steps.nights import Nights, last_night, one_night, read_nights
from flows.store.home import Home
from tests.close.prefect_server import PrefectServer, running
from tests.conftest import Organisation
from tests.failure.served import Serving, process_of, serving, until

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT, NEXT = date(2021, 9, 1), date(2021, 9, 2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with running(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """A home whose nights are long: what is new at its place must stand still for minutes before it is fetched."""
    made = Organisation(tmp_path / "home", tmp_path / "place", tmp_path / "state")
    Home(made.home).create()
    made.exports.mkdir()
    (made.exports / "kost_maltider_202108_20210903T0800.csv").write_bytes(b"period;enhet_kod;portioner\n2021-08;E1;1\n")
    (made.state / "bokslut").mkdir(parents=True)
    (made.state / "bokslut" / "demo.key").write_text("k" * 64)
    still_for(made, 600)
    return made


def still_for(organisation: Organisation, seconds: int) -> None:
    (organisation.home / "settings.toml").write_text(
        f'[places.kost]\nkind = "folder"\npath = "{organisation.exports}"\nstill_seconds = {seconds}\n', "utf-8"
    )


def remembered(organisation: Organisation) -> dict[str, Any]:
    return json.loads((organisation.home / "nights.json").read_text())


def begun(served: Serving, run_id: str, organisation: Organisation) -> int:
    """The run's process, once the night has begun in it."""
    pid = int(until("the night's process", lambda: process_of(run_id)))
    until("the night has begun", lambda: Home(organisation.home).is_in_a_night())
    until("the server knows", lambda: served.state(run_id) == "RUNNING")
    return pid


def ends(served: Serving, run_id: str) -> str:
    final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
    until(f"the run {run_id} ends", lambda: served.state(run_id) in final)
    return served.state(run_id)


def test_a_night_killed_alone_is_begun_once_more_by_itself(server: PrefectServer, organisation: Organisation) -> None:
    with serving(organisation, server) as served:
        until("it serves", served.is_ready)
        before = set(served.nights())
        killed = served.begin_night()
        pid = begun(served, killed, organisation)
        still_for(organisation, 0)
        os.kill(pid, signal.SIGKILL)
        assert ends(served, killed) == "CRASHED"
        new = until("a run that makes it good", lambda: set(served.nights()) - before - {killed})
        assert len(new) == 1
        # What it came to: the place was fetched from, and no month has more than that one file.
        assert ends(served, *new) == "FAILED"
        assert (organisation.home / "inbox" / "kost" / "kost_maltider_202108_20210903T0800.csv").exists()
        assert remembered(organisation)["times"] == 2
        assert remembered(organisation)["ended"] == remembered(organisation)["begun"]


def test_a_night_killed_with_its_server_is_made_good_when_that_starts(
    server: PrefectServer, organisation: Organisation
) -> None:
    with serving(organisation, server) as served:
        until("it serves", served.is_ready)
        killed = served.begin_night()
        pid = begun(served, killed, organisation)
        served.kill()
        os.kill(pid, signal.SIGKILL)
    assert served.state(killed) == "RUNNING"
    still_for(organisation, 0)
    before = set(served.nights())
    with serving(organisation, server) as again:
        new = until("a run that makes it good", lambda: set(again.nights()) - before)
        assert len(new) == 1
        assert again.state(killed) == "CRASHED"
        assert ends(again, *new) == "FAILED"
        assert "they are marked as crashed" in again.said()
        assert remembered(organisation)["ended"] == remembered(organisation)["begun"]
    with serving(organisation, server) as third:
        until("it serves again", third.is_ready)
        assert set(third.nights()) == before | new


def test_a_night_whose_server_was_killed_dies_of_it_and_is_made_good(
    server: PrefectServer, organisation: Organisation
) -> None:
    still_for(organisation, 15)
    with serving(organisation, server) as served:
        until("it serves", served.is_ready)
        orphan = served.begin_night()
        begun(served, orphan, organisation)
        before = set(served.nights())
        served.kill()
        still_for(organisation, 0)
        with serving(organisation, server) as again:
            # Its next line has nobody who reads it.
            assert ends(again, orphan) == "CRASHED"
            [new] = until("a run that makes it good", lambda: set(again.nights()) - before)
            assert ends(again, new) == "FAILED"
            assert set(again.nights()) == before | {new}
            assert remembered(organisation)["ended"] == remembered(organisation)["begun"]


def test_one_home_is_served_by_one(server: PrefectServer, organisation: Organisation) -> None:
    with serving(organisation, server) as first:
        until("it is served", lambda: (organisation.home / "serve.json").exists())
        second = organisation.bokslut("serve", **server.environment)
        assert second.returncode == 5
        assert f"process {first.process.pid}" in second.stderr
        assert "Traceback" not in second.stderr


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def test_a_home_remembers_the_night_that_began_and_the_one_that_ended(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert read_nights(home) == Nights()
    with pytest.raises(KeyboardInterrupt), one_night(home, lambda: at("2021-09-01T01:00")):
        raise KeyboardInterrupt
    assert read_nights(home) == Nights(NIGHT, 1, None)
    with one_night(home, lambda: at("2021-09-01T03:00")):
        pass
    assert read_nights(home) == Nights(NIGHT, 2, NIGHT)
    with one_night(home, lambda: at("2021-09-02T00:59")):
        pass
    assert read_nights(home) == Nights(NIGHT, 3, NIGHT)
    home.nights_file.write_text("{")
    assert read_nights(home) == Nights()


@pytest.mark.parametrize(
    ("nights", "lacks"),
    [
        (Nights(), False),
        (Nights(NIGHT, 1, NIGHT), True),
        (Nights(NEXT, 1, NEXT), False),
        (Nights(NEXT, 1, NIGHT), True),
        (Nights(NEXT, 2, NIGHT), False),
        (Nights(date(2031, 1, 1), 1, date(2031, 1, 1)), True),
    ],
    ids=["never a night", "missed", "ended", "killed", "killed twice", "the clock was ahead for years"],
)
def test_a_night_is_made_good_once(nights: Nights, lacks: bool) -> None:
    assert nights.lack(last_night(at("2021-09-02T08:00")).date()) is lacks
