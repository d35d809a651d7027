"""A Prefect server killed under a close, its database gone, and the slot that a killed close held."""

from __future__ import annotations

import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.steps.nights import Nights
from flows.store.duckdb_engine import open_store
from flows.store.home import Home
from tests.close.prefect_server import PrefectServer, free_port, running
from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment
from tests.failure.served import until

#: As our units and our own server have it: what a lease was does not die with the server.
LEASES_ON_DISK = {
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "2",
}
MEALS = "kost_maltider_202108_20210903T0800.csv"


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """A home and one export: a close of it goes through everything up to the gate, which bars it."""
    made = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    made.exports.mkdir()
    (made.exports / MEALS).write_text("period;enhet_kod;portioner\n2021-08;E1;1\n")
    (made.state / "bokslut").mkdir(parents=True)
    (made.state / "bokslut" / "demo.key").write_text("k" * 64)
    return made


def closing(organisation: Organisation, server: PrefectServer, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as told:
        return subprocess.Popen(
            [str(BOKSLUT), "close", PERIOD, "--from", str(organisation.exports)],
            env={
                **clean_environment(),
                **organisation.environment(),
                **server.environment,
                # Asked once: how long it asks again is Prefect's.
                "PREFECT_CLIENT_MAX_RETRIES": "0",
            },
            stdout=told,
            stderr=told,
        )


def slots(server: PrefectServer) -> int:
    [limit] = [one for one in server.ask("v2/concurrency_limits/filter") if one["name"] == "bokslut-writer"]
    return int(limit["active_slots"])


def test_a_close_goes_on_to_its_end_when_the_server_is_killed(organisation: Organisation, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "close.log"
    with running(tmp_path / "prefect", port, **LEASES_ON_DISK) as server:
        close = closing(organisation, server, log)
        try:
            until("it writes", lambda: (organisation.home / "writer.json").exists())
            server.process.kill()
            server.process.wait()
            until("it is done", lambda: not (organisation.home / "writer.json").exists(), 600)
            # What is left of the process only tries to tell the server.
        finally:
            close.kill()
            close.wait()
    with open_store(organisation.home / "store.duckdb", read_only=True) as store:
        assert store.execute("select outcome from control.closings").fetchall() == [("barred",)]


def test_a_slot_that_a_killed_close_held_is_free_within_its_lease(organisation: Organisation, tmp_path: Path) -> None:
    with running(tmp_path / "prefect", **LEASES_ON_DISK) as server:
        close = closing(organisation, server, tmp_path / "close.log")
        until("it writes", lambda: (organisation.home / "writer.json").exists())
        close.kill()
        close.wait()
        assert slots(server) == 1
        began = time.monotonic()
        # Waited for as the next run waits for it: it is refused where the slot is not free within a hundred seconds.
        again = closing(organisation, server, tmp_path / "again.log")
        assert again.wait(600) == 4, (tmp_path / "again.log").read_text("utf-8")
        assert slots(server) == 0
        assert time.monotonic() - began < 600


def test_with_the_database_gone_the_home_itself_knows_of_a_missed_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "prefect") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        from prefect.client.orchestration import get_client
        from prefect.settings import PREFECT_API_URL, temporary_settings

        from flows.close_period import set_up_limit
        from flows.serve import catch_up, deployments

        def now() -> datetime:
            return datetime.now(ZoneInfo("Europe/Stockholm"))

        before = (now() - timedelta(days=3)).date()
        with temporary_settings({PREFECT_API_URL: server.url}), get_client(sync_client=True) as client:
            set_up_limit()
            for one in deployments():
                one.apply()
            assert catch_up(client, now()) is None
            missed = Nights(before, 1, before)
            made = catch_up(client, now(), missed)
            assert made is not None
            assert catch_up(client, now(), missed) == made


def test_a_night_that_is_on_is_seen(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert not home.is_in_a_night()
    with home.night():
        assert home.is_in_a_night()
    assert not home.is_in_a_night()
