"""Which observed values each threshold judges, and how a limit is learned from them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.declarations import root


@dataclass(frozen=True, slots=True)
class Observed:
    """Where the values lie that a threshold judges: `value` × `times` ÷ `per` of a table's rows, in its unit."""

    table: str
    value: str
    per: str
    times: int
    also: str = "true"


@dataclass(frozen=True, slots=True)
class Unlearned:
    """A threshold that no history can teach, and why."""

    because: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """The percentile that is learned, the fewest values to learn it from, and each threshold's place."""

    percentile: int
    least_values: int
    thresholds: Mapping[str, Observed | Unlearned]


@cache
def calibration() -> Calibration:
    """What warehouse/calibration.toml declares."""
    declared = tomllib.loads(root.CALIBRATION.read_text("utf-8"))
    thresholds = {
        name: Unlearned(one["unlearned"]) if "unlearned" in one else Observed(**one)
        for name, one in declared["thresholds"].items()
    }
    return Calibration(declared["method"]["percentile"], declared["method"]["least_values"], thresholds)
