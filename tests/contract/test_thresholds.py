"""Every limit that the gate's SQL asks for is decided somewhere, and every one decided is asked for."""

from __future__ import annotations

import csv
import re

from flows.declarations import root
from flows.declarations.calibration import Observed, calibration

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


def test_every_threshold_has_a_history_or_says_why_not() -> None:
    assert calibration().thresholds.keys() == {row["threshold_id"] for row in _decided()}


def test_what_a_threshold_judges_stands_in_the_table_that_asks_for_it() -> None:
    for name, place in calibration().thresholds.items():
        if isinstance(place, Observed):
            model = root.SQL.joinpath(*place.table.split(".")).with_suffix(".sql")
            assert name in _NAMED.findall(model.read_text("utf-8")), name
