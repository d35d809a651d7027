"""What lies at a place, and which of it is a whole delivery that may be fetched."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.settings.places import Place
from flows.sources.places.filesystem import OpenPlace
from flows.sources.printed_text import names_a_person

#: Endings of files that are still on their way.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp")
#: Beside a file: it is whole; the sum it has.
DONE, SHA256 = ".done", ".sha256"
#: Longest name that any file system of ours takes, with what we put in front of it.
_LONGEST_NAME = 200
#: More files than any source of ours has: a listing above it is somebody's mistake.
MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A file at a place. `stamp` is whatever the place says of its time or content: another stamp, another file."""

    name: str
    path: str
    size: int | None
    stamp: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Files by name, and how many had names that no file of ours may bear."""

    files: Mapping[str, PlaceFile]
    unusable_names: int


def list_place(opened: OpenPlace) -> Listing:
    """The files directly in the place's folder: no folders, and no links out of it."""
    files: dict[str, PlaceFile] = {}
    unusable = 0
    for entry in opened.files.ls(opened.folder, detail=True):
        if entry.get("type") != "file" or entry.get("islink"):
            continue
        path = str(entry["name"])
        name = _name(opened, path)
        if not name:
            continue
        if not is_usable(name) or len(files) >= MOST_FILES:
            unusable += 1
            continue
        files[name] = PlaceFile(name, path, _size(entry), _stamp(entry))
    return Listing(files, unusable)


def is_usable(name: str) -> bool:
    """Whether a name can be a file's in the inbox and a line in a log: no way out of its folder, nothing unseen.

    One that holds a person's number is no delivery's, and would be remembered here for years.
    """
    return (
        0 < len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
        and name not in (".", "..")
        and not any(sign in name for sign in "/\\\x00")
        and name.isprintable()
        and not names_a_person(name)
    )


def wanted(listing: Listing, place: Place, delivery_endings: Iterable[str]) -> tuple[PlaceFile, ...]:
    """The deliveries among the files that the place's patterns name, where the source says that they are whole."""
    endings = tuple(f".{ending}" for ending in delivery_endings)
    chosen = [
        file
        for name, file in sorted(listing.files.items())
        if not name.startswith(".")
        and not name.casefold().endswith(_UNFINISHED)
        and name.casefold().endswith(endings)
        and any(fnmatchcase(name, pattern) for pattern in place.files)
    ]
    beside = {"still": "", "done": DONE, "sha256": SHA256}[place.finished]
    return tuple(file for file in chosen if not beside or f"{file.name}{beside}" in listing.files)


def _name(opened: OpenPlace, path: str) -> str:
    if "://" in path:
        parts = urlsplit(path)
        # A page links to much else: to itself in another order, to its parent, to other servers.
        if parts.query or parts.fragment or not path.startswith(opened.folder):
            return ""
        return unquote(path.removeprefix(opened.folder))
    return posixpath.basename(path.rstrip("/")) if not path.endswith("/") else ""


def _size(entry: Mapping[str, Any]) -> int | None:
    size = entry.get("size", entry.get("Size"))
    return int(size) if isinstance(size, int | float) else None


def _stamp(entry: Mapping[str, Any]) -> str:
    said = [entry.get(key) for key in ("ETag", "etag", "LastModified", "modified", "mtime", "last_modified")]
    return "|".join(str(one) for one in said if one is not None)
