"""Is everything there that a close and a night need: each thing looked at, what is so, and what to do."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.declarations import root
from flows.errors import Refusal
from flows.settings import HomeSettings, home_settings, settings
from flows.settings.places import Place
from flows.steps.prefect_server import Answer, knock
from flows.store.home import Home

#: A close writes its build, a published file and what is spilled: so many times the store's own size must be free.
_FREE_TIMES_STORE = 3
_LEAST_FREE_BYTES = 2_000_000_000
_OTHERS, _GROUP_WRITES = 0o007, 0o020
#: The libraries whose version decides what a file looks like or what a run does.
_PINNED = ("duckdb", "prefect", "great-expectations", "sqlglot", "pandas", "pyarrow")
_LOCK = root.PROJECT / "requirements.lock"


class State(StrEnum):
    """Good; worth a look; or nothing works before it is mended."""

    GOOD = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `do` is '' where there is nothing to do."""

    subject: str
    state: State
    what: str
    do: str = ""


def examine(home: Home, now: datetime, list_places: bool = True) -> Iterator[Check]:
    """Look at everything, one check after the other: settings, rights, keys, disk, clock, versions, places, server."""
    yield _python()
    yield from _versions()
    declared = _declared(home)
    if isinstance(declared, Check):
        yield declared
        declared = HomeSettings()
    else:
        yield Check("settings", State.GOOD, f"{home.settings_file}: {len(declared.places)} places")
    yield _home(home)
    yield from _rights(home)
    yield _person_key(settings().key_file)
    yield from _secrets(declared)
    yield _disk(home)
    yield _clock(home, now)
    yield _published(home)
    yield _prefect()
    if list_places:
        yield from (_place(name, place) for name, place in declared.places.items())


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", State.GOOD, found)


def _versions() -> Iterator[Check]:
    text = _LOCK.read_text("utf-8") if _LOCK.exists() else ""
    locked = dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE))
    for name in _PINNED:
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Check(name, State.WRONG, "is not installed", "Run `make setup`.")
            continue
        if name in locked and locked[name] != found:
            yield Check(name, State.WRONG, f"{found}, but requirements.lock says {locked[name]}", "Run `make setup`.")
        else:
            yield Check(name, State.GOOD, found)


def _declared(home: Home) -> HomeSettings | Check:
    try:
        return home_settings(home.settings_file)
    except Refusal as refusal:
        return Check("settings", State.WRONG, refusal.what, refusal.do)


def _home(home: Home) -> Check:
    if not home.path.is_dir():
        return Check("home", State.LOOK, f"{home.path} is not there yet", "The first close or pull makes it.")
    if not os.access(home.path, os.W_OK | os.X_OK):
        return Check("home", State.WRONG, f"{home.path} cannot be written", "Run as the home's owner.")
    return Check("home", State.GOOD, str(home.path))


def _rights(home: Home) -> Iterator[Check]:
    """What only the owner may read, and what a group may read but nobody may write."""
    closed = (home.inbox, home.archive, home.reports, home.logs, home.pulled, home.build_file, home.settings_file)
    too_much = _OTHERS | _GROUP_WRITES
    open_to = [path for path in closed if path.exists() and stat.S_IMODE(path.stat().st_mode) & too_much]
    for path in open_to:
        kind = "700" if path.is_dir() else "600"
        yield Check("rights", State.WRONG, f"others may read or write {path}", f"chmod {kind} {path}")
    if not open_to:
        yield Check("rights", State.GOOD, "inbox, archive, store and settings are the owner's alone")


def _person_key(path: Path) -> Check:
    from flows.sources.person_key import read_key

    try:
        read_key(path)
    except Refusal as refusal:
        return Check("person key", State.WRONG, refusal.what, refusal.do)
    if path.stat().st_mode & _OTHERS:
        return Check("person key", State.WRONG, f"anybody may read {path}", f"chmod 600 {path}")
    return Check("person key", State.GOOD, str(path))


def _secrets(declared: HomeSettings) -> Iterator[Check]:
    from flows.settings.secrets import read_secret

    keepers = {
        f"{name}.{field}": keeper
        for name, place in declared.places.items()
        for field in ("token", "password", "access_key", "secret_key")
        if (keeper := getattr(place, field, None)) is not None
    }
    keepers |= {f"messages.to {number}": keeper for number, keeper in enumerate(declared.messages.to, start=1)}
    if declared.messages.heartbeat is not None:
        keepers["messages.heartbeat"] = declared.messages.heartbeat
    for name, keeper in keepers.items():
        try:
            read_secret(keeper)
        except Refusal as refusal:
            yield Check(f"secret {name}", State.WRONG, refusal.what, refusal.do)
        else:
            yield Check(f"secret {name}", State.GOOD, "is there")


def _disk(home: Home) -> Check:
    there = next(path for path in (home.path, *home.path.parents) if path.exists())
    free = shutil.disk_usage(there).free
    store = home.build_file.stat().st_size if home.build_file.exists() else 0
    needed = max(_LEAST_FREE_BYTES, _FREE_TIMES_STORE * store)
    said = f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB wanted"
    if free < needed:
        return Check("disk", State.WRONG, said, "Make room, or keep fewer published files (keep_published).")
    return Check("disk", State.GOOD, said)


def _clock(home: Home, now: datetime) -> Check:
    """A clock set back would date what comes before what came; the store's files tell the latest that it was."""
    known = [path.stat().st_mtime for path in (home.build_file, home.published, home.stages_file) if path.exists()]
    newest = datetime.fromtimestamp(max(known), UTC) if known else None
    if newest is not None and newest > now + timedelta(minutes=5):
        said = f"says {now:%Y-%m-%d %H:%M}, but the store was written later"
        return Check("clock", State.WRONG, said, "Set the clock.")
    return Check("clock", State.GOOD, f"{now:%Y-%m-%d %H:%M %Z}".strip())


def _published(home: Home) -> Check:
    if not home.published.is_symlink():
        return Check("published file", State.LOOK, "nothing is published yet", "`bokslut close PERIOD` publishes.")
    if not home.published.exists():
        return Check("published file", State.WRONG, "the link leads nowhere", "`bokslut close PERIOD` makes it anew.")
    return Check("published file", State.GOOD, home.published.resolve().name)


def _prefect() -> Check:
    api = os.environ.get("PREFECT_API_URL", "")
    if not api:
        return Check("prefect server", State.GOOD, "none is used (PREFECT_API_URL is not set)")
    answer = knock(api)
    match answer:
        case Answer.WELCOME:
            return Check("prefect server", State.GOOD, answer)
        case Answer.SHUT_OUT:
            return Check("prefect server", State.WRONG, answer, "Set PREFECT_API_AUTH_STRING to its password.")
        case Answer.WITHOUT_DATABASE:
            return Check("prefect server", State.WRONG, answer, "Start PostgreSQL, or look at the server's log.")
        case Answer.SILENT:
            return Check(
                "prefect server", State.WRONG, f"{answer} at PREFECT_API_URL", "Start it, or unset PREFECT_API_URL."
            )


def _place(name: str, place: Place) -> Check:
    from flows.sources.places.failures import failure_of
    from flows.sources.places.filesystem import open_place
    from flows.sources.places.listing import list_place

    try:
        listing = list_place(open_place(place))
    except Exception as error:
        failure = failure_of(error)
        return Check(f"place {name}", State.WRONG, failure.what, failure.do)
    if listing.unusable_names:
        return Check(f"place {name}", State.LOOK, f"{listing.unusable_names} files have names that cannot be used")
    return Check(f"place {name}", State.GOOD, f"{len(listing.files)} files")
