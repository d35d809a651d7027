"""Exports are fetched from a real server of every kind, whole, once, and without a trace at the source."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from flows.settings.places import Place
from flows.steps.pull import Pulled, pull
from flows.store.home import Home
from tests.close.places import servers

KINDS = ("folder", "sftp", "https", "s3", "webdav")
FIRST, SECOND = "kost_maltider_202108_20210903T0400.csv", "luckor_202108_20210903T0900.csv"


def place_of(**said: object) -> Place:
    return TypeAdapter(Place).validate_python({"still_seconds": 0.0, "first_wait_seconds": 0.01, "attempts": 2, **said})


@dataclass
class Source:
    """A served folder, and the place that fetches from it."""

    folder: Path
    place: Place
    put: Callable[[str, bytes], None]
    waits: list[float] = field(default_factory=list)

    def pull(self, home: Home, **how: object) -> Pulled:
        return pull(home, {"source": self.place}, wait=self.waits.append, **how)[0]  # type: ignore[arg-type]


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    folder = tmp_path / "source"
    folder.mkdir()

    def put(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)

    monkeypatch.setenv("SOURCE_SECRET", "a secret of the test")
    with ExitStack() as stack:
        yield _served(request.param, folder, tmp_path, put, stack)


def _served(kind: str, folder: Path, tmp_path: Path, put: Callable[[str, bytes], None], stack: ExitStack) -> Source:
    secret = {"env": "env:SOURCE_SECRET"}
    if kind == "folder":
        return Source(folder, place_of(kind=kind, path=folder), put)
    if kind == "sftp":
        server = stack.enter_context(servers.sshd(tmp_path / "sshd"))
        place = place_of(
            kind=kind,
            host="127.0.0.1",
            port=server.port,
            user=servers.this_user(),
            path=str(folder),
            key_file=server.key_file,
            host_key=server.host_key,
        )
        return Source(folder, place, put)
    if kind == "s3":
        # The service keeps its buckets for as long as this process lives.
        bucket = f"exports-{os.urandom(6).hex()}"
        endpoint = stack.enter_context(servers.s3(bucket))

        def put_object(name: str, content: bytes) -> None:
            servers.client(endpoint).put_object(Bucket=bucket, Key=f"out/{name}", Body=content)

        said = {"access_key": secret["env"], "secret_key": secret["env"], "endpoint": endpoint, "region": "us-east-1"}
        return Source(folder, place_of(kind=kind, bucket=bucket, prefix="out", **said), put_object)
    certificate = servers.tls(tmp_path / "tls")
    if kind == "https":
        url = stack.enter_context(servers.https(folder, certificate, "a secret of the test"))
        return Source(folder, place_of(kind=kind, url=url, token=secret["env"], ca_file=certificate.ca_file), put)
    url = stack.enter_context(servers.webdav(folder, certificate, "a secret of the test"))
    said = {"user": "export", "password": secret["env"], "ca_file": certificate.ca_file}
    return Source(folder, place_of(kind=kind, url=url, **said), put)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def contents(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((home.inbox / "source").rglob("*")) if path.is_file()}


def test_a_source_is_fetched_whole_and_once(source: Source, home: Home) -> None:
    source.put(FIRST, "period;åäö\n".encode())
    source.put(SECOND, os.urandom(300_000))
    source.put("notes.docx", b"not ours")
    source.put("heroma_franvaro_202108_20210903T0400.csv.part", b"half")
    pulled = source.pull(home)
    assert (pulled.failure, pulled.fetched, pulled.attempts) == (None, [FIRST, SECOND], 1)
    assert set(contents(home)) == {FIRST, SECOND}
    assert contents(home)[FIRST] == "period;åäö\n".encode()
    again = source.pull(home)
    assert (again.fetched, again.known) == ([], 2)


def test_another_content_under_the_same_name_is_fetched_and_the_first_is_kept(source: Source, home: Home) -> None:
    source.put(FIRST, b"first")
    source.pull(home)
    source.put(FIRST, b"another, longer")
    assert source.pull(home, now=lambda: datetime(2021, 9, 4, 1, 0)).fetched == [FIRST]
    kept = {path.read_bytes() for path in (home.inbox / "source").rglob(FIRST)}
    assert kept == {b"first", b"another, longer"}


def test_a_dry_run_fetches_nothing(source: Source, home: Home) -> None:
    source.put(FIRST, b"x")
    assert source.pull(home, dry_run=True).fetched == [FIRST]
    assert not (home.inbox / "source").exists()


def test_a_source_that_says_done_is_believed(source: Source, home: Home) -> None:
    source.place = source.place.model_copy(update={"finished": "done"})
    source.put(FIRST, b"x")
    assert source.pull(home).fetched == []
    source.put(f"{FIRST}.done", b"")
    assert source.pull(home).fetched == [FIRST]


def test_a_checksum_is_held_to(source: Source, home: Home) -> None:
    source.place = source.place.model_copy(update={"finished": "sha256"})
    source.put(FIRST, b"whole")
    source.put(SECOND, b"cut")
    source.put(f"{FIRST}.sha256", f"{hashlib.sha256(b'whole').hexdigest()}  {FIRST}\n".encode())
    source.put(f"{SECOND}.sha256", f"{hashlib.sha256(b'was longer').hexdigest()}  {SECOND}\n".encode())
    pulled = source.pull(home)
    assert pulled.fetched == [FIRST]
    assert pulled.failure == "sent a file that is not the one it listed"
    assert pulled.attempts == 2
    assert set(contents(home)) == {FIRST}


def test_a_source_without_its_folder_says_so(source: Source, home: Home) -> None:
    gone = {"folder": "path", "sftp": "path", "https": "url", "webdav": "url", "s3": "bucket"}[source.place.kind]
    before = getattr(source.place, gone)
    after = "gone-bucket" if gone == "bucket" else type(before)(f"{str(before).rstrip('/')}/gone")
    source.place = source.place.model_copy(update={gone: after})
    pulled = source.pull(home)
    assert (pulled.failure, pulled.attempts) == ("has no such folder", 1)
