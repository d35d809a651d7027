"""The Prefect server that `bokslut serve` starts: who reaches it, whom it lets in, and where its password stands."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BOKSLUT, Organisation
from tests.server.served_house import ServedHouse, environment_of, served_house

ELSEWHERE = "http://elsewhere.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHouse]:
    folder = tmp_path_factory.mktemp("house")
    with served_house(Organisation(folder / "home", folder / "exports", folder / "state"), folder / "said") as house:
        yield house


def code_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def family_of(pid: int) -> list[int]:
    """A process and all that it began, now."""
    children = [
        int(child)
        for tasks in Path(f"/proc/{pid}/task").glob("*/children")
        for child in tasks.read_text("ascii").split()
    ]
    return [pid, *(one for child in children for one in family_of(child))]


def listened_at(pid: int) -> set[str]:
    """The addresses at which a process waits for others, as the kernel has them."""
    open_files = (str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir())
    sockets = {name[len("socket:[") : -1] for name in open_files if name.startswith("socket:[")}
    rows = [
        line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()
    ]
    listening = "0A"
    return {row[1].split(":")[0] for row in rows if row[3] == listening and row[9] in sockets}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="NOT VERIFIED: only Linux tells where others listen.")
def test_it_is_reached_from_this_machine_alone(house: ServedHouse) -> None:
    loopback = "0100007F"
    assert set().union(*(listened_at(pid) for pid in family_of(house.process.pid))) == {loopback}


@pytest.mark.parametrize("path", ["deployments/filter", "flow_runs/filter", "admin/settings", "csrf-token?client=x"])
def test_without_the_password_nobody_learns_or_does_anything(house: ServedHouse, path: str) -> None:
    method = "POST" if path.endswith("filter") else "GET"
    assert code_of(house.request(path, method, b"{}", let_in=False, Content_Type="application/json")) in (401, 403)
    # Nor where another name was given to this machine, as a page does whose name is turned to 127.0.0.1.
    assert code_of(house.request(path, let_in=False, Host="elsewhere.example")) in (401, 405)


def test_a_page_from_elsewhere_may_neither_ask_nor_do(house: ServedHouse) -> None:
    asked = {"Origin": ELSEWHERE, "Access_Control_Request_Method": "POST"}
    assert code_of(house.request("flows/", "OPTIONS", let_in=False, **asked)) == 400
    with urllib.request.urlopen(house.request("admin/version", Origin=ELSEWHERE), timeout=30) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None
    # What a browser sends without asking first is refused even with the password, for want of the token.
    assert code_of(house.request("flows/", "POST", b'{"name": "planted"}', Origin=ELSEWHERE)) == 403
    assert not [flow for flow in house.ask("flows/filter") if flow["name"] == "planted"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_its_own_page_may(house: ServedHouse, name: str) -> None:
    origin = f"http://{name}:{house.port}"
    with urllib.request.urlopen(house.request("admin/version", Origin=origin), timeout=30) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == origin
    with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/ui-settings", timeout=30) as answer:
        told = json.load(answer)
    assert (told["auth"], told["csrf_enabled"], told["api_url"]) == ("BASIC", True, house.api)


def test_its_password_stands_in_its_file_alone(house: ServedHouse) -> None:
    word = house.password.partition(":")[2]
    assert len(word) >= 32
    file = house.organisation.home / "prefect" / "password"
    assert file.stat().st_mode & 0o777 == 0o600
    holding = [
        path.name for path in house.said.parent.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    ]
    assert holding == ["password"]
    arguments = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family_of(house.process.pid))
    assert b"prefect" in arguments
    assert word.encode() not in arguments
    with urllib.request.urlopen(house.request("admin/settings"), timeout=30) as answer:
        assert word.encode() not in answer.read()


def test_a_command_is_let_in_with_the_password_and_told_so_without(house: ServedHouse) -> None:
    without = {"PREFECT_API_URL": house.api, "PREFECT_HOME": str(house.said.parent / "client")}
    shut_out = house.organisation.bokslut("close", "2021-08", **without)
    assert shut_out.returncode == 3
    assert "does not let us in. Set PREFECT_API_AUTH_STRING" in shut_out.stderr
    assert "wrong  prefect server" in house.organisation.bokslut("doctor", "--offline", **without).stdout
    let_in = house.organisation.bokslut("doctor", "--offline", **without, PREFECT_API_AUTH_STRING=house.password)
    assert "prefect server      answers" in let_in.stdout


def serve(organisation: Organisation, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BOKSLUT), "serve", *words],
        env=environment_of(organisation, more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_port_that_is_taken_is_refused_in_a_sentence(house: ServedHouse, tmp_path: Path) -> None:
    another = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    refused = serve(another, "--port", str(house.port))
    assert (refused.returncode, refused.stdout) == (3, "")
    assert f"Port {house.port} of this machine is taken. Choose another with `bokslut serve --port`" in refused.stderr


def test_a_port_is_our_own_servers_alone(house: ServedHouse, tmp_path: Path) -> None:
    another = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    refused = serve(another, "--port", "4201", PREFECT_API_URL=house.api)
    assert refused.returncode == 2
    assert "Leave --port out" in refused.stderr
