"""`bokslut serve` with a Prefect server of its own, as a person starts it, and how to ask that server."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.close.places.servers import free_port
from tests.conftest import BOKSLUT, Organisation, clean_environment

_STARTED_WITHIN_SECONDS = 240


@dataclass(frozen=True)
class ServedHouse:
    """A running `bokslut serve`, its port, and what it has said so far."""

    organisation: Organisation
    port: int
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def password(self) -> str:
        return (self.organisation.home / "prefect" / "password").read_text("utf-8").strip()

    def request(
        self, path: str, method: str = "GET", body: bytes | None = None, let_in: bool = True, **headers: str
    ) -> urllib.request.Request:
        """A question as anybody may put it; `let_in`: with the password."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if let_in:
            named["Authorization"] = f"Basic {base64.b64encode(self.password.encode()).decode()}"
        return urllib.request.Request(f"{self.api}/{path}", body, named, method=method)

    def ask(self, path: str, **question: Any) -> Any:
        """POST a question as Prefect's own client does, with the token that is good against other pages."""
        token = json.load(urllib.request.urlopen(self.request("csrf-token?client=test"), timeout=30))["token"]
        headers = {"Content_Type": "application/json", "Prefect_Csrf_Token": token, "Prefect_Csrf_Client": "test"}
        request = self.request(path, "POST", json.dumps(question).encode(), **headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def served_house(organisation: Organisation, said: Path, **more: str) -> Iterator[ServedHouse]:
    """Start it on a free port; it ends as a person ends it."""
    port = free_port()
    with said.open("wb") as out:
        process = subprocess.Popen(
            [str(BOKSLUT), "serve", "--port", str(port)],
            env=environment_of(organisation, more),
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=said.parent,
        )
    house = ServedHouse(organisation, port, process, said)
    try:
        wait_until(lambda: "Stop with Ctrl-C" in said.read_text("utf-8"), house, _STARTED_WITHIN_SECONDS)
        wait_until(lambda: len(house.ask("deployments/filter")) == 3, house, _STARTED_WITHIN_SECONDS)
        yield house
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment_of(organisation: Organisation, more: Mapping[str, str]) -> dict[str, str]:
    """What a person's shell gives the command."""
    return {**clean_environment(), **organisation.environment(), **more}


def wait_until(is_so: Any, house: ServedHouse, seconds: float) -> None:
    """Wait for it while the house stands."""
    until = time.monotonic() + seconds
    while not is_so():
        assert house.process.poll() is None, house.said.read_text("utf-8")[-3000:]
        assert time.monotonic() < until, house.said.read_text("utf-8")[-3000:]
        time.sleep(0.5)
