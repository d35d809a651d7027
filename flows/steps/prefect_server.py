"""A Prefect server of our own, on this machine alone, for whoever has none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Refusal

_HOST, _PORT = "127.0.0.1", 4200
#: A cold start takes half a minute on a slow machine.
_STARTS_WITHIN_SECONDS = 120
_STOPS_WITHIN_SECONDS = 20


@contextmanager
def own_server(folder: Path, progress: Callable[[str], None], port: int = _PORT) -> Iterator[str]:
    """Run a server with its database in `folder`, the owner's alone; yields its API. Raises Refusal."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    api = f"http://{_HOST}:{port}/api"
    if _answers(api):
        raise Refusal(
            f"Something answers at {api} already.",
            f"If it is the Prefect server to use, set PREFECT_API_URL={api}; else stop it.",
        )
    ours = {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # In memory, a slot's lease would be forgotten with a server that dies, and the slot held for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }
    log = (folder / "server.log").open("a")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port)],
        env={**os.environ, **ours},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        progress(f"Starting a Prefect server at http://{_HOST}:{port} (its log: {folder / 'server.log'}).")
        _wait(api, server, folder)
        yield api
    finally:
        server.terminate()
        try:
            server.wait(_STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _wait(api: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not _answers(api):
        if server.poll() is not None or time.monotonic() > until:
            raise Refusal("The Prefect server does not start.", f"See {folder / 'server.log'}.")
        time.sleep(0.5)


def _answers(api: str) -> bool:
    try:
        urllib.request.urlopen(f"{api}/health", timeout=2).close()
    except (OSError, ValueError):
        return False
    return True
