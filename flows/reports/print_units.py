"""The printed units: how a figure is carried from one into another, and the words that people write for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from flows.declarations import root
from flows.reports.wording import read_rows


@dataclass(frozen=True, slots=True)
class PrintUnits:
    """`factors`: figure unit → print unit → how many of the print unit one figure unit is.

    `differences`: print unit → the unit of what lies between two such numbers, where that is another (per cent).
    """

    factors: Mapping[str, Mapping[str, Fraction]]
    differences: Mapping[str, str]

    def factor(self, unit: str, wanted: str) -> Fraction | None:
        """What a number in a unit is multiplied by to stand in the wanted one; None where it cannot."""
        if unit == wanted:
            return Fraction(1)
        for per_unit in self.factors.values():
            if unit in per_unit and wanted in per_unit:
                return per_unit[wanted] / per_unit[unit]
        return None


@cache
def read_print_units(folder: Path = root.REFERENCE) -> PrintUnits:
    """Read units.csv."""
    factors: dict[str, dict[str, Fraction]] = defaultdict(dict)
    rows = read_rows(folder / "units.csv")
    for row in rows:
        factors[row["figure_unit"]][row["print_unit"]] = Fraction(row["multiplier"]) / Fraction(row["divisor"])
    differences = {row["print_unit"]: row["difference_unit"] for row in rows}
    return PrintUnits(factors, {unit: other for unit, other in differences.items() if other != unit})
