"""A real Prefect server on loopback, with a home of its own."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: A cold start takes half a minute on a slow machine.
STARTED_WITHIN_SECONDS = 90


class PrefectServer:
    """A running server's API."""

    def __init__(self, url: str, environment: dict[str, str], process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self.environment = environment
        self.process = process

    def ask(self, path: str, **question: Any) -> Any:
        """POST a question (a filter) and return the answer."""
        heads = {"Content-Type": "application/json"}
        if (user := self.environment.get("PREFECT_API_AUTH_STRING")) is not None:
            heads["Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(question).encode(), heads)
        for seconds in (1, 3, 9, 27):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                # SQLite is written by one at a time: the server says so under load, and means later.
                if error.code != 503:
                    raise
                time.sleep(seconds)
        raise AssertionError(f"the server has no time for {path}")


@contextmanager
def running(folder: Path, port: int = 0, **more: str) -> Iterator[PrefectServer]:
    """Start a server with its database in `folder`, and more of Prefect's settings, also for its clients.

    It listens where it is told, or at a free port. It is stopped by its pid."""
    port = port or free_port()
    settings = {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        **more,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | settings
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}/api"
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(url, server, folder / "server.log")
            yield PrefectServer(url, {**settings, "PREFECT_API_URL": url}, server)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError(f"no server within {STARTED_WITHIN_SECONDS} s: {log.read_text()[-2000:]}")
