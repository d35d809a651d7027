"""In which unit each employment is, month by month, as units split, merge, close, leave and come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_months import NEVER, StaffMonths

_OPEN_UNIT = np.datetime64("9999-12-31")


@dataclass(frozen=True, slots=True)
class UnitPaths:
    """`unit` is employment × month; `leaves_on` the day on which an employment's unit leaves the organisation."""

    unit: np.ndarray
    leaves_on: np.ndarray

    @classmethod
    def together(cls, parts: list[UnitPaths]) -> UnitPaths:
        return cls(np.concatenate([part.unit for part in parts]), np.concatenate([part.leaves_on for part in parts]))


def last_days(units: Units) -> np.ndarray:
    """Each unit's last day as a number; NEVER where it has none."""
    days = units.valid_to.astype("datetime64[D]")
    return np.where(days == _OPEN_UNIT, NEVER, days.astype(np.int64))


def units_of_month(units: Units, months: StaffMonths, month: int) -> np.ndarray:
    """The indexes of the units that are there on the month's last day."""
    day = np.datetime64(int(months.last[month]), "D")
    return np.flatnonzero((units.valid_from <= day) & (day <= units.valid_to))


def units_that_come(units: Units, months: StaffMonths, month: int) -> np.ndarray:
    """The units that begin in a month and that no other unit goes over into."""
    begins = (units.valid_from >= np.datetime64(int(months.first[month]), "D")) & (
        units.valid_from <= np.datetime64(int(months.last[month]), "D")
    )
    begins[[one.successor for one in units.successions]] = False
    return np.flatnonzero(begins)


def units_that_leave(units: Units, day: int) -> np.ndarray:
    """The units whose last day it is and that nobody succeeds."""
    succeeded = np.array([one.unit for one in units.successions], dtype=np.int64)
    return np.setdiff1d(np.flatnonzero(last_days(units) == day), succeeded)


def draw_units_of(
    random: np.random.Generator, units: Units, count: int, months: StaffMonths, month: int = 0
) -> np.ndarray:
    """A unit for each, by staff, among the units that are there in the month and do not leave at its end."""
    there = np.setdiff1d(units_of_month(units, months, month), units_that_leave(units, int(months.last[month])))
    weight = units.staff_weight[there]
    place = np.searchsorted(np.cumsum(weight), random.random(count) * weight.sum(), side="right")
    return there[np.minimum(place, len(there) - 1)]


def unit_paths(
    random: np.random.Generator,
    units: Units,
    months: StaffMonths,
    unit: np.ndarray,
    since: np.ndarray | int = 0,
    moves: tuple[np.ndarray, np.ndarray] | None = None,
    may_leave: bool = True,
) -> UnitPaths:
    """From each employment's unit in the month `since`, along what happens to the units; `moves`: into, and from when.

    The staff of a unit that goes over into several are shared as its accounts are. Where nobody succeeds a unit, its
    staff leave with it on its last day; unless they may not before the last month ends, and are placed in the others.
    """
    now = unit.copy()
    path = np.empty((len(unit), len(months)), dtype=np.int32)
    leaves_on = np.full(len(unit), NEVER, dtype=np.int64)
    ends_on = last_days(units)
    for month in range(len(months)):
        if moves is not None:
            now = np.where(moves[1] == month, moves[0], now)
        for _ in range(len(units)):
            ended = np.flatnonzero(
                (ends_on[now] < months.last[month]) & (leaves_on == NEVER) & (month >= np.asarray(since))
            )
            if not len(ended):
                break
            for gone in np.unique(now[ended]):
                staff = ended[now[ended] == gone]
                heirs = units.successors(int(gone))
                if heirs:
                    bounds = np.cumsum([float(heir.share) for heir in heirs])
                    place = np.searchsorted(bounds / bounds[-1], random.random(len(staff)), side="right")
                    now[staff] = np.array([heir.successor for heir in heirs])[np.minimum(place, len(heirs) - 1)]
                elif may_leave:
                    leaves_on[staff] = ends_on[gone]
                else:
                    now[staff] = draw_units_of(random, units, len(staff), months, month)
        if not may_leave and month > 0:
            _fill(random, units, months, month, now)
        path[:, month] = now
    goes = np.isin(now, units_that_leave(units, int(months.last[-1])))
    return UnitPaths(path, np.where(goes, int(months.last[-1]), leaves_on))


def _fill(random: np.random.Generator, units: Units, months: StaffMonths, month: int, now: np.ndarray) -> None:
    """Units that come in the month are staffed from the others."""
    there = units.staff_weight[units_of_month(units, months, month)].sum()
    for unit in units_that_come(units, months, month):
        now[random.random(len(now)) < units.staff_weight[unit] / there] = unit
