"""Give every person of a home another key: the files are read again as they came, under the old key and the new."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.declarations import root
from flows.declarations.contracts import contracts
from flows.declarations.mappings import parse_mapping
from flows.errors import Refusal
from flows.steps.close import stockholm_now
from flows.steps.deliveries import refuse_personal_words
from flows.store.archive import read_archived
from flows.store.home import Home

if TYPE_CHECKING:
    import duckdb

    from flows.sources.person_key import PersonKeys
    from flows.store.deliveries import Recorded

Progress = Callable[[str], None]

#: How often a long reading says how far it has come.
_TOLD_EVERY = 25
_NAMED_FILES = 5


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a change of key came to: persons that have another key, and files that were read for it."""

    persons: int
    files: int


def rekey(
    home: Home,
    new_key_file: Path,
    reason: str,
    progress: Progress = lambda _: None,
    now: Callable[[], datetime] = stockholm_now,
) -> Rekeyed:
    """Change the key of every person in the store, or of none.

    BOKSLUT_KEY_FILE names the old key. Raises Refusal where either key cannot be used, where the old one is not the one
    that the store's persons were made anonymous with, and where an archived file that a person stands in is lost,
    altered, or can no longer be read as it was.
    """
    from flows.settings import settings
    from flows.sources.person_key import PersonKeys, read_key

    refuse_personal_words("The reason", reason)
    if not home.build_file.exists():
        raise Refusal(f"Nothing has been delivered to {home.path}.", "Point BOKSLUT_KEY_FILE to the new key.")
    old_file = settings().key_file
    old, new = PersonKeys(read_key(old_file)), PersonKeys(_new_key(new_key_file, home))
    if old.mark() == new.mark():
        raise Refusal(f"{new_key_file} holds the key that is used already.", "Make another: `openssl rand -hex 32`.")
    with home.writer("rekey"):
        return _rekeyed(home, old, new, reason.strip(), progress, now)


def _rekeyed(
    home: Home, old: PersonKeys, new: PersonKeys, reason: str, progress: Progress, now: Callable[[], datetime]
) -> Rekeyed:
    from flows.store.key_mark import change_key_mark, is_used, refuse_another_key
    from flows.store.person_acts import record_act
    from flows.store.person_rows import change_keys
    from flows.store.rewriting import rewritten

    with rewritten(home) as connection:
        if not is_used(connection):
            raise Refusal("Nobody has been made anonymous in this home yet.", "Point BOKSLUT_KEY_FILE to the new key.")
        refuse_another_key(connection, old.mark())
        to_read = _with_persons(connection)
        read = _read_again(home, connection, to_read, old, progress)
        _refuse_what_is_missing(connection, to_read, read, old)
        new_keys = dict(zip(old(list(read.digits)), new(list(read.digits)), strict=True))
        at = now().replace(tzinfo=None)
        connection.begin()
        change_keys(connection, new_keys)
        change_key_mark(connection, new.mark(), at)
        record_act(connection, "rekey", who=getpass.getuser(), why=reason, counted=len(new_keys), at=at)
        connection.commit()
        progress("Writing the store anew, so that no old hash is left in it.")
    return Rekeyed(len(new_keys), len(to_read))


@dataclass(slots=True)
class _Read:
    """The twelve digits of everybody in the files, and the deliveries whose file could not be read, with why."""

    digits: dict[str, None]
    failed: dict[int, Refusal]


def _with_persons(connection: duckdb.DuckDBPyConnection) -> Sequence[Recorded]:
    """The deliveries that landed rows which name persons, withdrawn ones too; each file and mapping once."""
    from flows.store.deliveries import recorded

    naming = {one.extract for one in contracts().values() if any(part.type == "personnummer" for part in one.columns)}
    brought = connection.execute("select delivery_id from control.deliveries where status = 'landed'").fetchall()
    found = {
        (one.sha256, one.extract, one.mapping_sha256): one
        for one in recorded(connection)
        if one.extract in naming and (one.delivery_id,) in brought and one.destroyed_at is None
    }
    return tuple(found.values())


def _read_again(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    deliveries: Sequence[Recorded],
    old: PersonKeys,
    progress: Progress,
) -> _Read:
    from flows.sources.tabular import read_table

    texts: Mapping[str, str] = dict(connection.execute("select sha256, text from control.mapping_texts").fetchall())
    read = _Read({}, {})

    def collecting(digits: Sequence[str]) -> list[str]:
        read.digits.update(dict.fromkeys(digits))
        return old(digits)

    for number, one in enumerate(deliveries, start=1):
        try:
            data = read_archived(home.archive, one.sha256)
        except Refusal as refusal:
            read.failed[one.delivery_id] = refusal
            continue
        mapping = None
        if one.mapping_sha256:
            with suppress(Refusal):  # The contract has changed since; whom we miss for it, the store's rows will tell.
                mapping = parse_mapping(texts[one.mapping_sha256], Path(f"{one.extract}.toml"))
        read_table(data, contracts()[one.extract], one.file_name, one.period, one.extracted_at, collecting, mapping)
        if number % _TOLD_EVERY == 0 or number == len(deliveries):
            progress(f"Read {number} of {len(deliveries)} archived files with persons.")
    return read


def _refuse_what_is_missing(
    connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Recorded], read: _Read, old: PersonKeys
) -> None:
    """Refuse where a file is lost or altered, and where a person in the store stands in no file that could be read."""
    from flows.store.person_rows import deliveries_beyond

    named = {one.delivery_id: one for one in deliveries}
    if read.failed:
        first = next(iter(read.failed.values()))
        raise Refusal(
            f"{first.what} No key was changed. It is so with {_names([named[number] for number in read.failed])}.",
            first.do,
            first.exit_code,
        )
    beyond = deliveries_beyond(connection, old(list(read.digits)))
    if beyond:
        from flows.store.deliveries import recorded

        unread = [one for one in recorded(connection) if one.delivery_id in beyond]
        raise Refusal(
            f"Persons of {_names(unread)} are in no archived file as files are read today. No key was changed.",
            "Read them as they were: with the checkout, and so the contracts, under which they were received.",
        )


def _names(deliveries: Sequence[Recorded]) -> str:
    from flows.sources.printed_text import shown_name

    named = ", ".join(f"{shown_name(one.file_name)} (delivery {one.delivery_id})" for one in deliveries[:_NAMED_FILES])
    more = len(deliveries) - _NAMED_FILES
    return f"{named} and {more} more" if more > 0 else named


def _new_key(path: Path, home: Home) -> bytes:
    """The key that is to be used; raises Refusal for one that lies where it must not, or that others may read."""
    from flows.sources.person_key import read_new_key

    place = path.resolve()
    for folder, name in ((home.path, "home"), (root.PROJECT, "checkout")):
        if place.is_relative_to(folder.resolve()):
            raise Refusal(
                f"{path} lies in the {name}: whoever copies that would have the key beside what it protects.",
                "Keep the key outside, where the old one lies.",
            )
    return read_new_key(path)
