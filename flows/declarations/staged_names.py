"""What staging calls a source's columns: by these names the column dictionary knows what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from flows.declarations import root
from flows.declarations.columns import DictionaryColumn, columns

_SOURCE = re.compile(r"^-- Source: ([a-z_]+)\.", re.MULTILINE)
_RENAMED = re.compile(r'^\s*delivered\."?([a-z_]+)"?(?: as ([a-z_]+))?,?$', re.MULTILINE)


@cache
def described(extract: str) -> Mapping[str, DictionaryColumn]:
    """Column of an extract → its entry in the dictionary, where staging takes it over as it is."""
    found: dict[str, DictionaryColumn] = {}
    for path in sorted((root.SQL / "staging").glob("*.sql")):
        text = path.read_text("utf-8")
        source = _SOURCE.search(text)
        if source is None or source[1] != extract:
            continue
        for theirs, ours in _RENAMED.findall(text):
            if (ours or theirs) in columns():
                found[theirs] = columns()[ours or theirs]
    return found
