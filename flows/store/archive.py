"""The archive: each file's bytes as they arrived, once, under their own sha256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flows.errors import ExitCode, Refusal

_FOLDER_RIGHTS = 0o700
_FILE_RIGHTS = 0o400


def sha256_of(data: bytes) -> str:
    """The name under which the bytes are archived."""
    return hashlib.sha256(data).hexdigest()


def archived_path(folder: Path, sha256: str) -> Path:
    """Where bytes lie in the archive `folder`."""
    return folder / sha256[:2] / sha256


def archive(folder: Path, data: bytes) -> str:
    """Keep the bytes, read-only; returns their sha256. Bytes that are there already are left alone.

    A crash leaves either nothing or the whole file: it is written beside its place, synced and renamed.
    """
    sha256 = sha256_of(data)
    place = archived_path(folder, sha256)
    if place.exists():
        return sha256
    for needed in (folder, place.parent):
        needed.mkdir(mode=_FOLDER_RIGHTS, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".arriving-", dir=place.parent)
    arriving = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _FILE_RIGHTS)
            os.fsync(file.fileno())
        arriving.replace(place)
    except BaseException:
        arriving.unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)
    return sha256


def read_archived(folder: Path, sha256: str) -> bytes:
    """The bytes of an archived file; raises Refusal where they are gone or are no longer the ones that arrived."""
    try:
        data = archived_path(folder, sha256).read_bytes()
    except OSError as error:
        raise Refusal(
            f"The archived file {sha256[:12]} cannot be read.", "Restore the archive from its backup."
        ) from error
    if sha256_of(data) != sha256:
        raise Refusal(
            f"The archived file {sha256[:12]} has been changed since it arrived.",
            "Restore the archive from its backup.",
            ExitCode.BARRED,
        )
    return data


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
