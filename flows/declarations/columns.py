"""The column dictionary: each column name once, with one type, unit and meaning for every table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flows.declarations import root
from flows.errors import Refusal


@dataclass(frozen=True, slots=True)
class DictionaryColumn:
    """One column name: what it holds wherever it stands. `label` is Swedish."""

    name: str
    type: str
    unit: str
    meaning: str
    label: str
    personal: bool


@cache
def columns() -> Mapping[str, DictionaryColumn]:
    """The whole dictionary by column name; raises Refusal where the file cannot be read."""
    return read_columns(root.COLUMNS)


def read_columns(path: Path) -> Mapping[str, DictionaryColumn]:
    """The dictionary of one file; raises Refusal naming the line or the column that is wrong."""
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
        return {name: DictionaryColumn(name, **fields) for name, fields in declared.items()}
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise Refusal(
            f"{path.name} cannot be read: {error}.",
            "Give each column once: type, unit, meaning, label and personal.",
        ) from error


def column_type(name: str, where: str) -> str:
    """The DuckDB type of a column; raises Refusal naming `where` it stands if the dictionary lacks it."""
    found = columns().get(name)
    if found is None:
        raise Refusal(
            f"{where}: the column {name} is not in {root.COLUMNS.name}.",
            "Add it there: type, unit, meaning, label and personal.",
        )
    return found.type
