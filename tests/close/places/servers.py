"""Real servers of every kind of place, on loopback, each serving one folder; stopped by whoever started them."""

from __future__ import annotations

import getpass
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


@dataclass(frozen=True)
class Sshd:
    port: int
    host_key: str
    key_file: Path
    process: subprocess.Popen[bytes]


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """OpenSSH's own server, for the user of this process and one key; `folder` takes its files."""
    if not Path(SSHD).exists():
        pytest.skip("no sshd here: .ci/run installs openssh-server")
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    for name in ("host", "own"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "own.pub", folder / "authorized")
    port = free_port()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # Where a server started by root sets its children aside.
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\n"
        f"PidFile {folder}/pid\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    log = (folder / "log").open("wb")
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log)
    try:
        wait_for(port)
        yield Sshd(port, (folder / "host.pub").read_text().strip(), folder / "own", server)
    finally:
        server.terminate()
        server.wait(10)
        log.close()


@dataclass(frozen=True)
class Tls:
    ca_file: Path
    context: ssl.SSLContext
    certificate: Path


def tls(folder: Path) -> Tls:
    """A certificate for 127.0.0.1, signed by an authority of its own."""
    import trustme

    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return Tls(folder / "ca.pem", context, folder / "server.pem")


class _Guarded(http.server.SimpleHTTPRequestHandler):
    """Lists a folder as a page, to whoever brings the token; the first `failures` requests meet a server in trouble."""

    token = ""
    failures = 0

    def do_GET(self) -> None:
        if self._may():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._may():
            super().do_HEAD()

    def _may(self) -> bool:
        if type(self).failures > 0:
            type(self).failures -= 1
            self.send_error(503)
            return False
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.send_error(401)
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what is asked is what the test asserts."""


@contextmanager
def https(folder: Path, certificate: Tls, token: str, failures: int = 0) -> Iterator[str]:
    """A page of links to the folder's files; yields its address."""
    handler = type("Guarded", (_Guarded,), {"token": token, "failures": failures})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    server.socket = certificate.context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def s3(bucket: str) -> Iterator[str]:
    """A service that speaks as S3 does, with one empty bucket; yields its endpoint."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    try:
        client(endpoint).create_bucket(Bucket=bucket)
        yield endpoint
    finally:
        server.stop()


def client(endpoint: str) -> Any:
    """The maker's own client of S3."""
    import boto3

    return boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )


@contextmanager
def webdav(folder: Path, certificate: Tls, password: str) -> Iterator[str]:
    """A WebDAV share of the folder for the user `export`; yields its address."""
    from cheroot import wsgi
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {"export": {"password": password}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.ssl_adapter = BuiltinSSLAdapter(str(certificate.certificate), str(certificate.certificate))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.bind_addr[1]}/"
    finally:
        server.stop()
        thread.join(10)


def this_user() -> str:
    return getpass.getuser()
