"""Secrets: settings name where one is kept, never the secret itself."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from flows.errors import Refusal

_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_FILE = re.compile(r"file:(/.+)")
#: What only the owner, or the owner's group, may read.
_OTHERS_RIGHTS = 0o007


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
        found = os.environ.get(variable[1], "")
        if not found:
            raise Refusal(f"The variable {variable[1]} is not set.", "Set it where this program is started.")
        return found
    path = Path(keeper.removeprefix("file:"))
    try:
        if path.stat().st_mode & _OTHERS_RIGHTS:
            raise Refusal(f"Anybody may read {path}.", f"Let its owner alone: chmod 600 {path}.")
        found = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"The secret in {path} cannot be read ({type(error).__name__}).", "Put it there.") from None
    if not found:
        raise Refusal(f"{path} is empty.", "Put the secret there.")
    return found
