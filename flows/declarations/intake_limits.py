"""How much may be wrong with a file before it is the file that is wrong."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from flows.declarations import root

PATH = root.REFERENCE / "intake_limits.csv"


def tolerated_bad_rows(lines: int) -> int:
    """The most bad rows with which an extract of so many data lines still lands."""
    limits = _limits()
    share = limits["bad_rows_tolerated_percent"] * lines / 100
    return int(max(limits["bad_rows_tolerated"], share))


def intake_limit(limit_id: str) -> Decimal:
    """One limit by its name."""
    return _limits()[limit_id]


@cache
def _limits() -> Mapping[str, Decimal]:
    with PATH.open(encoding="utf-8", newline="") as lines:
        # Rows are in the order of their dates: the last one of a limit is in force.
        return {row["limit_id"]: Decimal(row["limit_value"]) for row in csv.DictReader(lines)}
