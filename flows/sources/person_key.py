"""A person as a key: HMAC-SHA-256 of the twelve digits, under a key that lies outside the store."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from flows.errors import Refusal

#: Twelve digits with a known date are few enough to try: a short key would give them away.
_SHORTEST_KEY = 32
_LONGEST_KEY = 65_536

#: No personnummer, so that the mark is nobody's key.
_MARKED = b"which key is this"

#: What a key's owner, and the owner's group, have alone.
_OTHERS_RIGHTS = 0o007


class PersonKeys:
    """The keys of persons; each is computed once, however many files name the person."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def __call__(self, digits: Sequence[str]) -> list[str]:
        """The key (hex) of each personnummer given as twelve digits."""
        known = self._known
        for one in digits:
            if one not in known:
                known[one] = hmac.digest(self._key, one.encode("ascii"), "sha256").hex()
        return [known[one] for one in digits]

    def mark(self) -> str:
        """What tells this key from another, and tells nothing of it."""
        return hmac.digest(self._key, _MARKED, "sha256").hex()[:16]


def read_key(path: Path | None) -> bytes:
    """The key in the file that BOKSLUT_KEY_FILE names; raises Refusal where there is none, or too short a one."""
    if path is None:
        raise Refusal(
            "BOKSLUT_KEY_FILE is not set: persons cannot be made anonymous.",
            "Set it to a file outside the home that holds the organisation's key.",
        )
    try:
        key = _content(path).strip()
    except OSError as error:
        raise Refusal(
            f"The key file that BOKSLUT_KEY_FILE names cannot be read ({type(error).__name__}).",
            "Point it to the organisation's key; a new key would make every person a new person.",
        ) from error
    _refuse_short(key, "that BOKSLUT_KEY_FILE names", ", before the first delivery is received")
    return key


def read_new_key(path: Path) -> bytes:
    """A key that is to take the other's place; raises Refusal for none, a short one, and one that anybody may read."""
    try:
        if path.stat().st_mode & _OTHERS_RIGHTS:
            raise Refusal(f"Anybody may read {path}.", f"Let its owner alone: chmod 600 {path}.")
        key = _content(path).strip()
    except OSError as error:
        raise Refusal(
            f"The new key cannot be read from {path} ({type(error).__name__}).",
            f"Make one: (umask 077; openssl rand -hex 32 > {path}).",
        ) from None
    _refuse_short(key, f"in {path}", f" > {path}")
    return key


def _content(path: Path) -> bytes:
    """The bytes of a small file; raises OSError for what is none. A pipe is not waited for."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LONGEST_KEY:
            raise OSError("no file that holds a key")
        return file.read(_LONGEST_KEY)


def _refuse_short(key: bytes, where: str, when: str) -> None:
    if len(key) < _SHORTEST_KEY:
        raise Refusal(
            f"The key {where} is shorter than {_SHORTEST_KEY} bytes.", f"Make one with `openssl rand -hex 32`{when}."
        )
