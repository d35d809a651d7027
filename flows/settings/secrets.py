"""Secrets: settings name where one is kept, never the secret itself."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from flows.errors import Refusal

_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_FILE = re.compile(r"file:(/.+)")
#: What only the owner, or the owner's group, may read.
_OTHERS_RIGHTS = 0o007
#: No password, token or address is longer.
_LONGEST = 65_536


def _names_a_keeper(text: str) -> str:
    """Raises ValueError without the text: it may be a secret that somebody typed in."""
    if not (_VARIABLE.fullmatch(text) or _FILE.fullmatch(text)):
        raise ValueError('write "env:NAME" or "file:/path": a secret does not stand in the settings')
    return text


#: `env:NAME` or `file:/path`.
SecretKeeper = Annotated[str, AfterValidator(_names_a_keeper)]


def read_secret(keeper: str) -> str:
    """The secret itself; raises Refusal where it is not there, is empty, or lies in a file that anybody may read."""
    if variable := _VARIABLE.fullmatch(keeper):
        found = os.environ.get(variable[1], "").strip()
        if not found:
            raise Refusal(f"The variable {variable[1]} is not set.", "Set it where this program is started.")
        return _one_line(found, f"The variable {variable[1]}")
    path = Path(keeper.removeprefix("file:"))
    try:
        found = _content(path)
    except (OSError, ValueError) as error:
        raise Refusal(f"The secret in {path} cannot be read ({type(error).__name__}).", "Put it there.") from None
    if not found:
        raise Refusal(f"{path} is empty.", "Put the secret there.")
    return _one_line(found, str(path))


def _content(path: Path) -> str:
    """The text of a small file of the owner's; raises Refusal, OSError, ValueError. A pipe is not waited for."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LONGEST:
            raise Refusal(f"{path} is no file that holds a secret.", "Put the secret alone in a file.")
        if found.st_mode & _OTHERS_RIGHTS:
            raise Refusal(f"Anybody may read {path}.", f"Let its owner alone: chmod 600 {path}.")
        return file.read(_LONGEST).decode("utf-8-sig").strip()


def _one_line(secret: str, where: str) -> str:
    """The secret, which becomes part of a line that is sent: another line in it would be the sender's word too."""
    if not secret.isprintable():
        raise Refusal(f"{where} holds more than one line.", "Let it hold the secret alone.")
    return secret
