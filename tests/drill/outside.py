"""What lies outside the house: the sources' servers, the receivers' mail server, and the dead-man's switch."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.close.places.servers import SSHD, Sshd, free_port, https, sshd, this_user, tls, wait_for
from tests.close.test_messages import Mailbox, listening
from tests.drill.story import FOLDER, HTTPS, SFTP

#: Whose mail it is, by the variable that keeps the address: the controller signs, the engineer is on call.
ROLES: Mapping[str, str] = {"THE_CONTROLLER": "controller", "THE_ENGINEER": "jour"}
_TOKEN = "drill"


@dataclass
class StaffServer:
    """An SFTP server that can be stopped and started again where it was."""

    first: Sshd
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.process = self.first.process

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def start(self) -> None:
        folder = self.first.key_file.parent
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", folder / "sshd_config"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.first.port)


@dataclass
class Outside:
    """What the house meets; `folders`: where each place's files lie."""

    folders: Mapping[str, Path]
    staff: StaffServer
    mailbox: Mailbox
    beats: list[str]
    settings: str
    environment: Mapping[str, str]


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """Start all of it on loopback; stop it in the end."""
    folders = {place: folder / "places" / place for place in (SFTP, HTTPS, FOLDER)}
    for place in folders.values():
        place.mkdir(parents=True)
    certificate = tls(folder / "tls")
    with ExitStack() as stack:
        staff = StaffServer(stack.enter_context(sshd(folder / "sshd")))
        stack.callback(lambda: staff.process.poll() is None and staff.stop())
        page = stack.enter_context(https(folders[HTTPS], certificate, _TOKEN))
        beats, switch = stack.enter_context(listening(200))
        mailbox = Mailbox()
        mail = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        mail.start()
        stack.callback(mail.stop)
        addresses = {
            variable: f"mailto://127.0.0.1:{mail.port}?from=bokslut@example.se&to={role}@example.se&mode=insecure"
            for variable, role in ROLES.items()
        }
        settings = _SETTINGS.format(
            sftp_port=staff.first.port,
            user=this_user(),
            sftp_path=folders[SFTP],
            key_file=staff.first.key_file,
            host_key=staff.first.host_key,
            page=page,
            ca_file=certificate.ca_file,
            folder=folders[FOLDER],
        )
        secrets = {**addresses, "THE_SWITCH": f"{switch}/ping", "THE_TOKEN": _TOKEN}
        yield Outside(folders, staff, mailbox, beats, settings, secrets)


_SETTINGS = """
[places.heroma]
kind = "sftp"
host = "127.0.0.1"
port = {sftp_port}
user = "{user}"
path = "{sftp_path}"
key_file = "{key_file}"
host_key = "{host_key}"
still_seconds = 1
attempts = 2
first_wait_seconds = 0.5
longest_wait_seconds = 1

[places.vard]
kind = "https"
url = "{page}"
token = "env:THE_TOKEN"
ca_file = "{ca_file}"
still_seconds = 1

[places.ekonomi]
kind = "folder"
path = "{folder}"
still_seconds = 1

[messages]
to = ["env:THE_CONTROLLER", "env:THE_ENGINEER"]
heartbeat = "env:THE_SWITCH"
close_workday = 5
"""
