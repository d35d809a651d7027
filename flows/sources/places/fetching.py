"""One file, from a place to a temporary file of ours: whole, within bounds, and the one that was listed."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from fsspec.callbacks import Callback

from flows.sources.places.filesystem import OpenPlace
from flows.sources.places.listing import SHA256, PlaceFile

_MEGABYTE = 1_000_000
_BLOCK = 1 << 20
_SUM = re.compile(rb"\b([0-9a-fA-F]{64})\b")
#: A file of a checksum holds one line.
_MOST_OF_SUM = 4096


class NotWhole(Exception):
    """What came is not the file that was listed: it changed meanwhile, was cut, or its checksum is another."""


class TooLarge(Exception):
    """More came than a file of this place may be."""


class _Bounded(Callback):
    """Stops a transfer that brings more than it may; fsspec tells it of every block."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def relative_update(self, inc: int = 1) -> None:
        super().relative_update(inc)
        self._check()

    def absolute_update(self, value: int) -> None:
        super().absolute_update(value)
        self._check()

    def _check(self) -> None:
        if self.value > self._most:
            raise TooLarge


def fetch(opened: OpenPlace, file: PlaceFile, to: Path, largest_megabytes: int, checksum: bool) -> str:
    """Write the file's bytes to `to`, the owner's alone and on disk before this returns; returns their sha256.

    Raises NotWhole and TooLarge, and whatever the place's client raises.
    """
    most = largest_megabytes * _MEGABYTE
    if file.size is not None and file.size > most:
        raise TooLarge
    to.touch(mode=0o600)
    opened.files.get_file(file.path, str(to), callback=_Bounded(most))
    size = to.stat().st_size
    if size > most:
        raise TooLarge
    if file.size is not None and size != file.size:
        raise NotWhole
    found = _sha256_on_disk(to)
    if checksum and found != _said_sum(opened, file):
        raise NotWhole
    return found


def details(opened: OpenPlace, file: PlaceFile) -> PlaceFile:
    """The file with its size and stamp, from a place whose listing has none (a page of links)."""
    if file.size is not None or file.stamp:
        return file
    said: dict[str, Any] = opened.files.info(file.path)
    size = said.get("size")
    stamp = "|".join(str(said[key]) for key in ("ETag", "Content-MD5", "Digest", "Last-Modified") if key in said)
    return PlaceFile(file.name, file.path, int(size) if size is not None else None, stamp)


def _said_sum(opened: OpenPlace, file: PlaceFile) -> str:
    said = opened.files.cat_file(f"{file.path}{SHA256}", start=0, end=_MOST_OF_SUM)
    match = _SUM.search(said)
    return match[1].decode().lower() if match else ""


def _sha256_on_disk(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
        os.fsync(file.fileno())
    return digest.hexdigest()
