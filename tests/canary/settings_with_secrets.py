"""Settings of a house whose places and receivers, of every kind, ask for secrets: real servers on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.canary.planted_secrets import Secrets
from tests.close.places import servers


@dataclass
class Mailbox:
    """A mail server that asks for a password, takes any, and keeps what it is given."""

    received: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(envelope.content)
        return "250 OK"

    def let_in(self, *_: Any) -> AuthResult:
        return AuthResult(success=True)


def places(folder: Path, planted: Secrets, new: Sequence[Path], stack: ExitStack) -> Iterator[str]:
    """Places of every kind, the files dealt out among them; and beside each one that fails for each reason."""
    sources = {kind: folder / "sources" / kind for kind in ("folder", "sftp", "https", "webdav")}
    for source in sources.values():
        source.mkdir(parents=True)
    for number, file in enumerate(new):
        shutil.copy(file, sources[("folder", "sftp", "https", "webdav")[number % 4]] / file.name)
    yield _place("mapp", kind="folder", path=sources["folder"])
    sshd = stack.enter_context(servers.sshd(folder / "sshd"))
    planted.keep_lines("SSH key", sshd.key_file)
    reached: dict[str, object] = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": sshd.port,
        "user": servers.this_user(),
        "path": sources["sftp"],
        "key_file": sshd.key_file,
        "host_key": sshd.host_key,
    }
    other = planted.ssh_key("another SSH key")
    yield _place("sftp", **reached)
    yield _place("sftp_other_key", **{**reached, "key_file": other})
    yield _place("sftp_other_host", **{**reached, "host_key": other.with_suffix(".pub").read_text().strip()})
    yield _place("sftp_down", **{**reached, "port": servers.free_port()})
    certificate, stranger = servers.tls(folder / "tls"), servers.tls(folder / "another_tls")
    token = planted.in_environment("https token")
    url = stack.enter_context(servers.https(sources["https"], certificate, planted.variables["KEPT_HTTPS_TOKEN"]))
    page: dict[str, object] = {"kind": "https", "url": url, "token": token, "ca_file": certificate.ca_file}
    yield _place("https", **page)
    yield _place("https_not_let_in", **{**page, "token": planted.in_file("wrong https token")})
    yield _place("https_other_authority", **{**page, "ca_file": stranger.ca_file})
    yield _place("https_down", **{**page, "url": f"https://127.0.0.1:{servers.free_port()}/"})
    password = planted.in_file("webdav password")
    shared = stack.enter_context(servers.webdav(sources["webdav"], certificate, str(planted.values["webdav password"])))
    share: dict[str, object] = {
        "kind": "webdav",
        "url": shared,
        "user": "export",
        "password": password,
        "ca_file": certificate.ca_file,
    }
    yield _place("webdav", **share)
    yield _place("webdav_not_let_in", **{**share, "password": planted.in_environment("wrong webdav password")})
    yield _place("webdav_other_authority", **{**share, "ca_file": stranger.ca_file})
    bucket = f"exports-{os.urandom(6).hex()}"
    endpoint = stack.enter_context(servers.s3(bucket))
    servers.client(endpoint).put_object(Bucket=bucket, Key="out/not_a_delivery.csv", Body=b"none")
    stored: dict[str, object] = {
        "kind": "s3",
        "bucket": bucket,
        "prefix": "out",
        "endpoint": endpoint,
        "region": "us-east-1",
        "access_key": planted.in_environment("s3 access key"),
        "secret_key": planted.in_file("s3 secret key"),
    }
    yield _place("s3", **stored)
    yield _place("s3_no_bucket", **{**stored, "bucket": "no-such-bucket"})
    yield _place("s3_down", **{**stored, "endpoint": f"http://127.0.0.1:{servers.free_port()}"})


def _place(name: str, **said: object) -> str:
    quick = {"still_seconds": 0, "attempts": 2, "first_wait_seconds": 0.01, "longest_wait_seconds": 0.1}
    lines = [f"[places.{name}]"]
    for key, value in {**quick, "timeout_seconds": 10, **said}.items():
        lines.append(f"{key} = {value}" if isinstance(value, int | float) else f'{key} = "{value}"')
    return "\n".join(lines) + "\n"


def receivers(planted: Secrets, mailbox: Mailbox, beats: list[str], stack: ExitStack) -> Iterator[str]:
    """A mailbox that lets us in, one that is down, a chat that does not answer, and the dead-man's switch."""
    from tests.close.test_messages import listening

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=servers.free_port(),
        auth_require_tls=False,
        authenticator=mailbox.let_in,
    )
    controller.start()
    stack.callback(controller.stop)
    mail = "mailto://me:{}@127.0.0.1:{}?from=bokslut@example.se&to=controller@example.se&mode=insecure"
    passwords = [_word(planted, "mail password"), _word(planted, "password of a mailbox that is down")]
    chat = _word(planted, "chat token")
    told = [
        planted.in_environment("mail address", mail.format(passwords[0], controller.port)),
        planted.in_file("address that is down", mail.format(passwords[1], servers.free_port())),
        planted.in_environment("chat address", f"json://127.0.0.1:{servers.free_port()}/{chat}?+X-Token={chat}"),
    ]
    asked, address = stack.enter_context(listening(500))
    stack.callback(lambda: beats.extend(asked))
    ping = _word(planted, "heartbeat token")
    beat = planted.in_environment("heartbeat address", f"{address}/ping/{ping}")
    yield f'[messages]\nto = [{", ".join(chr(34) + one + chr(34) for one in told)}]\nheartbeat = "{beat}"\n'


def _word(planted: Secrets, what: str) -> str:
    """A secret that stands in an address as it is."""
    return str(planted.keep(what, os.urandom(12).hex()))
