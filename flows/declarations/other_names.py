"""What other systems call the contracts' columns: how a file of an unknown form is recognised."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from flows.declarations import root

PATH = root.REFERENCE / "other_names.csv"


@cache
def other_names() -> Mapping[str, frozenset[str]]:
    """Column of the contracts → its other names as they are written."""
    found: dict[str, set[str]] = {}
    with PATH.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["column_name"], set()).add(row["other_name"])
    return {name: frozenset(others) for name, others in found.items()}
