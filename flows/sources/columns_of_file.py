"""A file's header against its contract: what is there, missing, renamed or unknown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from flows.declarations.contracts import Contract
from flows.sources.delimited import Line
from flows.sources.refused_file import RefusedFile

#: How alike two names are before one may be the other renamed.
_ALIKE = 0.6

#: A name that cannot be one is not shown: a file without a header has data there.
_A_NAME = re.compile(r"[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö_ .\-]{0,39}[0-9]{0,3}")


def match_header(contract: Contract, header: Line) -> tuple[str, ...]:
    """The unknown columns, in the file's order; raises RefusedFile where a column of the contract is not there once.

    An optional column may be absent.
    """
    expected = [column.name for column in contract.columns]
    missing = [one.name for one in contract.columns if one.name not in header.fields and not one.optional]
    unknown = tuple(name for name in header.fields if name not in expected)
    if not set(expected) & set(header.fields) and not any(name.strip().lower() in expected for name in unknown):
        raise RefusedFile("header_not_found")
    for name in expected:
        if header.fields.count(name) > 1:
            raise RefusedFile("header_repeated", column=name, line=header.number)
    if missing:
        raise RefusedFile(
            "columns_missing", line=header.number, column=", ".join(missing), words=_told(missing, unknown)
        )
    return unknown


def as_delivered(contract: Contract, header: Line) -> Contract:
    """The contract without the optional columns that a file does not have."""
    there = tuple(column for column in contract.columns if not column.optional or column.name in header.fields)
    if len(there) == len(contract.columns):
        return contract
    names = {column.name for column in there}
    return replace(contract, columns=there, key=tuple(name for name in contract.key if name in names))


def shown(name: str) -> str:
    """An unknown column's name as a message may show it."""
    if not name.strip():
        return "(utan namn)"
    return name if _A_NAME.fullmatch(name) else "(ett namn som inte visas)"


def _told(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """Old, new and missing names in sentences."""
    renamed: dict[str, str] = {}
    left = [name for name in unknown if name.strip()]
    for name in missing:
        by_case = [other for other in left if other.strip().lower() == name]
        alike = by_case or difflib.get_close_matches(name, left, 1, _ALIKE)
        if alike:
            renamed[name] = alike[0]
            left.remove(alike[0])
    gone = [name for name in missing if name not in renamed]
    if len(gone) == 1 and len(left) == 1:
        renamed[gone[0]] = left.pop()
        gone = []
    sentences: list[str] = []
    if renamed:
        pairs = ", ".join(f"{old} → {shown(new)}" for old, new in renamed.items())
        sentences.append(f"kolumner ser ut att ha bytt namn ({pairs}).")
    if gone:
        sentences.append(f"kolumner saknas: {', '.join(gone)}.")
    if left:
        sentences.append(f"Nya kolumner: {', '.join(shown(name) for name in left)}.")
    return " ".join(sentences)
