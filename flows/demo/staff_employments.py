"""Employments as columns, one an index: the permanent, and those who have two or change one for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import ANNAN, EGEN, OMPLACERING, STAYS, Permanent
from flows.demo.staff_units import draw_units_of, units_of_month

#: `form` of an employment, as delivered.
FORMS = ("TV", "VIK", "VISS", "TIM")
TV, VIK, VISS, TIM = range(4)
#: Of the permanent: so many have a second permanent employment, and so many move to another unit in the whole time.
SECOND_EMPLOYMENT = 0.01
MOVES_UNIT = 0.03
#: Persons who end a second permanent employment and keep the first, and who change one for another, day on day.
ENDED_SECONDS = 8
REPLACED = 6


@dataclass(slots=True)
class Employments:
    """Days are inclusive; `end` NEVER is open. `unit` holds until month `moves_in`, `later_unit` from it on."""

    person: np.ndarray
    form: np.ndarray
    start: np.ndarray
    end: np.ndarray
    leaving: np.ndarray
    is_external: np.ndarray
    unit: np.ndarray
    later_unit: np.ndarray
    moves_in: np.ndarray
    #: One of two employments of a person: never full time.
    is_one_of_two: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def in_force(self, day: int) -> np.ndarray:
        """Which are in force on a day."""
        return (self.start <= day) & (self.end >= day)

    def now_in(self, unit: np.ndarray) -> Employments:
        """The same employments, in these units from now on."""
        return replace(self, unit=unit, later_unit=unit.copy(), moves_in=np.full(len(self), NEVER, dtype=np.int64))

    @classmethod
    def together(cls, parts: Sequence[Employments]) -> Employments:
        """One list of several."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


def employments_of(
    person: np.ndarray, form: np.ndarray | int, start: np.ndarray, end: np.ndarray, unit: np.ndarray
) -> Employments:
    """Employments that nobody is known to leave and that stay in their unit."""
    count = len(person)
    return Employments(
        person=person,
        form=np.broadcast_to(np.asarray(form, dtype=np.int8), count).copy(),
        start=start.astype(np.int64),
        end=end.astype(np.int64),
        leaving=np.full(count, STAYS, dtype=np.int8),
        is_external=np.zeros(count, dtype=bool),
        unit=unit,
        later_unit=unit.copy(),
        moves_in=np.full(count, NEVER, dtype=np.int64),
        is_one_of_two=np.zeros(count, dtype=bool),
    )


def permanent_employments(
    random: np.random.Generator, months: StaffMonths, permanent: Permanent, units: Units, birth: np.ndarray
) -> tuple[Employments, np.ndarray]:
    """The permanent employments of persons 0…, and the persons whose one employment lasts the whole time."""
    count = len(permanent.start)
    start = permanent.start.copy()
    service = np.minimum(
        random.exponential(9 * 365.25, count), (months.first[0] - birth - 19 * 365.25) * random.random(count)
    )
    start[permanent.was_there] -= np.maximum(service[permanent.was_there], 0).astype(np.int64)
    first = employments_of(np.arange(count), TV, start, permanent.end, draw_units_of(random, units, count, months))
    first.leaving, first.is_external = permanent.leaving.copy(), permanent.is_external.copy()
    stayers = random.permutation(np.flatnonzero(permanent.was_there & (permanent.leaving == STAYS)))
    having_two = round(SECOND_EMPLOYMENT * count)
    two, ended, replaced, rest = np.split(stayers, np.cumsum([having_two, ENDED_SECONDS, REPLACED]))

    second = employments_of(
        np.concatenate([two, ended]),
        TV,
        months.first[0] - random.integers(30, 2000, len(two) + len(ended)),
        np.full(len(two) + len(ended), NEVER),
        another_unit(random, units, first.unit[np.concatenate([two, ended])], months),
    )
    # They leave one employment from the house's own list of leavers; the other keeps them on the staff.
    leaves = slice(len(two), None)
    second.end[leaves] = months.first[0] + random.integers(20, months.last[-1] - months.first[0], len(ended))
    second.leaving[leaves], second.is_external[leaves] = EGEN, True
    second.is_one_of_two[:] = True
    first.is_one_of_two[second.person] = True
    second.start = np.maximum(second.start, first.start[second.person])

    last_days = months.last[random.integers(0, len(months) - 1, len(replaced))]
    first.end[replaced], first.leaving[replaced] = last_days, OMPLACERING
    successor = employments_of(
        replaced,
        TV,
        last_days + 1,
        np.full(len(replaced), NEVER),
        another_unit(random, units, first.unit[replaced], months),
    )
    moving = rest[: round(MOVES_UNIT * count)]
    first.later_unit[moving] = another_unit(random, units, first.unit[moving], months)
    first.moves_in[moving] = random.integers(1, len(months), len(moving))
    return Employments.together([first, second, successor]), rest[len(moving) :]


def another_unit(
    random: np.random.Generator, units: Units, unit: np.ndarray, months: StaffMonths, month: int = 0
) -> np.ndarray:
    """A unit of the month that differs from the given ones (where there are two), by staff."""
    other = draw_units_of(random, units, len(unit), months, month)
    there = units_of_month(units, months, month)
    following = there[(np.searchsorted(there, unit) + 1) % len(there)]
    return np.where(other == unit, following, other)


def leave_with_unit(random: np.random.Generator, employments: Employments, leaves_on: np.ndarray) -> None:
    """Employments in force on the day on which their unit leaves the organisation end there: they go over with it."""
    goes = np.flatnonzero((leaves_on < NEVER) & (employments.start <= leaves_on) & (employments.end > leaves_on))
    employments.end[goes] = leaves_on[goes]
    employments.leaving[goes] = np.where(random.random(len(goes)) < 0.82, OMPLACERING, ANNAN)
    employments.is_external[goes] = False
