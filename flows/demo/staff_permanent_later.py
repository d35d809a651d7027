"""The permanent staff after a period: who retires, leaves, goes over with a unit, comes with one, and is hired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_employments import TV, Employments, employments_of, leave_with_unit
from flows.demo.staff_headcounts import LEAVING_SEASON
from flows.demo.staff_headcounts_later import RETIRES, LaterHeadcounts, LeaverPlan
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import (
    ANNAN,
    EGEN,
    INTERNAL_RATE,
    LEAVES_ON_LAST_DAY,
    OMPLACERING,
    PENSION,
    PENSION_AGE_DEVIATION,
    STARTS_ON_FIRST_DAY,
)
from flows.demo.staff_persons import AGE_AT_HIRE, AGE_OF_PERMANENT, Persons, age_in_tenths, ages
from flows.demo.staff_units import UnitPaths, draw_units_of, unit_paths
from flows.errors import Refusal

#: So often one of those who retire is exchanged for another before their ages are given up.
_EXCHANGES = 300


@dataclass(frozen=True, slots=True)
class Hired:
    """New permanent employments, their units, and the persons behind them, who number on from those there are."""

    employments: Employments
    paths: UnitPaths
    is_male: np.ndarray
    birth: np.ndarray


def continue_permanent(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    employments: Employments,
    paths: UnitPaths,
    persons: Persons,
    plan: LaterHeadcounts,
) -> Hired:
    """In force at each month's end are exactly as many women and men as planned; ends are written into `employments`.

    Who holds two permanent employments stays, but for one that goes over with its unit; so do protected persons.
    """
    permanent = np.flatnonzero((employments.form == TV) & (employments.end >= months.first[0]))
    held = np.bincount(employments.person[permanent], minlength=len(persons.is_male))
    single = permanent[held[employments.person[permanent]] == 1]
    others = permanent[held[employments.person[permanent]] > 1]
    leave_with_unit(random, employments, np.where(np.isin(np.arange(len(employments)), others), paths.leaves_on, NEVER))
    women, men = (
        _SexDraw(random, months, units, employments, paths, persons, plan, sex, single, others) for sex in (0, 1)
    )
    # The men are few: their pensioners are drawn first, and the women's ages follow.
    of_men = men.draw()
    parts = [women.draw(men.retired), of_men]
    unit = np.concatenate([part.unit for part in parts])
    start = np.concatenate([part.start for part in parts])
    drawn = employments_of(
        len(persons.is_male) + np.arange(len(start)), TV, start, np.concatenate([part.end for part in parts]), unit
    )
    drawn.leaving = np.concatenate([part.leaving for part in parts])
    drawn.is_external = np.concatenate([part.external for part in parts])
    return Hired(
        drawn,
        UnitPaths.together([part.paths for part in parts]),
        np.repeat([False, True], [len(part.start) for part in parts]),
        np.concatenate([part.birth for part in parts]),
    )


@dataclass(slots=True)
class _Part:
    unit: np.ndarray
    paths: UnitPaths
    start: np.ndarray
    end: np.ndarray
    leaving: np.ndarray
    external: np.ndarray
    birth: np.ndarray


class _SexDraw:
    """The persons of one sex who hold one permanent employment, month by month."""

    def __init__(
        self,
        random: np.random.Generator,
        months: StaffMonths,
        units: Units,
        employments: Employments,
        paths: UnitPaths,
        persons: Persons,
        plan: LaterHeadcounts,
        sex: int,
        single: np.ndarray,
        others: np.ndarray,
    ) -> None:
        self._random, self._months, self._units, self._plan, self._sex = random, months, units, plan, sex
        self._employments = employments
        self._there = single[persons.is_male[employments.person[single]] == bool(sex)]
        of_sex = others[persons.is_male[employments.person[others]] == bool(sex)]
        #: Persons with two employments who are there at each month's end.
        self._with_two = [
            len(np.unique(employments.person[of_sex[employments.end[of_sex] >= day]])) for day in months.last
        ]
        count = len(self._there)
        self.start = employments.start[self._there].copy()
        self.end = employments.end[self._there].copy()
        self.leaves_on = paths.leaves_on[self._there].copy()
        self.leaving = employments.leaving[self._there].copy()
        self.external = np.zeros(count, dtype=bool)
        self.birth = persons.birth[employments.person[self._there]].copy()
        self.stays = persons.is_protected[employments.person[self._there]].copy()
        self.unit = employments.unit[self._there].copy()
        #: What the ages of those who retire sum to, by the first month of a stretch.
        self.retired: dict[int, int] = {}
        self.paths = [UnitPaths(paths.unit[self._there], self.leaves_on)]

    def draw(self, retired_men: Mapping[int, int] | None = None) -> _Part:
        """The new ones; what happens to those who were there is written into the employments.

        `retired_men`, for the women: what the ages of the men who retire sum to, by the first month of a stretch.
        """
        months, sex = self._months, self._sex
        going = np.zeros(len(months), dtype=np.int64)
        # Those whose ages are to come to a sum are chosen first, from all there are.
        for plan in sorted(self._plan.leavers, key=lambda plan: not plan.is_exact):
            self._retire(plan, (retired_men or {}).get(plan.stretch.start, 0))
        for plan in self._plan.leavers:
            for part, leavers in plan.leavers:
                season = LEAVING_SEASON[months.calendar_month[part] - 1]
                first, last = int(months.first[part.start]), int(months.last[part.stop - 1])
                retired = int(((self.end >= first) & (self.end <= last)).sum())
                others = max(0, leavers[sex] - retired)
                going[part] = self._random.multinomial(others, season / season.sum())
        present = len(self.start)
        for month in range(len(months)):
            present = self._draw_month(month, present, int(going[month]))
        known = len(self._there)
        self._employments.end[self._there] = self.end[:known]
        self._employments.leaving[self._there] = self.leaving[:known]
        self._employments.is_external[self._there] = self.external[:known]
        return _Part(
            self.unit[known:],
            UnitPaths.together(self.paths[1:]) if len(self.paths) > 1 else self._no_paths(),
            self.start[known:],
            self.end[known:],
            self.leaving[known:],
            self.external[known:],
            self.birth[known:],
        )

    def _draw_month(self, month: int, present: int, going: int) -> int:
        """Leavers and new ones of a month, beside those who retire; returns how many are there on the next first."""
        random, first, last = self._random, int(self._months.first[month]), int(self._months.last[month])
        retiring_early = int(((self.end >= first) & (self.end < last)).sum())
        retiring_last = int((self.end == last).sum())
        taken_over = [unit for unit in self._plan.taken_over if unit.month == month]
        for unit in taken_over:
            count = unit.persons[self._sex]
            self._add(np.full(count, first), np.full(count, unit.unit), month, AGE_OF_PERMANENT)
            present += count
        moving = int(random.poisson(INTERNAL_RATE * present))
        on_last_day = int(random.binomial(going + moving, LEAVES_ON_LAST_DAY))
        wanted = int(self._plan.persons[month + 1, self._sex]) - self._with_two[month]
        coming = wanted - (present - retiring_early - (going + moving - on_last_day))
        # A headcount that falls by more than leave moves elsewhere in the house before the month is out.
        moving, coming = moving - min(coming, 0), max(coming, 0)
        able = np.flatnonzero((self.end == NEVER) & (self.start < first) & (self.leaves_on > last) & ~self.stays)
        if going + moving > len(able):
            raise Refusal(
                "The targets for permanent_headcount and external_turnover ask more to leave than there are.",
                "Correct those figures in the targets' folder.",
            )
        chosen = random.choice(able, going + moving, replace=False)
        self.end[chosen] = last
        early = random.permutation(len(chosen))[: len(chosen) - on_last_day]
        self.end[chosen[early]] = first + random.integers(0, last - first, len(early))
        self.external[chosen[:going]] = True
        self.leaving[chosen] = np.where(
            random.random(len(chosen)) < 0.82, np.where(self.external[chosen], EGEN, OMPLACERING), ANNAN
        )
        goes = np.flatnonzero((self.end == NEVER) & (self.leaves_on == last))
        self.end[goes] = last
        self.leaving[goes] = np.where(random.random(len(goes)) < 0.82, OMPLACERING, ANNAN)
        on_first = random.random(coming) < STARTS_ON_FIRST_DAY
        start = np.where(on_first, first, first + random.integers(0, last - first + 1, coming))
        self._add(start, draw_units_of(random, self._units, coming, self._months, month), month, AGE_AT_HIRE)
        return wanted - on_last_day - retiring_last - len(goes)

    def _add(self, start: np.ndarray, unit: np.ndarray, month: int, spread: tuple[float, float, float, float]) -> None:
        count = len(start)
        born = (start - ages(self._random, spread, count)).astype(np.int64)
        paths = unit_paths(self._random, self._units, self._months, unit, since=month)
        self.start = np.append(self.start, start)
        self.end = np.append(self.end, np.full(count, NEVER))
        self.leaves_on = np.append(self.leaves_on, paths.leaves_on)
        self.leaving = np.append(self.leaving, np.full(count, -1, dtype=np.int8))
        self.external = np.append(self.external, np.zeros(count, dtype=bool))
        self.birth = np.append(self.birth, born)
        self.stays = np.append(self.stays, np.zeros(count, dtype=bool))
        self.unit = np.append(self.unit, unit)
        self.paths.append(paths)

    def _no_paths(self) -> UnitPaths:
        return UnitPaths(np.empty((0, len(self._months)), dtype=np.int32), np.empty(0, dtype=np.int64))

    def _retire(self, plan: LeaverPlan, men: int) -> None:
        """Those who retire in a stretch: of an age near the mean, on days on which their ages come to the sum."""
        wanted, total = plan.pensions.leavers[self._sex], plan.pensions.tenths[self._sex]
        pool, days, tenths = self._may_retire(plan.stretch)
        if not plan.is_exact:
            wanted = min(wanted, len(pool))
        if wanted > len(pool):
            raise _nobody_of_that_age()
        if not wanted:
            return
        middle = total / wanted if total else 646.0
        away = (tenths[:, 0] - middle) / (10 * PENSION_AGE_DEVIATION)
        weight = np.exp(-(away**2) / 2) + 1e-9
        chosen = self._random.choice(len(pool), wanted, replace=False, p=weight / weight.sum())
        day = self._random.integers(0, len(days), wanted)
        if plan.is_exact:
            bounds = plan.pensions.of_men() if self._sex == 1 else plan.pensions.of_women(men)
            self._come_to(*bounds, tenths, chosen, day)
            self.retired[plan.stretch.start] = int(tenths[chosen, day].sum())
        retired = pool[chosen]
        self.end[retired], self.leaving[retired], self.external[retired] = days[day], PENSION, True

    def _may_retire(self, stretch: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Who is of an age to retire in a stretch, on which days, and their ages then in tenths of a year."""
        months = self._months
        first, last = int(months.first[stretch.start]), int(months.last[stretch.stop - 1])
        days = np.concatenate([months.last[stretch], *(months.first[stretch] + after for after in (4, 9, 14, 19, 24))])
        tenths = age_in_tenths(self.birth[:, None], days[None, :])
        able = (self.end == NEVER) & (self.start < first) & (self.leaves_on > last) & ~self.stays
        able &= (tenths.min(axis=1) >= RETIRES[0]) & (tenths.max(axis=1) <= RETIRES[1])
        pool = np.flatnonzero(able)
        return pool, days, tenths[pool]

    def _come_to(self, low: int, high: int, tenths: np.ndarray, chosen: np.ndarray, day: np.ndarray) -> None:
        """Exchange those chosen, or their days, until their ages sum to low … high; raises Refusal."""
        random = self._random
        for _ in range(_EXCHANGES):
            reached = int(tenths[chosen, day].sum())
            if low <= reached <= high:
                return
            place = int(random.integers(len(chosen)))
            asked = int(tenths[chosen[place], day[place]]) + (low + high) // 2 - reached
            free = np.ones(len(tenths), dtype=bool)
            free[np.delete(chosen, place)] = False
            distance = np.abs(tenths - asked) + np.where(free, 0, 10_000)[:, None]
            best = np.argwhere(distance == distance.min())
            at = best[int(random.integers(len(best)))]
            chosen[place], day[place] = int(at[0]), int(at[1])
        raise _nobody_of_that_age()


def _nobody_of_that_age() -> Refusal:
    return Refusal(
        "The target for pension_age cannot come out: too few of the staff are of an age at which people retire.",
        "Correct pension_age in the targets' folder.",
    )
