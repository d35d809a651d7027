"""A Prefect server of our own, on this machine alone, for whoever has none; and whether a server lets us in."""

from __future__ import annotations

import base64
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from flows.errors import Refusal
from flows.steps.prefect_database import set_aside_if_damaged

_HOST = "127.0.0.1"
OWN_PORT = 4200
#: A cold start takes half a minute on a slow machine.
_STARTS_WITHIN_SECONDS = 120
_STOPS_WITHIN_SECONDS = 20
#: Linux's prctl: send me this signal when the process that began me is gone.
_SIGNAL_WHEN_PARENT_DIES = 1


class Answer(StrEnum):
    """What a server says to whoever knocks with what the environment knows."""

    WELCOME = "answers"
    SHUT_OUT = "asks for a password"
    WITHOUT_DATABASE = "answers, but its database does not"
    SILENT = "does not answer"


def knock(api: str) -> Answer:
    """Ask a server for its version, as Prefect's client would: with PREFECT_API_AUTH_STRING, or PREFECT_API_KEY."""
    headers = {}
    if password := os.environ.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(password.encode()).decode()}"
    elif key := os.environ.get("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    for path in ("admin/version", "ready"):
        try:
            question = urllib.request.Request(f"{api.rstrip('/')}/{path}", headers=headers)
            urllib.request.urlopen(question, timeout=10).close()
        except urllib.error.HTTPError as error:
            if error.code in (401, 403):
                return Answer.SHUT_OUT
            if error.code == 503:
                return Answer.WITHOUT_DATABASE
            # Whatever else it says, it is there: what is wrong is told by the flow itself.
        except (OSError, ValueError):
            return Answer.SILENT
    return Answer.WELCOME


@contextmanager
def own_server(folder: Path, progress: Callable[[str], None], port: int = OWN_PORT) -> Iterator[Mapping[str, str]]:
    """Run a server with its database in `folder`, the owner's alone; yields what its clients' environment must say.

    Raises Refusal.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_taken(port)
    if aside := set_aside_if_damaged(folder, datetime.now()):
        progress(f"Prefect's database was damaged: it lies in {aside}, and a new one is begun. No figure is lost.")
    password = _password(folder / "password")
    api = f"http://{_HOST}:{port}/api"
    log = (folder / "server.log").open("a")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port)],
        env={**os.environ, **_settings(folder, port, password)},
        stdout=log,
        stderr=subprocess.STDOUT,
        preexec_fn=_end_with_parent(),
    )
    try:
        progress(f"Starting a Prefect server at http://{_HOST}:{port} (its log: {folder / 'server.log'}).")
        _wait(api, server, folder)
        progress(f"Its page asks for a password: the line in {folder / 'password'}.")
        yield {"PREFECT_API_URL": api, "PREFECT_API_AUTH_STRING": password}
    finally:
        server.terminate()
        try:
            server.wait(_STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _end_with_parent() -> Callable[[], None] | None:
    """For the new process: to end with `bokslut serve` however that ends, so that the port is free for the next."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # Looked up here: between fork and exec nothing is to be loaded.
    return lambda: prctl(_SIGNAL_WHEN_PARENT_DIES, signal.SIGTERM)


def _settings(folder: Path, port: int, password: str) -> dict[str, str]:
    """The server's environment; `warehouse/service/` says the same to the units and the containers."""
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # In memory, a slot's lease would be forgotten with a server that dies, and the slot held for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # Whoever may write to the server may have it run commands as us: not this machine's other users, and no page
        # that somebody happens to have open in a browser, whatever name it gives to this machine.
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{_HOST}:{port},http://localhost:{port}",
        "PREFECT_UI_API_URL": f"http://{_HOST}:{port}/api",
        # At its most talkative it logs the password that clients bring.
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # Of Prefect's two pages the newer one asks a company's server what it may record of whoever reads it, and no
        # setting keeps it from that.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_UI_STATIC_DIRECTORY": str(_place_of_page(folder / "ui")),
    }


def _place_of_page(folder: Path) -> Path:
    """Where Prefect unpacks its page. The newer one finds its place taken, and is neither there nor offered."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        (folder / "v2").symlink_to("switched-off")
    return folder


def _password(file: Path) -> str:
    """The server's password, made the first time; the file is the owner's alone, and copied into no log or argument."""
    with suppress(FileExistsError), os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as made:
        made.write(f"bokslut:{secrets.token_urlsafe(24)}\n")
    return file.read_text("utf-8").strip()


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # As the server itself does: what a server that has just stopped left behind is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise Refusal(
                f"Port {port} of this machine is taken.",
                "Choose another with `bokslut serve --port`; where a Prefect server to use answers there, set"
                f" PREFECT_API_URL=http://{_HOST}:{port}/api instead.",
            ) from None


def _wait(api: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not _is_healthy(api):
        if server.poll() is not None or time.monotonic() > until:
            raise Refusal("The Prefect server does not start.", f"See {folder / 'server.log'}.")
        time.sleep(0.5)


def _is_healthy(api: str) -> bool:
    try:
        urllib.request.urlopen(f"{api}/health", timeout=2).close()
    except (OSError, ValueError):
        return False
    return True
