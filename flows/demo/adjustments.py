"""What is not booked on the close day: adjustments beside the targets, placed on a unit's ansvar.

A figure is the ledger and its adjustments together: the ledger of a closing is drawn to the targets less these amounts,
and has them itself in the month after, when they are taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.domain.period import Period
from flows.errors import Refusal

_FILE = "justering.csv"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One adjustment of a closing. `amount` is in öre and has the ledger's sign: cost positive, revenue negative."""

    period: Period
    number: int
    unit: int
    account: str
    amount: int
    words: str

    @property
    def is_revenue(self) -> bool:
        return self.account.startswith("3")

    @property
    def reversed_in(self) -> Period:
        return self.period.plus(1)


def read_adjustments(targets: Targets, units: Units) -> tuple[Adjustment, ...]:
    """The adjustments of one closing; a unit is its area, kind and number among those there on the last day."""
    if not targets.figures:
        return ()
    area = units.area_on(targets.period.last_day)
    found: list[Adjustment] = []
    for number, row in enumerate(targets.side_file(_FILE), start=1):
        fits = np.flatnonzero((area == row["affarsomrade"]) & (units.activity_type == row["verksamhetstyp"]))
        place = int(row["nummer"]) - 1
        if not 0 <= place < len(fits):
            raise Refusal(f"{_FILE}, row {number}, names no unit that is there.", "Correct the row.")
        amount = int(Decimal(row["belopp"].replace(",", ".")) * 100)
        found.append(Adjustment(targets.period, number, int(fits[place]), row["konto"], amount, row["orsak"]))
    return tuple(found)


def adjustment_rows(adjustments: tuple[Adjustment, ...], units: Units, dated: date) -> list[dict[str, str]]:
    """The rows of the extract."""
    return [
        {
            "period": str(one.period),
            "lopnr": str(one.number),
            "ansvar": str(units.ansvar[one.unit]),
            "konto": one.account,
            "belopp": f"{Decimal(one.amount).scaleb(-2):.2f}".replace(".", ","),
            "orsak": one.words,
            "aterfors": str(one.reversed_in),
            "ansvarig": "controller.ekonomi",
            "datum": dated.isoformat(),
        }
        for one in adjustments
    ]
