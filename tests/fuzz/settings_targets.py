"""What the house is told and remembers: settings, secrets, the environment, its own notes, names and listings."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.domain.cell_address import CellAddress
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.errors import Refusal
from flows.settings import HomeSettings, home_settings
from flows.settings import settings as environment_settings
from flows.settings.secrets import read_secret
from flows.sources.person_key import read_key
from flows.sources.places.fetching import NotWhole, fetch
from flows.sources.places.filesystem import OpenPlace
from flows.sources.places.listing import list_place, wanted
from flows.sources.printed_text import shown_name
from flows.steps.messages import Said, keep_said, read_said
from flows.store.home import Home
from flows.store.pulled import PulledFiles

#: A word that stands only in values: whoever tells it has told a secret.
SECRET = "hunter2"
_ENDINGS = ("csv", "xlsx", "se")


class SecretTold(AssertionError):
    """A refusal repeats what may be a secret."""


class KeyLost(AssertionError):
    """A key of the settings was neither taken nor told of."""


def settings(data: bytes) -> None:
    """A home's settings.toml: taken whole, or refused with file and line, without a value of it."""
    file = _folder() / "settings.toml"
    file.write_bytes(data)
    try:
        found = home_settings(file)
    except Refusal as refusal:
        _assert_told(refusal, data, str(file))
        return
    declared = tomllib.loads(data.decode("utf-8-sig"))
    if (
        not declared.keys() <= HomeSettings.model_fields.keys()
        or declared.get("places", {}).keys() != found.places.keys()
    ):
        raise KeyLost
    for one in found.places.values():
        wanted(list_place(_Listed(["a_202108_20210903T0600.csv"])), one, _ENDINGS)


def _assert_told(refusal: Refusal, data: bytes, file: str) -> None:
    said = str(refusal)
    if file not in said:
        raise AssertionError("a refusal that does not say which file")
    if not said.isprintable():
        raise AssertionError("a refusal with characters that a terminal obeys")
    is_kept = False
    with contextlib.suppress(Exception):
        declared = tomllib.loads(data.decode("utf-8-sig"))
        # A word that is a key's name too is no secret.
        in_keys = any(SECRET in key for key in _keys(declared))
        is_kept = not in_keys and any(SECRET in value for value in _values(declared))
    if is_kept and SECRET in said:
        raise SecretTold


def _values(declared: Any) -> Iterator[str]:
    if isinstance(declared, dict):
        for one in declared.values():
            yield from _values(one)
    elif isinstance(declared, list):
        for one in declared:
            yield from _values(one)
    else:
        yield str(declared)


def _keys(declared: Any) -> Iterator[str]:
    if isinstance(declared, dict):
        yield from declared
    for one in declared.values() if isinstance(declared, dict) else declared if isinstance(declared, list) else ():
        yield from _keys(one)


def secret(data: bytes) -> None:
    """A keeper's name and the secret that it keeps: one printable line, or a refusal that does not repeat it."""
    keeper, _, kept = data.partition(b"\n")
    file = _folder() / "secret"
    file.write_bytes(kept)
    file.chmod(0o600)
    named = keeper.decode("utf-8", errors="replace").replace("/dev/", "/nowhere/").replace("/proc/", "/nowhere/")
    for one in (f"file:{file}", named):
        if one.startswith(("file:/", "env:")):
            try:
                found = read_secret(one)
            except Refusal as refusal:
                if SECRET in str(refusal) and SECRET not in one:
                    raise SecretTold from None
            else:
                if not found or found != found.strip() or not found.isprintable():
                    raise AssertionError("a secret that breaks the line that it is put in")
    with contextlib.suppress(Refusal):
        if len(read_key(file)) < 32:
            raise AssertionError("a short key")


def environment(data: bytes) -> None:
    """Variables, one a line: what is wrong is named by its variable."""
    before = dict(os.environ)
    try:
        for line in data.split(b"\n")[:8]:
            name, _, value = line.partition(b"=")
            if name in (b"BOKSLUT_HOME", b"BOKSLUT_KEY_FILE", b"bokslut_home") and b"\0" not in value:
                os.environb[name] = value
        try:
            found = environment_settings()
        except Refusal as refusal:
            if "BOKSLUT_" not in refusal.what:
                raise AssertionError("a refusal that does not say which variable") from refusal
            return
        with contextlib.suppress(Refusal):
            home_settings(Home(found.home).settings_file)
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def memory(data: bytes) -> None:
    """The house's own notes, damaged: they are forgotten, never in the way, and can be written again."""
    home = Home(_folder())
    for file in (home.messages_file, home.writer_file, home.pulled / "heroma.json"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    said = read_said(home)
    if not all(isinstance(one, str) for one in said.news):
        raise AssertionError("news that is no text")
    _hold_lock_of(home)
    try:
        with home.writer("fuzzing"):
            raise AssertionError("two writers")
    except Refusal as refusal:
        if not str(refusal).isprintable():
            raise AssertionError("a refusal with characters that a terminal obeys") from refusal
    memory_of_place = PulledFiles.of(home, "heroma")
    memory_of_place.knows("a.csv", 1, "then")
    arrived = memory_of_place.arriving("a.csv")
    arrived.write_bytes(b"rows")
    memory_of_place.keep("a.csv", 4, "now", "0" * 64, datetime(2021, 9, 3))
    if not PulledFiles.of(home, "heroma").knows("a.csv", 4, "now"):
        raise AssertionError("a note that could not be written again")
    keep_said(home, Said(("news",), {"heroma": "does not answer"}))
    if read_said(home).news != ("news",):
        raise AssertionError("a note that could not be written again")


@functools.cache
def _hold_lock_of(home: Home) -> int:
    """Be the other writer, for as long as this process lives."""
    held = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


class _Listed(OpenPlace):
    """A place that lists what it is told to, and has one file: a checksum."""

    def __init__(self, listed: list[str], checksum: bytes = b"") -> None:
        super().__init__(self, "folder")  # type: ignore[arg-type]
        object.__setattr__(self, "listed", listed)
        object.__setattr__(self, "checksum", checksum)

    def ls(self, _: str, detail: bool) -> list[dict[str, Any]]:
        return [{"name": f"folder/{name}", "type": "file", "size": 4} for name in self.listed]  # type: ignore[attr-defined]

    def get_file(self, _: str, to: str, callback: Any) -> None:
        Path(to).write_bytes(b"rows")

    def cat_file(self, _: str, start: int, end: int) -> bytes:
        return self.checksum[start:end]  # type: ignore[attr-defined]


def place(data: bytes) -> None:
    """The names that a place lists and the checksum beside a file: each name is a file's, or counted."""
    checksum, _, rest = data.partition(b"\n")
    listed = [name for name in rest.decode("utf-8", errors="surrogateescape").split("\n") if name]
    opened = _Listed(listed, checksum)
    listing = list_place(opened)
    nameless = sum(not name.rpartition("/")[2] for name in listed)
    distinct = {name.rpartition("/")[2] for name in listed}
    if not len(distinct) <= len(listing.files) + listing.unusable_names + nameless <= len(listed) + nameless:
        raise KeyLost
    inbox = _folder() / "inbox"
    for name in listing.files:
        if not name.isprintable() or (inbox / name).parent != inbox or len(os.fsencode(name)) > 255:
            raise AssertionError("a name that is more than a name")
    for file in list(listing.files.values())[:1]:
        with contextlib.suppress(NotWhole):
            found = fetch(opened, file, _folder() / "arriving", 1, checksum=True)
            if found.encode() not in checksum.lower():
                raise AssertionError("a checksum that is not the file's")


def names(data: bytes) -> None:
    """Words that are typed, and names of files: each a month, a delivery, an address, or refused."""
    for word in data.decode("utf-8", errors="surrogateescape").split("\n")[:20]:
        if not shown_name(word).isprintable():
            raise AssertionError("a name that a terminal obeys")
        named = DeliveryName.parse(word)
        if named is not None and (not word.isprintable() or not named.period.first_day.year <= 2200):
            raise AssertionError("a name that no delivery has")
        with contextlib.suppress(ValueError):
            period = Period.parse(word)
            str(period.plus(1).last_day), period.year_before.january.through(period)
        with contextlib.suppress(ValueError):
            CellAddress.parse(word)


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bokslut-fuzz-"))
    (folder / "inbox").mkdir()
    return folder
