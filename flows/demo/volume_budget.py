"""The budget of volumes by unit and month: a year's total beside the targets, spread as the volumes usually fall."""

from __future__ import annotations

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.demo.volumes import CARE_SEASON
from flows.domain.period import Period
from flows.errors import Refusal

#: The kind of unit that has a measure's volumes.
_KIND = {
    "home_care_hours": "HEMTJANST",
    "care_days": "VARDBOENDE",
    "assistance_hours_sfb": "ASSISTANS",
    "assistance_hours_lss": "ASSISTANS",
}


def volume_budget(units: Units, targets: Targets) -> list[dict[str, str]]:
    """A row for each measure that has a total, unit of the close and month of the year; in whole hours and days."""
    if not targets.figures:
        return []
    months = Period(targets.period.year, 1).through(Period(targets.period.year, 12))
    fall = np.array([month.days * CARE_SEASON[month.month - 1] for month in months])
    rows: list[dict[str, str]] = []
    for row in targets.side_file("verksamhet_budget.csv"):
        kind = _KIND.get(row["matt_id"])
        if kind is None:
            raise Refusal(f"{row['matt_id']!r} has no budget by unit.", f"Name one of {', '.join(_KIND)}.")
        place = units.of_type(kind)[units.in_force_on(targets.period.last_day)[units.of_type(kind)]]
        raw = (units.turnover_weight[place][:, None] * fall[None, :]).ravel()
        parts = apportion(raw, np.zeros(len(raw), dtype=np.int64), np.array([int(row["budget"])]))
        for unit, of_unit in zip(place, parts.reshape(len(place), 12), strict=True):
            for month, budget in zip(months, of_unit, strict=True):
                rows.append(
                    {
                        "period": str(targets.period),
                        "matt_id": row["matt_id"],
                        "enhet_kod": str(units.unit_code[unit]),
                        "manad": str(month),
                        "budget": str(budget),
                    }
                )
    return rows
