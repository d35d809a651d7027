"""Prefect's server on PostgreSQL, set up by RUNBOOK.md's own commands and started by the units'."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PERIOD, Organisation
from tests.server.machine import SERVICE, Machine, recipes
from tests.server.postgresql import cluster, programs
from tests.server.test_own_server import family_of

pytestmark = pytest.mark.skipif(programs() is None, reason="NOT VERIFIED: PostgreSQL is not on this machine.")

HEADING = "Prefect's server: its password, and PostgreSQL beneath it"
WITHIN_SECONDS = 300


class ServedMachine:
    """The machine's server, asked as by whoever has its password, and the machine itself."""

    def __init__(self, machine: Machine) -> None:
        self.url = machine.api
        self.environment = machine.environment("bokslut-serve")
        self.machine = machine

    def ask(self, path: str, **question: Any) -> Any:
        """POST a question; raises HTTPError for what the server refuses."""
        token = json.load(self._open(urllib.request.Request(f"{self.url}/csrf-token?client=test")))["token"]
        headers = {"Content-Type": "application/json", "Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
        answer = self._open(urllib.request.Request(f"{self.url}/{path}", json.dumps(question).encode(), headers)).read()
        return json.loads(answer) if answer else None

    def begin_month_end(self) -> str:
        """A run as the form begins it; its id."""
        [month_end] = [one for one in self.ask("deployments/filter") if one["name"] == "month-end"]
        return self.ask(f"deployments/{month_end['id']}/create_flow_run", parameters={"period": PERIOD})["id"]

    def take_slot(self) -> str:
        """Hold the one writing slot, as a run does; the lease."""
        asked = {"names": ["bokslut-writer"], "slots": 1, "mode": "concurrency", "lease_duration": 60}
        return self.ask("v2/concurrency_limits/increment-with-lease", **asked)["lease_id"]

    def give_slot_back(self, lease: str) -> None:
        self.ask("v2/concurrency_limits/decrement-with-lease", lease_id=lease)

    def run_of(self, run_id: str) -> Any:
        [run] = self.ask("flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
        return run

    def ended(self, run_id: str) -> Any:
        return self.wait_for(
            lambda: (
                (run := self.run_of(run_id))["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") and run
            )
        )

    def wait_for(self, answer: Any) -> Any:
        """What it answers once that is something."""
        until = time.monotonic() + WITHIN_SECONDS
        while not (found := answer()):
            assert time.monotonic() < until, self.machine.said("bokslut-serve").read_text("utf-8")[-3000:]
            time.sleep(0.3)
        return found

    def _open(self, request: urllib.request.Request) -> Any:
        password = self.environment["PREFECT_API_AUTH_STRING"]
        request.add_header("Authorization", f"Basic {base64.b64encode(password.encode()).decode()}")
        return urllib.request.urlopen(request, timeout=60)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the password of Prefect's server and a PostgreSQL that the service user enters by its socket."""
    with cluster() as postgresql:
        machine = Machine(tmp_path_factory.mktemp("machine") / "here", postgresql)
        for recipe in recipes(HEADING)[:2]:
            machine.follow(recipe)
        yield machine


def user_who_enters(machine: Machine) -> list[str]:
    """Who Prefect's own engine is to the database, by the unit's environment."""
    ask = (
        "import asyncio, sqlalchemy, prefect.server.database as database\n"
        "async def ask():\n"
        "    async with database.provide_database_interface().session_context() as session:\n"
        "        print((await session.execute(sqlalchemy.text('select current_user'))).scalar())\n"
        "asyncio.run(ask())"
    )
    done = machine.run("python", "-c", ask, unit="bokslut-prefect")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def test_the_service_user_enters_by_the_socket_without_a_password(machine: Machine) -> None:
    environment = machine.environment("bokslut-prefect")
    assert environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith(
        "postgresql+asyncpg://bokslut@/prefect?host="
    )
    assert "PGPASSFILE" not in environment
    assert user_who_enters(machine) == ["bokslut"]


@pytest.fixture(scope="module")
def served(machine: Machine, closed: Organisation) -> Iterator[ServedMachine]:
    """The same machine with a PostgreSQL that asks for a password, the units' server and `bokslut serve`."""
    for recipe in recipes(HEADING)[2:]:
        machine.follow(recipe)
    shutil.copytree(closed.home, machine.home, symlinks=True, dirs_exist_ok=True)
    shutil.copytree(closed.exports, machine.home / "inbox", dirs_exist_ok=True)
    shutil.copy(closed.state / "bokslut" / "demo.key", machine.folder / "etc" / "person.key")
    with machine.runs("bokslut-prefect"):
        machine.wait_for_server()
        with machine.runs("bokslut-serve"):
            found = ServedMachine(machine)
            found.wait_for(lambda: len(found.ask("deployments/filter")) == 3)
            yield found


def test_what_is_served_stands_in_postgresql(served: ServedMachine) -> None:
    assert served.machine.cluster.query("select name from deployment order by name") == [
        "month-end",
        "morning",
        "nightly",
    ]
    slots = "select name, \"limit\" from concurrency_limit_v2 where name not like 'deployment:%'"
    assert served.machine.cluster.query(slots) == ["bokslut-writer|1"]
    assert served.wait_for(
        lambda: served.machine.cluster.query("select count(*) from flow_run where state_type = 'SCHEDULED'") != ["0"]
    ), "the nights are on the calendar"
    assert not list(served.machine.home.glob("prefect/*.db"))


def test_a_month_end_from_the_form_runs_and_leaves_its_artifact(served: ServedMachine) -> None:
    run = served.ended(served.begin_month_end())
    assert run["state_type"] == "COMPLETED", run["state"]
    artifacts = served.machine.cluster.query("select key from artifact")
    assert f"close-{PERIOD}" in artifacts


def test_nonsense_in_the_form_makes_no_run(served: ServedMachine) -> None:
    [month_end] = [one for one in served.ask("deployments/filter") if one["name"] == "month-end"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        served.ask(f"deployments/{month_end['id']}/create_flow_run", parameters={"period": "augusti"})
    assert 400 <= refused.value.code < 500


def test_two_runs_at_once_write_one_after_the_other(served: ServedMachine) -> None:
    lease = served.take_slot()
    runs = [served.begin_month_end(), served.begin_month_end()]
    served.wait_for(lambda: all(served.run_of(run)["state_type"] == "RUNNING" for run in runs))
    time.sleep(5)
    assert steps_of(served, runs) == [], "both wait for the slot that the test holds"
    kept = served.machine.home / "prefect" / "concurrency_leases"
    assert f"{lease}.json" in {file.name for file in kept.rglob("*.json")}, "on disk, whatever the database"
    served.give_slot_back(lease)
    assert [served.ended(run)["state_type"] for run in runs] == ["COMPLETED", "COMPLETED"]
    times = [[time for _, begun, ended in steps_of(served, [one]) for time in (begun, ended)] for one in runs]
    first, second = sorted(times, key=min)
    assert max(first) <= min(second), "no step of one while the other writes"


def steps_of(served: ServedMachine, runs: list[str]) -> list[tuple[str, str, str]]:
    found = served.ask("task_runs/filter", task_runs={"flow_run_id": {"any_": runs}})
    return [(one["flow_run_id"], one["start_time"], one["end_time"] or "9999") for one in found]


def test_postgresql_away_ends_what_serves_and_all_goes_on_when_it_is_back(served: ServedMachine) -> None:
    machine = served.machine
    lease = served.take_slot()
    under_way = served.begin_month_end()
    served.wait_for(lambda: served.run_of(under_way)["state_type"] == "RUNNING")
    serving = machine.started["bokslut-serve"]
    machine.cluster.stop()
    try:
        told = machine.run("bokslut", "doctor", "--offline").stdout
        assert re.search(r"wrong +prefect server +answers, but its database does not", told)
        refused = machine.run("bokslut", "close", PERIOD)
        assert refused.returncode == 3
        assert "answers, but its database does not" in refused.stderr
        assert serving.wait(timeout=WITHIN_SECONDS) == 3
        assert "or its database, has not answered for half a minute" in machine.said("bokslut-serve").read_text("utf-8")
    finally:
        machine.cluster.start()
    machine.wait_for_server()
    assert machine.started["bokslut-prefect"].poll() is None, "Prefect's server needs nobody to start it again"
    assert "Restart=on-failure" in (SERVICE / "bokslut-serve.service").read_text("utf-8")
    machine.start("bokslut-serve")
    with suppress(urllib.error.HTTPError):  # Its lease may have ended by itself.
        served.give_slot_back(lease)
    assert served.ended(under_way)["state_type"] in ("CRASHED", "FAILED"), "no run hangs for ever"
    assert served.ended(served.begin_month_end())["state_type"] == "COMPLETED"


def test_no_password_stands_anywhere_but_in_its_file(served: ServedMachine) -> None:
    machine = served.machine
    of_database = (machine.folder / "etc" / "pgpass").read_text("utf-8").strip().rpartition(":")[2]
    of_server = served.environment["PREFECT_API_AUTH_STRING"].partition(":")[2]
    assert len(of_database) == len(of_server) == 48
    assert (machine.folder / "etc" / "pgpass").stat().st_mode & 0o777 == 0o600
    assert (machine.folder / "etc" / "prefect.env").stat().st_mode & 0o777 == 0o640
    dumped = subprocess.run(
        machine.cluster.as_postgres("pg_dump", "prefect"),
        env=machine.cluster.environment(),
        capture_output=True,
        check=True,
        cwd="/",
    ).stdout
    assert b"close_period" in dumped
    settings = served._open(urllib.request.Request(f"{served.url}/admin/settings")).read()
    viewed = machine.run("prefect", "config", "view", "--show-secrets", unit="bokslut-prefect").stdout.encode()
    arguments = b"".join(
        Path(f"/proc/{pid}/cmdline").read_bytes()
        for process in (*machine.started.values(), machine.cluster.process)
        for pid in family_of(process.pid)
    )
    said = {path.name: path.read_bytes() for path in machine.folder.glob("*.journal")}
    kept = {path.name: path.read_bytes() for path in machine.home.rglob("*") if path.is_file()}
    places = {"dump": dumped, "settings": settings, "arguments": arguments, "log": machine.cluster.log.read_bytes()}
    for word in (of_database, of_server):
        holding = [name for name, text in {**said, **kept, **places}.items() if word.encode() in text]
        assert holding == [], "a password has been told"
    # Prefect shows its own password to whoever says --show-secrets and has it; the database's it never had.
    assert of_database.encode() not in viewed
    environments = [
        Path(f"/proc/{pid}/environ").read_bytes()
        for process in machine.started.values()
        for pid in family_of(process.pid)
    ]
    assert all(of_database.encode() not in environment for environment in environments)


def test_a_copy_is_restored_into_an_empty_database(served: ServedMachine) -> None:
    """As RUNBOOK.md says, `pg_dump --format=custom` and `pg_restore --dbname`, here beside the one in use."""
    cluster = served.machine.cluster
    cluster.query("create database another owner bokslut", "postgres")
    copy = "pg_dump --format=custom prefect | pg_restore --dbname=another"
    done = subprocess.run(
        cluster.as_postgres("sh", "-c", copy),
        env=cluster.environment(),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count = "select count(*) from flow_run where state_type = 'COMPLETED'"
    assert cluster.query(count, "another") == cluster.query(count)
