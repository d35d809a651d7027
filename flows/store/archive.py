"""The archive: each file's bytes as they arrived, once, under their own sha256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from flows.errors import ExitCode, Refusal

_FOLDER_RIGHTS = 0o700
_FILE_RIGHTS = 0o400
#: The folder of what retention destroyed: for each file its sha256 as a name, and in it the names that it came under.
_DESTROYED = "destroyed"


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


def destroy(folder: Path, sha256: str, file_names: Iterable[str]) -> bool:
    """Take a file's bytes away for good, and leave a note of the names that it came under; whether there were any.

    The note comes first: whoever fetches files must not take for new what a crash had half destroyed.
    """
    noted = _noted_names(folder, sha256)
    if names := {*file_names} - noted:
        _write_note(folder, sha256, sorted(names | noted))
    place = archived_path(folder, sha256)
    if not place.exists():
        return False
    place.unlink()
    _sync_folder(place.parent)
    return True


def was_destroyed(folder: Path, sha256: str, file_name: str) -> bool:
    """Whether these bytes came under this name and have been destroyed since."""
    return file_name in _noted_names(folder, sha256)


def _write_note(folder: Path, sha256: str, names: Iterable[str]) -> None:
    note = _note(folder, sha256)
    for needed in (folder, note.parent):
        needed.mkdir(mode=_FOLDER_RIGHTS, parents=True, exist_ok=True)
    beside = note.with_name(f".{sha256}")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text("".join(f"{name}\n" for name in names), "utf-8")
    beside.chmod(_FILE_RIGHTS)
    beside.replace(note)
    _sync_folder(note.parent)
    _sync_folder(folder)


def _note(folder: Path, sha256: str) -> Path:
    return folder / _DESTROYED / sha256


def _noted_names(folder: Path, sha256: str) -> frozenset[str]:
    try:
        return frozenset(_note(folder, sha256).read_text("utf-8").split("\n")) - {""}
    except FileNotFoundError:
        return frozenset()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
