"""Temporary and hourly staff after a period: contracts go on or end, and follow the units that leave and come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_employments import TIM, VIK, VISS, Employments, employments_of
from flows.demo.staff_headcounts_later import TakenOver
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import ANNAN, EGEN, STAYS
from flows.demo.staff_temporary import (
    CONTRACT_DAYS,
    HOURLY,
    HOURLY_IN_SUMMER,
    RENEWED,
    SUBSTITUTES,
    TEMPORARY,
)
from flows.demo.staff_units import UnitPaths, draw_units_of, unit_paths

#: Of the hourly staff, so many leave in a month and are replaced the day after.
HOURLY_TURNOVER = 0.025
#: More contracts than anybody signs between two periods a few years apart.
_CHAIN = 24

#: A month, and how many women and men are in force on its last day.
Stage = tuple[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class NewTemporary:
    """New employments, their units, and the sex (is male) of the persons who are new with them."""

    employments: Employments
    paths: UnitPaths
    is_male: np.ndarray


@dataclass(slots=True)
class _Places:
    """Places that one employment after the other fills: `then` is the day of the next contract's beginning."""

    holder: np.ndarray
    form: np.ndarray
    then: np.ndarray
    closes: np.ndarray
    unit: np.ndarray

    def add(self, form: np.ndarray, then: np.ndarray, closes: np.ndarray, unit: np.ndarray) -> None:
        self.holder = np.append(self.holder, np.full(len(form), -1))
        self.form = np.append(self.form, form)
        self.then = np.append(self.then, then)
        self.closes = np.append(self.closes, closes)
        self.unit = np.concatenate([self.unit, unit])


def continue_temporary(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    employments: Employments,
    paths: UnitPaths,
    is_male: np.ndarray,
    stages: Sequence[Stage],
    taken_over: Sequence[TakenOver],
    first_person: int,
) -> NewTemporary:
    """Monthly paid temporary employments, as many in force on the last day of each stage's month as it says.

    Ends of those that are there already are written into `employments`; new persons number from `first_person`.
    """
    parts: list[Employments] = []
    part_paths: list[UnitPaths] = []
    sexes: list[np.ndarray] = []
    for sex in (0, 1):
        places = _places(random, months, units, employments, paths, is_male, taken_over, sex)
        first = int(months.first[0])
        for month, wanted in stages:
            _open_or_close(random, months, units, places, (first, month), wanted[sex])
            first = int(months.last[month]) + 1
        drawn, place, persons = _contracts(random, months, employments, places, first_person)
        parts.append(drawn)
        part_paths.append(UnitPaths(places.unit[place], np.full(len(place), NEVER)))
        sexes.append(np.full(persons, bool(sex)))
        first_person += persons
    return NewTemporary(Employments.together(parts), UnitPaths.together(part_paths), np.concatenate(sexes))


def _places(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    employments: Employments,
    paths: UnitPaths,
    is_male: np.ndarray,
    taken_over: Sequence[TakenOver],
    sex: int,
) -> _Places:
    """The places of a sex: those held when the months begin, and those that come with units."""
    first = int(months.first[0])
    holder = np.flatnonzero(
        np.isin(employments.form, (VIK, VISS))
        & (employments.end >= first - 1)
        & (paths.leaves_on >= first)
        & (is_male[employments.person] == bool(sex))
    )
    places = _Places(
        holder,
        employments.form[holder],
        employments.end[holder] + 1,
        paths.leaves_on[holder].copy(),
        paths.unit[holder],
    )
    for unit in taken_over:
        count = round(TEMPORARY * unit.persons[sex])
        path = unit_paths(random, units, months, np.full(count, unit.unit), since=unit.month)
        places.add(_forms(random, count), np.full(count, int(months.first[unit.month])), path.leaves_on, path.unit)
    return places


def _open_or_close(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    places: _Places,
    stretch: tuple[int, int],
    wanted: int,
) -> None:
    """As many more or fewer places, from days after the stretch's first, as are wanted on its month's last day."""
    first, month = stretch
    last = int(months.last[month])
    there = np.flatnonzero((places.closes >= last) & ((places.holder >= 0) | (places.then <= last)))
    missing = wanted - len(there)
    if missing < 0:
        closing = random.choice(there, -missing, replace=False)
        opened = np.where(places.holder[closing] >= 0, first, np.maximum(places.then[closing] + 1, first))
        places.closes[closing] = random.integers(np.minimum(opened, last - 1), last)
        return
    opens = np.sort(random.integers(first, last + 1, missing))
    for at in np.unique(months.index_of(opens)):
        of_month = opens[months.index_of(opens) == at]
        unit = draw_units_of(random, units, len(of_month), months, int(at))
        path = unit_paths(random, units, months, unit, since=int(at))
        # A place that closes with its unit before the day that counts would be missing on it.
        moved = path.leaves_on <= last
        if moved.any():
            staying = draw_units_of(random, units, int(moved.sum()), months, month)
            again = unit_paths(random, units, months, staying, since=month)
            path.unit[moved], path.leaves_on[moved] = again.unit, again.leaves_on
            of_month = np.where(moved, np.maximum(of_month, int(months.first[month])), of_month)
        places.add(_forms(random, len(of_month)), of_month, path.leaves_on, path.unit)


def _forms(random: np.random.Generator, count: int) -> np.ndarray:
    return np.where(random.random(count) < SUBSTITUTES, VIK, VISS).astype(np.int8)


def _contracts(
    random: np.random.Generator,
    months: StaffMonths,
    employments: Employments,
    places: _Places,
    first_person: int,
) -> tuple[Employments, np.ndarray, int]:
    """The contracts that follow in each place, the place of each, and how many persons are new."""
    count, end_of_all = len(places.form), int(months.last[-1])
    has_holder = places.holder >= 0
    holder = places.holder[has_holder]
    is_cut = employments.end[holder] > places.closes[has_holder]
    employments.end[holder] = np.minimum(employments.end[holder], places.closes[has_holder])
    then = places.then.copy()
    then[has_holder] = employments.end[holder] + 1
    shortest = np.where(places.form == VIK, CONTRACT_DAYS[0][0], CONTRACT_DAYS[1][0])
    longest = np.where(places.form == VIK, CONTRACT_DAYS[0][1], CONTRACT_DAYS[1][1])
    length = random.integers(shortest[:, None], longest[:, None], (count, _CHAIN))
    ends = then[:, None] + np.cumsum(length, axis=1) - 1
    ends[:, -1] = np.maximum(ends[:, -1], end_of_all + 30)
    starts = np.concatenate([then[:, None], ends[:, :-1] + 1], axis=1)
    held = starts <= np.minimum(end_of_all, places.closes)[:, None]
    new_person = random.random((count, _CHAIN)) >= RENEWED
    # Whose contract ended with the months before has left already.
    new_person[:, 0] |= ~has_holder
    new_person[has_holder, 0] |= employments.leaving[holder] != STAYS
    who = np.cumsum(new_person, axis=1)
    place = np.broadcast_to(np.arange(count)[:, None], held.shape)[held]
    number = np.unique(place * (_CHAIN + 1) + who[held], return_inverse=True)[1]
    goes_on = who[held] == 0
    is_new = np.unique(number[~goes_on], return_inverse=True)[1]
    person = np.empty(len(place), dtype=np.int64)
    person[~goes_on] = first_person + is_new
    held_by = np.where(has_holder, places.holder, 0)
    person[goes_on] = employments.person[held_by[place[goes_on]]]
    natural_end = ends[held]
    drawn = employments_of(
        person, places.form[place], starts[held], np.minimum(natural_end, places.closes[place]), places.unit[place, -1]
    )
    follows = np.append(drawn.person[1:] == drawn.person[:-1], False)
    ended = drawn.end <= end_of_all
    closed = ended & (drawn.end < natural_end)
    drawn.leaving = np.where(ended, np.where(follows | closed, ANNAN, EGEN), STAYS).astype(np.int8)
    drawn.is_external = ended & ~follows & ~closed

    renewed = np.zeros(count, dtype=bool)
    renewed[place[goes_on]] = True
    leaves = (employments.leaving[holder] == STAYS) & (employments.end[holder] <= end_of_all)
    stays_on = renewed[has_holder] | is_cut
    employments.leaving[holder[leaves]] = np.where(stays_on[leaves], ANNAN, EGEN)
    employments.is_external[holder[leaves]] = ~stays_on[leaves]
    return drawn, place, int(is_new.max()) + 1 if len(is_new) else 0


def continue_hourly(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    employments: Employments,
    paths: UnitPaths,
    taken_over: Sequence[TakenOver],
    men_share: float,
    first_person: int,
) -> NewTemporary:
    """Hourly employments: some are replaced, more come for the summer, units that come bring theirs.

    Ends of those that are there already are written into `employments`; one employment a new person.
    """
    first, last = int(months.first[0]), int(months.last[-1])
    there = np.flatnonzero((employments.form == TIM) & (employments.end >= first))
    lasting = there[employments.end[there] == NEVER]
    replaced = lasting[random.random(len(lasting)) < 1 - (1 - HOURLY_TURNOVER) ** len(months)]
    employments.end[replaced] = random.integers(first, last, len(replaced))
    is_followed = employments.end[replaced] < paths.leaves_on[replaced]
    followed = replaced[is_followed]
    goes = there[(employments.end[there] > paths.leaves_on[there])]
    employments.end[goes] = paths.leaves_on[goes]
    ended = there[employments.end[there] <= last]
    employments.leaving[ended] = np.where(random.random(len(ended)) < 0.7, EGEN, ANNAN)
    employments.is_external[ended] = random.random(len(ended)) < 0.8
    employments.leaving[goes], employments.is_external[goes] = ANNAN, False

    starts = [employments.end[followed] + 1]
    ends = [np.full(len(followed), NEVER)]
    came = [UnitPaths(paths.unit[followed], paths.leaves_on[followed])]
    for unit in taken_over:
        count = round(HOURLY * sum(unit.persons))
        starts.append(np.full(count, int(months.first[unit.month])))
        ends.append(np.full(count, NEVER))
        came.append(unit_paths(random, units, months, np.full(count, unit.unit), since=unit.month))
    for june in np.flatnonzero(months.calendar_month == 6):
        count = round(HOURLY_IN_SUMMER / HOURLY * len(lasting))
        start = months.first[june] + random.integers(0, 25, count)
        starts.append(start)
        ends.append(start + random.integers(35, 82, count))
        unit = draw_units_of(random, units, count, months, int(june))
        came.append(unit_paths(random, units, months, unit, since=int(june)))
    start, end, path = np.concatenate(starts), np.concatenate(ends), UnitPaths.together(came)
    is_cut = end > path.leaves_on
    end = np.minimum(end, path.leaves_on)
    drawn = employments_of(first_person + np.arange(len(start)), TIM, start, end, path.unit[:, -1])
    over = drawn.end <= last
    drawn.leaving = np.where(over, np.where(random.random(len(start)) < 0.7, EGEN, ANNAN), STAYS).astype(np.int8)
    drawn.is_external = over & (random.random(len(start)) < 0.8) & ~is_cut
    return NewTemporary(drawn, path, random.random(len(start)) < men_share * 1.3)
