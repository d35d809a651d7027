"""What the account groups are called in print: rows of `warehouse/reference/`, never code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from flows.declarations import root


@cache
def account_group_labels() -> Mapping[str, str]:
    """Account group → its label, in the order of print."""
    with (root.REFERENCE / "account_groups.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["order_number"]))
    return {row["account_group"]: row["label"] for row in rows}
