"""Every limit that the gate's SQL asks for is decided somewhere, and every one decided is asked for."""

from __future__ import annotations

import csv
import re

from flows.declarations import root

_NAMED = re.compile(r"threshold_id = '([a-z0-9_]+)'")


def _decided() -> list[dict[str, str]]:
    with (root.REFERENCE / "thresholds.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_threshold_asked_for_is_decided_and_the_other_way() -> None:
    """A limit that no row gives would join to nothing, and its rule would never bite."""
    asked = {name for path in root.SQL.glob("*/*.sql") for name in _NAMED.findall(path.read_text("utf-8"))}
    assert asked == {row["threshold_id"] for row in _decided()}


def test_a_threshold_says_since_when_by_whom_and_why() -> None:
    for row in _decided():
        assert all(row[name] for name in ("threshold_value", "threshold_unit", "valid_from", "source", "because")), row
