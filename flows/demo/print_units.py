"""What one printed unit is of a measure's own: thousands of SEK, per cent of a ratio."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from flows.declarations import root
from flows.errors import Refusal


@cache
def _units() -> Mapping[tuple[str, str], Decimal]:
    measures, units = (
        list(csv.DictReader((root.REFERENCE / f"{name}.csv").read_text("utf-8").splitlines()))
        for name in ("measures", "units")
    )
    return {
        (measure["measure_id"], unit["print_unit"]): Decimal(unit["divisor"]) / Decimal(unit["multiplier"])
        for measure in measures
        for unit in units
        if unit["figure_unit"] == measure["figure_unit"]
    }


def in_own_unit(measure_id: str, print_unit: str, cell: str) -> Decimal:
    """How much of the measure's own unit one printed unit is; refuses a pair that the catalogue does not know."""
    found = _units().get((measure_id, print_unit))
    if found is None:
        raise Refusal(
            f"{cell} cannot print {measure_id!r} in {print_unit!r}.",
            "See warehouse/reference/measures.csv and units.csv.",
        )
    return found
