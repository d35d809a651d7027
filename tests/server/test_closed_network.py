"""With every way out closed but loopback, a close and a served night work, and nothing is tried beyond it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BOKSLUT, PERIOD, Organisation, clean_environment
from tests.server.closed_network import ClosedNetwork, closed_network, why_not
from tests.server.machine import PROJECT

pytestmark = pytest.mark.skipif(why_not() is not None, reason=f"NOT VERIFIED: {why_not()}.")

#: By these Prefect and others know a build machine, and hold their tongues: a served house has none of them.
_BUILD_MACHINE = (
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "JENKINS_URL",
    "BUILDKITE",
    "PYTEST_CURRENT_TEST",
    "DO_NOT_TRACK",
)
PREFECT = BOKSLUT.parent / "prefect"
WITHIN_SECONDS = 300


@dataclass
class ClosedHouse:
    """An organisation within the closed network, and the commands of its people."""

    network: ClosedNetwork
    organisation: Organisation
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in clean_environment().items() if name not in _BUILD_MACHINE}
        own = {"HOME": str(self.organisation.state), "TERM": "xterm"}
        return {**kept, **self.organisation.environment(), **own, **self.more}

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """As a script runs it."""
        return self.network.run(*words, environment=self.environment)

    def type(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """As a person runs it, in a terminal: some programs speak to their makers only then."""
        return self.run("script", "--quiet", "--return", "--command", " ".join(map(str, words)), "/dev/null")

    def start(self, *words: str | Path, **how: Any) -> subprocess.Popen[str]:
        environment = self.network.environment(self.environment)
        if "PYTHONPATH" in how:
            environment["PYTHONPATH"] += f":{how.pop('PYTHONPATH')}"
        return subprocess.Popen(self.network.command(*words), env=environment, text=True, **how)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosedHouse]:
    folder = tmp_path_factory.mktemp("closed_network")
    organisation = Organisation(folder / "home", folder / "exports", folder / "state")
    organisation.state.mkdir()
    with closed_network(folder / "network") as network:
        yield ClosedHouse(network, organisation)


@pytest.fixture(scope="module")
def closed_house(house: ClosedHouse) -> ClosedHouse:
    """The demo written and closed within."""
    before = house.network.seen()
    exports = house.organisation.exports
    assert house.run(BOKSLUT, "demo", "--to", exports).returncode == 0
    done = house.type(BOKSLUT, "close", PERIOD, "--from", exports)
    assert done.returncode == 0, done.stdout
    assert f"{PERIOD} version 1" in done.stdout
    assert house.network.seen() == before, "the demo or the close tried to reach out"
    return house


REACHING_OUT = {
    "a name": "import urllib.request as request; request.urlopen('http://elsewhere.example', timeout=1)",
    "an address": "import socket; socket.create_connection(('192.0.2.7', 80), timeout=1)",
    "an address by UDP": "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'x', ('192.0.2.7', 9))",
    "where clouds keep keys": "import socket; socket.create_connection(('169.254.169.254', 80), timeout=1)",
    "an address of IPv6": "import socket; socket.create_connection(('2001:db8:1::7', 80), timeout=1)",
}


def witnesses_of(network: ClosedNetwork, *words: str) -> set[str]:
    network.run(*words, environment={"PATH": os.environ["PATH"]})
    until = time.monotonic() + 30
    while not network.seen() and time.monotonic() < until:
        time.sleep(0.1)
    return {line.split()[0] for line in network.seen()}


@pytest.mark.parametrize("way", REACHING_OUT)
def test_both_witnesses_see_what_python_tries(tmp_path: Path, way: str) -> None:
    with closed_network(tmp_path) as network:
        assert network.seen() == []
        assert witnesses_of(network, sys.executable, "-c", REACHING_OUT[way]) == {"packet", "attempt"}


def test_packets_of_other_programs_are_seen(tmp_path: Path) -> None:
    with closed_network(tmp_path) as network:
        assert witnesses_of(network, "getent", "hosts", "elsewhere.example") == {"packet"}
        assert all("asking for elsewhere.example" in line for line in network.seen())


def test_prefects_command_in_a_terminal_would_speak_to_its_makers_but_for_our_environment(house: ClosedHouse) -> None:
    """The way out that there is: known, seen, and shut by DO_NOT_TRACK in `bokslut.env`, the Makefile and the flows."""
    before = len(house.network.seen())
    lines = (PROJECT / "warehouse" / "service" / "bokslut.env").read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    told = {name: value for name, value in said.items() if name in ("DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED")}
    shut = ClosedHouse(house.network, house.organisation, {**told, "PREFECT_HOME": str(house.organisation.state / "a")})
    assert shut.type(PREFECT, "version").returncode == 0
    assert len(house.network.seen()) == before
    with closed_network(house.organisation.state / "network") as another:
        open_ = ClosedHouse(another, house.organisation, {"PREFECT_HOME": str(house.organisation.state / "b")})
        assert open_.type(PREFECT, "version").returncode == 0
        assert any("amplitude" in line for line in another.seen()), "without it Prefect speaks, and is seen"


def test_a_close_tries_nothing_outside(closed_house: ClosedHouse) -> None:
    again = closed_house.type(BOKSLUT, "close", PERIOD, "--from", closed_house.organisation.exports)
    assert again.returncode == 0, again.stdout
    assert "Nothing changed" in again.stdout
    assert closed_house.network.seen() == []


@pytest.fixture(scope="module")
def neighbours(closed_house: ClosedHouse) -> Iterator[dict[str, Any]]:
    """A mail server, a dead-man's switch and a bucket within the network, and a home that is to use them."""
    home = closed_house.organisation.home
    folder = home.parent / "neighbours"
    folder.mkdir()
    # `closed_network` keeps Python's own path for its witness; the neighbours are of this checkout.
    process = closed_house.start(
        *(sys.executable, "-m", "tests.server.neighbours", folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        PYTHONPATH=str(PROJECT),
    )
    try:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        yield {**where, "folder": folder}
    finally:
        process.communicate("", timeout=60)


def settle(house: ClosedHouse, neighbours: Mapping[str, Any]) -> Path:
    """Settings with a folder, a bucket and a bucket without keys, a receiver and a switch; the folder."""
    home, source = house.organisation.home, neighbours["folder"] / "source"
    source.mkdir()
    secrets = {
        "to": f"mailto://127.0.0.1:{neighbours['mail']}?from=bokslut@example.se&to=controller@example.se&mode=insecure",
        "heartbeat": f"http://127.0.0.1:{neighbours['switch']}/alive",
        "key": "a key",
    }
    for name, value in secrets.items():
        (neighbours["folder"] / name).write_text(value, "utf-8")
        (neighbours["folder"] / name).chmod(0o600)
    kept = {name: f"file:{neighbours['folder'] / name}" for name in (*secrets, "no-such-key")}
    (home / "settings.toml").write_text(
        f"""
[places.folder]
kind = "folder"
path = "{source}"
still_seconds = 0

[places.bucket]
kind = "s3"
bucket = "exports"
endpoint = "{neighbours["bucket"]}"
access_key = "{kept["key"]}"
secret_key = "{kept["key"]}"

[places.bucket_without_keys]
kind = "s3"
bucket = "exports"
access_key = "{kept["no-such-key"]}"
secret_key = "{kept["no-such-key"]}"

[messages]
to = ["{kept["to"]}"]
heartbeat = "{kept["heartbeat"]}"
""",
        "utf-8",
    )
    return source


def test_a_served_night_and_morning_try_nothing_outside(
    closed_house: ClosedHouse, neighbours: Mapping[str, Any]
) -> None:
    home, folder = closed_house.organisation.home, neighbours["folder"]
    source = settle(closed_house, neighbours)
    # What is new about the closed month: the register of gaps, taken out later.
    [gaps] = closed_house.organisation.exports.rglob("luckor_202108_*.csv")
    (source / "luckor_202108_20210930T0700.csv").write_bytes(gaps.read_bytes().replace(b"2021-11-30", b"2021-12-01"))

    examined = closed_house.type(BOKSLUT, "doctor")
    assert "place folder" in examined.stdout
    pulled = closed_house.run(BOKSLUT, "pull", "--dry-run")
    assert "bucket_without_keys" in pulled.stdout
    assert closed_house.run(BOKSLUT, "message").returncode == 0
    assert len(list(folder.glob("letter-*"))) == 1

    said = folder / "serve.txt"
    with said.open("w", encoding="utf-8") as out:
        serving = closed_house.start(BOKSLUT, "serve", stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + WITHIN_SECONDS
        while "Stop with Ctrl-C" not in said.read_text("utf-8"):
            assert serving.poll() is None, said.read_text("utf-8")
            assert time.monotonic() < until, said.read_text("utf-8")
            time.sleep(0.5)
        closed_house.more = {
            "PREFECT_API_URL": "http://127.0.0.1:4200/api",
            "PREFECT_API_AUTH_STRING": (home / "prefect" / "password").read_text("utf-8").strip(),
            "PREFECT_HOME": str(closed_house.organisation.state / "client"),
            "DO_NOT_TRACK": "1",
        }
        night = run_deployment(closed_house, "nightly/nightly")
        # The newest month has no exports in the demo and bars itself; the closed one is closed anew, for what came.
        assert "Flow run finished" in night.stdout, night.stdout + night.stderr
        assert "close 2021-08" in said.read_text("utf-8")
        morning = run_deployment(closed_house, "morning/morning")
        assert "'Completed'" in morning.stdout, morning.stdout + morning.stderr
        assert closed_house.run(PREFECT, "deployment", "inspect", "close_period/month-end").returncode == 0
        listening = closed_house.run("ss", "--listening", "--tcp", "--udp", "--numeric", "--no-header").stdout
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(timeout=120)
        closed_house.more = {}
    assert (home / "published.duckdb").resolve().name == "bokslut-2.duckdb", said.read_text("utf-8")[-3000:]
    assert len(list(folder.glob("letter-*"))) >= 2, "the night's or the morning's letter"
    assert (folder / "beats").read_text("utf-8").splitlines() == ["/alive"]
    local = {line.split()[4] for line in listening.splitlines()}
    assert local, "what listens was looked for"
    assert {address.rpartition(":")[0] for address in local} == {"127.0.0.1"}
    assert closed_house.network.seen() == []


def run_deployment(house: ClosedHouse, name: str) -> subprocess.CompletedProcess[str]:
    """By Prefect's own command, until the run has ended; again while the deployment is not there yet."""
    until = time.monotonic() + WITHIN_SECONDS
    while True:
        done = house.run(PREFECT, "deployment", "run", name, "--watch")
        if "not found" not in done.stdout + done.stderr or time.monotonic() > until:
            return done
        time.sleep(2)
