"""A place as a file system of fsspec: who we are, and whom alone we talk to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem

from flows.errors import Refusal
from flows.settings.places import FolderPlace, HttpsPlace, Place, S3Place, SftpPlace, WebdavPlace
from flows.settings.secrets import read_secret
from flows.settings.talk import silence

#: A silent SSH connection is asked whether it lives, so often within the silence that is allowed.
_ASKED_WHETHER_ALIVE = 3
#: They log the heads of requests, with whatever lets us in.
_TALKATIVE = (
    "aiobotocore",
    "aiohttp",
    "asyncssh",
    "botocore",
    "fsspec",
    "httpcore",
    "httpx",
    "s3fs",
    "sshfs",
    "urllib3",
    "webdav4",
)


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place's file system, and the folder of it that holds the files."""

    files: AbstractFileSystem
    folder: str


def open_place(place: Place) -> OpenPlace:
    """Connect, or get ready to. Raises Refusal for a key, a secret or a certificate that is not there or is wrong."""
    silence(*_TALKATIVE)
    match place:
        case FolderPlace():
            return _folder(place)
        case SftpPlace():
            return _sftp(place)
        case HttpsPlace():
            return _https(place)
        case S3Place():
            return _s3(place)
        case WebdavPlace():
            return _webdav(place)


def _folder(place: FolderPlace) -> OpenPlace:
    from fsspec.implementations.local import LocalFileSystem

    return OpenPlace(LocalFileSystem(skip_instance_cache=True), str(place.path))


def _sftp(place: SftpPlace) -> OpenPlace:
    import asyncssh
    from sshfs import SSHFileSystem

    try:
        pinned = asyncssh.import_public_key(place.host_key)
    except asyncssh.KeyImportError:
        raise Refusal(
            f"The host_key of {place.host} is no public key.", "Copy it from the server's ssh_host_*_key.pub."
        ) from None
    try:
        own = asyncssh.read_private_key(place.key_file)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Refusal(
            f"The key {place.key_file} cannot be used ({type(error).__name__}).",
            "It must be a private key without a passphrase that this user may read.",
        ) from None
    files = SSHFileSystem(
        place.host,
        port=place.port,
        username=place.user,
        client_keys=[own],
        known_hosts=([pinned], [], []),
        # Nobody's own configuration, agent or password takes part: what is declared is what happens.
        config=None,
        agent_path=None,
        preferred_auth="publickey",
        connect_timeout=place.timeout_seconds,
        login_timeout=place.timeout_seconds,
        keepalive_interval=place.timeout_seconds / (_ASKED_WHETHER_ALIVE + 1),
        keepalive_count_max=_ASKED_WHETHER_ALIVE,
        skip_instance_cache=True,
    )
    return OpenPlace(files, place.path)


def _https(place: HttpsPlace) -> OpenPlace:
    import aiohttp
    from fsspec.implementations.http import HTTPFileSystem

    trusted = _trusted(place.ca_file)
    headers = {"Authorization": f"Bearer {read_secret(place.token)}"} if place.token else {}

    async def client(**_: Any) -> aiohttp.ClientSession:
        silence = aiohttp.ClientTimeout(total=None, connect=place.timeout_seconds, sock_read=place.timeout_seconds)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusted), headers=headers, timeout=silence, trust_env=False
        )

    files = HTTPFileSystem(get_client=client, skip_instance_cache=True)
    return OpenPlace(files, place.url.rstrip("/") + "/")


def _s3(place: S3Place) -> OpenPlace:
    from s3fs import S3FileSystem

    _trusted(place.ca_file)
    client = {"verify": str(place.ca_file)} if place.ca_file else {}
    files = S3FileSystem(
        key=read_secret(place.access_key),
        secret=read_secret(place.secret_key),
        endpoint_url=place.endpoint,
        client_kwargs={**client, **({"region_name": place.region} if place.region else {})},
        # How often is tried again is said by the place, for every kind alike.
        config_kwargs={
            "connect_timeout": place.timeout_seconds,
            "read_timeout": place.timeout_seconds,
            "retries": {"max_attempts": 0},
        },
        skip_instance_cache=True,
    )
    files.retries = 1  # Its own five tries would make a silence five times as long.
    return OpenPlace(files, f"{place.bucket}/{place.prefix.strip('/')}".rstrip("/"))


def _webdav(place: WebdavPlace) -> OpenPlace:
    from webdav4.fsspec import WebdavFileSystem

    password = read_secret(place.password) if place.password else ""
    files = WebdavFileSystem(
        place.url,
        auth=(place.user, password) if place.user else None,
        verify=_trusted(place.ca_file),
        timeout=place.timeout_seconds,
        trust_env=False,
        skip_instance_cache=True,
    )
    return OpenPlace(files, "")


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Who may have signed a certificate: those of `ca_file` alone, without it the system's."""
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise Refusal(
            f"The certificates in {ca_file} cannot be read ({type(error).__name__}).", "It must be a PEM file."
        ) from None
