"""A place that is down, wrong, hostile or half written: said, tried again where that helps; nothing else suffers."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.errors import Refusal
from flows.settings.places import Place
from flows.steps.pull import Pulled, pull
from flows.store.archive import archive
from flows.store.home import Home
from tests.close.places import servers
from tests.close.places.test_pull import FIRST, SECOND, place_of


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    made.mkdir()
    return made


def pull_one(home: Home, place: Place) -> Pulled:
    return pull(home, {"source": place}, wait=lambda _: None)[0]


def inbox(home: Home) -> set[str]:
    return {path.name for path in (home.inbox / "source").rglob("*") if path.is_file()}


def sftp(server: servers.Sshd, folder: Path, **said: object) -> Place:
    usual = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "user": servers.this_user(),
        "path": str(folder),
        "key_file": server.key_file,
        "host_key": server.host_key,
    }
    return place_of(**{**usual, **said})


def test_a_server_with_another_host_key_is_not_talked_to(home: Home, folder: Path, tmp_path: Path) -> None:
    (folder / FIRST).write_bytes(b"x")
    with servers.sshd(tmp_path / "one") as one, servers.sshd(tmp_path / "other") as other:
        pulled = pull_one(home, sftp(one, folder, host_key=other.host_key))
        assert (pulled.failure, pulled.attempts) == ("has another host key than the settings name", 1)
        stranger = pull_one(home, sftp(one, folder, key_file=other.key_file))
        assert (stranger.failure, stranger.attempts) == ("does not let us in", 1)
        assert inbox(home) == set()


def test_a_certificate_of_another_authority_is_not_trusted(
    home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_SECRET", "right")
    (folder / FIRST).write_bytes(b"x")
    certificate, other = servers.tls(tmp_path / "tls"), servers.tls(tmp_path / "other")
    with servers.https(folder, certificate, "right") as url:
        usual = {"kind": "https", "url": url, "token": "env:SOURCE_SECRET"}
        unknown = pull_one(home, place_of(**usual, ca_file=other.ca_file))
        assert (unknown.failure, unknown.attempts) == ("has a certificate that is not trusted", 1)
        monkeypatch.setenv("SOURCE_SECRET", "wrong")
        refused = pull_one(home, place_of(**usual, ca_file=certificate.ca_file))
        assert (refused.failure, refused.attempts) == ("does not let us in", 1)
        assert "wrong" not in f"{refused}"


def test_a_server_in_trouble_is_asked_again_and_one_that_is_gone_is_given_up(
    home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_SECRET", "right")
    (folder / FIRST).write_bytes(b"x")
    certificate = servers.tls(tmp_path / "tls")
    with servers.https(folder, certificate, "right", failures=2) as url:
        usual = {"kind": "https", "url": url, "token": "env:SOURCE_SECRET", "ca_file": certificate.ca_file}
        pulled = pull_one(home, place_of(**usual, attempts=3))
        assert (pulled.failure, pulled.attempts, pulled.fetched) == (None, 3, [FIRST])
    waits: list[float] = []
    gone = pull(home, {"source": place_of(**usual, attempts=4)}, wait=waits.append)[0]
    assert (gone.failure, gone.attempts, len(waits)) == ("does not answer", 4, 3)


def test_a_place_that_is_down_stops_no_other(home: Home, folder: Path, tmp_path: Path) -> None:
    (folder / FIRST).write_bytes(b"x")
    down = place_of(kind="https", url=f"https://127.0.0.1:{servers.free_port()}/", attempts=1)
    told: list[str] = []
    first, second = pull(
        home, {"down": down, "up": place_of(kind="folder", path=folder)}, progress=told.append, wait=lambda _: None
    )
    assert (first.place, first.failure) == ("down", "does not answer")
    assert (second.place, second.fetched) == ("up", [FIRST])
    assert any(line.startswith("down does not answer.") for line in told)


@contextmanager
def _cuts_the_line(whole: bytes) -> Iterator[int]:
    """A server that promises `whole` and hangs up in the middle of it, whatever it is asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                asked = connection.recv(65536).split(b" ")
                head = (
                    f"HTTP/1.1 200 OK\r\nContent-Length: {len(whole)}\r\nETag: x\r\nConnection: close\r\n\r\n".encode()
                )
                connection.sendall(head if asked[0] == b"HEAD" else head + whole[: len(whole) // 2])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        stop.set()
        listener.close()
        thread.join(10)


def test_a_transfer_that_is_cut_leaves_nothing_in_the_inbox(home: Home, tmp_path: Path) -> None:
    from flows.sources.places.fetching import fetch
    from flows.sources.places.filesystem import OpenPlace
    from flows.sources.places.listing import PlaceFile

    with _cuts_the_line(b"x" * 100_000) as port:
        from fsspec.implementations.http import HTTPFileSystem

        url = f"http://127.0.0.1:{port}/"
        opened = OpenPlace(HTTPFileSystem(skip_instance_cache=True), url)
        with pytest.raises(Exception) as cut:
            fetch(opened, PlaceFile(FIRST, f"{url}{FIRST}", 100_000, "x"), tmp_path / "arriving", 1, False)
    from flows.sources.places.failures import failure_of

    assert failure_of(cut.value).may_pass
    assert inbox(home) == set()


def test_what_a_crash_left_on_its_way_is_removed(home: Home, folder: Path) -> None:
    (folder / FIRST).write_bytes(b"whole")
    (home.inbox / "source").mkdir()
    (home.inbox / "source" / f".arriving-{FIRST}").write_bytes(b"ha")
    assert pull_one(home, place_of(kind="folder", path=folder)).fetched == [FIRST]
    assert inbox(home) == {FIRST}


def test_a_file_that_grows_waits_for_the_next_run(home: Home, folder: Path) -> None:
    (folder / FIRST).write_bytes(b"beginning")
    (folder / SECOND).write_bytes(b"whole")
    place = place_of(kind="folder", path=folder, still_seconds=3)

    def meanwhile(seconds: float) -> None:
        assert seconds == 3
        (folder / FIRST).write_bytes(b"beginning and more")

    pulled = pull(home, {"source": place}, wait=meanwhile)[0]
    assert (pulled.fetched, pulled.waiting) == ([SECOND], [FIRST])
    assert pull_one(home, place).fetched == [FIRST]


def test_names_and_links_that_lead_elsewhere_are_left_alone(home: Home, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "person.key"
    outside.write_bytes(b"a key")
    (folder / FIRST).symlink_to(outside)
    (folder / "luckor_202108_20210903T0900\n2021-09-03 forged line.csv").write_bytes(b"x")
    (folder / f"{'l' * 240}.csv").write_bytes(b"x")
    (folder / SECOND).write_bytes(b"whole")
    (folder / "sub").mkdir()
    (folder / "sub" / FIRST).write_bytes(b"deeper")
    pulled = pull_one(home, place_of(kind="folder", path=folder))
    assert (pulled.fetched, pulled.unusable_names) == ([SECOND], 2)
    assert inbox(home) == {SECOND}


def test_a_page_that_links_out_of_its_folder_gives_nothing(
    home: Home, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_SECRET", "right")
    certificate = servers.tls(tmp_path / "tls")
    (folder / SECOND).write_bytes(b"whole")
    names = (f"../{FIRST}", f"%2e%2e%2f{FIRST}", f"https://127.0.0.1:1/{FIRST}", f"sub/{FIRST}", f"x?y={FIRST}", SECOND)
    (folder / "index.html").write_text("".join(f'<a href="{name}">x</a>' for name in names))
    with servers.https(folder, certificate, "right") as url:
        place = place_of(kind="https", url=url, token="env:SOURCE_SECRET", ca_file=certificate.ca_file)
        pulled = pull_one(home, place)
    assert pulled.fetched == [SECOND]
    assert inbox(home) == {SECOND}


def test_a_file_above_the_limit_stays_where_it_is(home: Home, folder: Path) -> None:
    (folder / FIRST).write_bytes(b"x" * 1_000_001)
    (folder / SECOND).write_bytes(b"whole")
    pulled = pull_one(home, place_of(kind="folder", path=folder, largest_megabytes=1))
    assert (pulled.fetched, pulled.too_large) == ([SECOND], [FIRST])


def test_a_broken_memory_fetches_again_and_the_archive_knows_the_bytes(home: Home, folder: Path) -> None:
    (folder / FIRST).write_bytes(b"whole")
    place = place_of(kind="folder", path=folder)
    pull_one(home, place)
    archive(home.archive, b"whole")
    (home.inbox / "source" / FIRST).unlink()
    os.utime(folder / FIRST, (1, 1))
    assert pull_one(home, place).fetched == []
    (home.pulled / "source.json").write_text("{broken")
    assert pull_one(home, place).fetched == [FIRST]


def test_what_is_fetched_is_the_owners_alone_whatever_the_umask(home: Home, folder: Path) -> None:
    (folder / FIRST).write_bytes(b"whole")
    before = os.umask(0)
    try:
        pull_one(home, place_of(kind="folder", path=folder))
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in (home.inbox / "source").iterdir()} == {"0o600"}
    assert oct((home.inbox / "source").stat().st_mode & 0o777) == "0o700"
    assert oct((home.pulled / "source.json").stat().st_mode & 0o777) == "0o600"


def test_a_place_that_is_none_is_refused(home: Home, folder: Path) -> None:
    with pytest.raises(Refusal, match="There is no place 'herma'"):
        pull(home, {"heroma": place_of(kind="folder", path=folder)}, ["herma"])
    with pytest.raises(Refusal, match="No place to fetch from is declared"):
        pull(home, {})
