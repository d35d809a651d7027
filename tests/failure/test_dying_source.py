"""A source that is killed in mid-transfer, and one that takes the call and never speaks: no part of a file, no hang."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.steps.pull import Pulled, pull
from flows.store.archive import sha256_of
from flows.store.home import Home
from tests.close.places import servers
from tests.close.places.test_pull import FIRST, place_of
from tests.failure.served import until

#: More than a connection's buffers hold: the transfer takes a while, and can be caught in the midst of it.
SIZE = 400_000_000
#: What a place that is silent may cost in all, on a machine five times slower than ours.
SILENT_AT_MOST_SECONDS = 60


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source with one large file."""
    made = tmp_path / "source"
    made.mkdir()
    with (made / FIRST).open("wb") as file:
        file.truncate(SIZE)
        file.seek(SIZE // 2)
        file.write(b"not only zeros")
    return made


def children(pid: int) -> list[int]:
    """The processes that a process began, and theirs."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += [int(status.parent.name), *children(int(status.parent.name))]
    return found


def killed_in_mid_transfer(home: Home, place: Any, kill: Callable[[], None]) -> Pulled:
    """Pull, and kill once part of the file has come."""
    came: list[Pulled] = []
    thread = threading.Thread(target=lambda: came.extend(pull(home, {"source": place}, wait=lambda _: None)))
    thread.start()
    arriving = home.inbox / "source" / f".arriving-{FIRST}"
    until("part of it has come", lambda: arriving.exists() and 0 < arriving.stat().st_size < SIZE, 60)
    kill()
    thread.join(120)
    assert not thread.is_alive()
    return came[0]


def is_not_there(home: Home) -> bool:
    return [path for path in (home.inbox / "source").iterdir() if path.is_file()] == []


def is_whole(home: Home, folder: Path) -> bool:
    return sha256_of((home.inbox / "source" / FIRST).read_bytes()) == sha256_of((folder / FIRST).read_bytes())


def test_an_ssh_server_killed_in_mid_transfer(home: Home, folder: Path, tmp_path: Path) -> None:
    with servers.sshd(tmp_path / "sshd") as server:
        place = place_of(
            kind="sftp",
            host="127.0.0.1",
            port=server.port,
            user=servers.this_user(),
            path=str(folder),
            key_file=server.key_file,
            host_key=server.host_key,
            attempts=1,
            timeout_seconds=20,
        )

        def kill() -> None:
            for pid in children(server.process.pid):
                os.kill(pid, signal.SIGKILL)

        cut = killed_in_mid_transfer(home, place, kill)
        assert (cut.fetched, cut.failure) == ([], "does not answer")
        assert is_not_there(home)
        assert pull(home, {"source": place}, wait=lambda _: None)[0].fetched == [FIRST]
        assert is_whole(home, folder)


_HTTPS = """
import ssl, sys, time
from pathlib import Path
from tests.close.places import servers
folder, tls_folder = map(Path, sys.argv[1:])
with servers.https(folder, servers.tls(tls_folder), "right") as url:
    print(url, flush=True)
    time.sleep(600)
"""


@contextmanager
def https_process(folder: Path, tls_folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HTTPS, str(folder), str(tls_folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def test_a_web_server_killed_in_mid_transfer(
    home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_SECRET", "right")
    usual = {"kind": "https", "token": "env:SOURCE_SECRET", "attempts": 1, "timeout_seconds": 20}
    with https_process(folder, tmp_path / "tls") as (process, url):
        place = place_of(**usual, url=url, ca_file=tmp_path / "tls" / "ca.pem")
        cut = killed_in_mid_transfer(home, place, process.kill)
    assert cut.fetched == []
    assert cut.failure in ("does not answer", "sent a file that is not the one it listed")
    assert is_not_there(home)
    with https_process(folder, tmp_path / "tls") as (process, url):
        place = place_of(**usual, url=url, ca_file=tmp_path / "tls" / "ca.pem")
        assert pull(home, {"source": place}, wait=lambda _: None)[0].fetched == [FIRST]
    assert is_whole(home, folder)


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes every call and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                held.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        for one in held:
            one.close()


@pytest.mark.parametrize("kind", ["sftp", "https", "webdav", "s3"])
def test_a_place_that_never_answers_holds_the_night_no_longer_than_its_timeout(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SOURCE_SECRET", "right")
    key = tmp_path / "own"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with silent() as port:
        said = {
            "sftp": {"host": "127.0.0.1", "port": port, "user": "u", "key_file": key},
            "https": {"url": f"https://127.0.0.1:{port}/"},
            "webdav": {"url": f"https://127.0.0.1:{port}/"},
            "s3": {
                "bucket": "exports",
                "endpoint": f"http://127.0.0.1:{port}",
                "access_key": "env:SOURCE_SECRET",
                "secret_key": "env:SOURCE_SECRET",
            },
        }[kind]
        if kind == "sftp":
            said["host_key"] = key.with_suffix(".pub").read_text().strip()
        place = place_of(kind=kind, attempts=2, timeout_seconds=2, **said)
        began = time.monotonic()
        [pulled] = pull(home, {"source": place}, wait=lambda _: None)
        assert (pulled.failure, pulled.attempts) == ("does not answer", 2)
        assert time.monotonic() - began < SILENT_AT_MOST_SECONDS
