"""On which line of a TOML file a key stands: the standard library's parser does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"']+)\s*=")


def line_of(text: str, keys: Sequence[str]) -> int | None:
    """The line of the longest known beginning of a key's path; None where none of it is written out.

    Reads tables and plain keys; what stands within a string of several lines is taken for what it looks like.
    """
    best, best_line = 0, None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if (match := _TABLE.match(line)) is not None:
            table = _parts(match[1])
            path = table
        elif (match := _KEY.match(line)) is not None:
            path = (*table, *_parts(match[1]))
        else:
            continue
        if len(path) > best and tuple(keys[: len(path)]) == path:
            best, best_line = len(path), number
    return best_line


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
