"""Leave other than sickness: vacation, parental leave, care of a sick child, leave of absence, other reasons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.absence_spells import FL, OVR, SEM, TJL, VAB, Spells, Worktime, candidates, without_overlap
from flows.demo.staff_months import StaffMonths, day_weights, draw_days

#: Leave that began so long before the first month may still last in it.
BEFORE = 250

_EVERY_DAY = np.ones(7)
_WORKDAYS = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.05, 0.05])
_MONDAYS = np.array([1.0, 0.05, 0.05, 0.05, 0.05, 0.0, 0.0])
_ALL_YEAR = np.ones(12)
_WINTER = np.array([1.3, 1.4, 1.2, 1.0, 0.9, 0.7, 0.3, 0.7, 1.1, 1.2, 1.3, 1.0])
_SUMMER = np.array([0.0, 0.0, 0.0, 0.0, 0.05, 1.0, 1.1, 0.15, 0.0, 0.0, 0.0, 0.0])
_BREAKS = np.array([0.7, 1.4, 0.7, 1.3, 0.9, 0.4, 0.2, 0.6, 0.6, 1.3, 0.6, 1.8])


@dataclass(frozen=True, slots=True)
class LeaveKind:
    """How one kind of leave is drawn: spells a person and year, among which ages, when, how long, at which extents."""

    code: int
    a_year: float
    ages: tuple[int, int]
    season: np.ndarray
    weekdays: np.ndarray
    days: tuple[int, int]
    extents: tuple[int, ...] = (100,)
    #: Men's rate beside women's.
    of_men: float = 1.0


KINDS = (
    LeaveKind(SEM, 1.0, (18, 80), _SUMMER, _MONDAYS, (14, 30)),
    LeaveKind(SEM, 2.6, (18, 80), _BREAKS, _MONDAYS, (3, 9)),
    LeaveKind(VAB, 2.6, (24, 46), _WINTER, _WORKDAYS, (1, 4), (100, 100, 100, 50)),
    LeaveKind(FL, 0.3, (22, 42), _ALL_YEAR, _EVERY_DAY, (20, 260), (100, 100, 50, 25), 0.6),
    LeaveKind(TJL, 0.035, (20, 62), _ALL_YEAR, _MONDAYS, (28, 365), (100, 100, 50)),
    LeaveKind(OVR, 0.5, (20, 67), _ALL_YEAR, _WORKDAYS, (1, 2)),
)


def draw_leave(
    random: np.random.Generator, months: StaffMonths, work: Worktime, sick: Spells, begins: int | None = None
) -> Spells:
    """Leave around the sick spells: nobody is away for two reasons on one day; who falls ill breaks off the leave.

    It begins on the day `begins` at the earliest, by default long before the first month.
    """
    begins, ends = int(months.first[0]) - BEFORE if begins is None else begins, int(months.last[-1])
    age = (months.first[0] - work.birth) / 365.25
    parts: list[Spells] = []
    for kind in KINDS:
        able = np.flatnonzero((age >= kind.ages[0]) & (age < kind.ages[1]))
        rate = np.where(work.is_male[able], kind.of_men, 1.0)
        weights = day_weights(begins, ends, kind.season, kind.weekdays)
        # As much of the year's leave as these days have of a year's season: there is no summer in a winter.
        years = weights.sum() / (365.25 * kind.season.mean() * kind.weekdays.mean())
        count = random.poisson(kind.a_year * rate.sum() * years)
        cumulative = np.cumsum(rate)
        drawn = (
            able[np.searchsorted(cumulative, random.random(count) * rate.sum(), side="right")] if count else able[:0]
        )
        first = draw_days(random, begins, weights, count)
        days = random.integers(kind.days[0], kind.days[1] + 1, count)
        extent = random.choice(np.array(kind.extents), count)
        parts.append(candidates(work, drawn, kind.code, first, days, extent))
    return without_overlap(Spells.together(parts), sick)
