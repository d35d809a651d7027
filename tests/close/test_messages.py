"""Messages that really leave: over SMTP and HTTP on loopback, of a home that was really closed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from flows.errors import Refusal
from flows.notices.message import Message
from flows.notices.sending import beat, send
from tests.close.places.servers import free_port
from tests.conftest import Organisation


@dataclass
class Mailbox:
    """A mail server's handler that keeps what it is given."""

    received: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A real SMTP server, and the address of it as Apprise writes one."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield box, f"mailto://127.0.0.1:{server.port}?from=bokslut@example.se&to=controller@example.se&mode=insecure"
    finally:
        server.stop()


@contextmanager
def listening(status: int) -> Iterator[tuple[list[str], str]]:
    """A web server that answers one status; yields the paths asked for, and its address."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield asked, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_the_morning_of_a_closed_home_arrives_as_mail(
    closed: Organisation, mailbox: tuple[Mailbox, str], tmp_path: Path
) -> None:
    box, address = mailbox
    organisation = closed.copied_to(tmp_path)
    settings = organisation.home / "settings.toml"
    settings.write_text('[messages]\nto = ["env:THE_MAIL"]\nclose_workday = 5\n', "utf-8")
    sent = organisation.bokslut("message", "2021-08", THE_MAIL=address)
    assert sent.returncode == 0, sent.stderr
    assert "Sent to 1 of 1 receivers." in sent.stderr
    (mail,) = box.received
    assert str(mail["subject"]).startswith("bokslut 2021-08: ")
    body = mail.get_body(("plain", "html")).get_content()  # type: ignore[union-attr]
    assert "läget inför bokslutet av augusti 2021" in body
    assert "Kända luckor" in body
    assert "Hemtjänst apr–aug 2021" in body
    assert "Publicerat: 2021-08 version 1" in body
    assert address not in sent.stdout + sent.stderr


def test_a_dry_run_sends_nothing_and_a_home_without_receivers_says_so(closed: Organisation) -> None:
    told = closed.bokslut("message", "2021-08", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("bokslut 2021-08: ")
    assert "No receiver is declared" in closed.bokslut("message", "2021-08").stderr


def test_a_home_in_which_nothing_was_closed_has_a_morning_too(tmp_path: Path) -> None:
    organisation = Organisation(tmp_path / "home", tmp_path / "exports", tmp_path / "state")
    organisation.home.mkdir()
    told = organisation.bokslut("message", "2021-08", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert "Publicerat: inget bokslut är prövat för 2021-08." in told.stdout


def test_a_receiver_that_cannot_be_reached_is_counted_and_never_named(capfd: pytest.CaptureFixture[str]) -> None:
    gone = f"mailto://me:hunter2@127.0.0.1:{free_port()}?from=a@example.se&to=b@example.se&mode=insecure"
    assert send(Message("t", "b"), [gone]) == 1
    said = capfd.readouterr()
    assert "hunter2" not in said.out + said.err
    with pytest.raises(Refusal, match="Receiver 1 of the messages is no address") as refused:
        send(Message("t", "b"), ["hunter2://nonsense"])
    assert "hunter2" not in str(refused.value)


def test_the_heartbeat_is_asked_and_its_silence_noticed() -> None:
    with listening(200) as (asked, url):
        assert beat(f"{url}/ping/1")
        assert asked == ["/ping/1"]
    with listening(500) as (_, url):
        assert not beat(f"{url}/ping/1")
    assert not beat(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(Refusal, match="heartbeat"):
        beat("file:///etc/passwd")
