"""Who the staff are: birth dates, invented personnummer, protected persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_employments import Employments
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import Permanent

#: Ages are `low + span × Beta(a, b)`: of the permanent at the first day, of those hired, of the temporary and hourly.
AGE_OF_PERMANENT = (20.0, 46.0, 2.0, 1.55)
AGE_AT_HIRE = (19.5, 40.0, 1.3, 2.0)
AGE_OF_OTHERS = (18.5, 46.0, 0.9, 2.4)
DAYS_A_YEAR = 365.25
#: Persons with a coordination number, and how many of the permanent among them get a personnummer on the way.
COORDINATION = 0.015
RENUMBERED = 8
#: Protected women and men in each area that has ten times as many permanent staff of that sex who stay; else none.
PROTECTED = (6, 5)


@dataclass(frozen=True, slots=True)
class Persons:
    """One person an index. `earlier_number` is theirs before month `renumbered_in`, `number` from it on."""

    is_male: np.ndarray
    birth: np.ndarray
    is_protected: np.ndarray
    number: np.ndarray
    earlier_number: np.ndarray
    renumbered_in: np.ndarray
    #: Their number is a coordination number in the end.
    is_coordination: np.ndarray

    def and_new(self, random: np.random.Generator, is_male: np.ndarray, birth: np.ndarray) -> Persons:
        """These persons, numbered as they are by now, and new ones after them."""
        is_male, birth = np.concatenate([self.is_male, is_male]), np.concatenate([self.birth, birth])
        new = len(birth) - len(self.birth)
        coordination = np.concatenate([self.is_coordination, random.random(new) < COORDINATION])
        # Who is numbered first keeps the number: the later of a birth date go on downwards.
        number = _numbers(birth, _serial(birth, is_male), coordination)
        return Persons(
            is_male,
            birth,
            np.concatenate([self.is_protected, np.zeros(new, dtype=bool)]),
            number,
            number,
            np.full(len(birth), NEVER, dtype=np.int64),
            coordination,
        )


def births_of_permanent(random: np.random.Generator, months: StaffMonths, permanent: Permanent) -> np.ndarray:
    """Birth days that agree with the age at which each pensioner leaves."""
    count = len(permanent.start)
    opening = months.first[0] - ages(random, AGE_OF_PERMANENT, count)
    hired = permanent.start - ages(random, AGE_AT_HIRE, count)
    # Up to 17 days either way round to the same tenth of a year.
    retired = permanent.end - np.rint(permanent.pension_tenths * DAYS_A_YEAR / 10) + random.integers(-17, 18, count)
    birth = np.where(permanent.was_there, opening, hired)
    return np.where(permanent.pension_tenths > 0, retired, birth).astype(np.int64)


def births_of_others(random: np.random.Generator, months: StaffMonths, count: int) -> np.ndarray:
    """Birth days of temporary and hourly staff, who are 18.5 or older on the first day."""
    return (months.first[0] - ages(random, AGE_OF_OTHERS, count)).astype(np.int64)


def age_in_tenths(birth: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Age in tenths of a year, rounded half up."""
    return np.floor((day - birth) * 10 / DAYS_A_YEAR + 0.5).astype(np.int64)


def draw_persons(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    is_male: np.ndarray,
    birth: np.ndarray,
    employments: Employments,
    settled: np.ndarray,
) -> Persons:
    """Numbers for everybody; `settled` are persons with one employment that lasts the whole time.

    Birth numbers are of the top series 980–999 (a crowded birth date goes on downwards), odd for men and even for
    women, and the check digit is wrong on purpose: no such number can be anybody's.
    """
    count = len(is_male)
    coordination = random.random(count) < COORDINATION
    settled = random.permutation(settled)
    renumbered = settled[:RENUMBERED]
    coordination[renumbered] = False
    serial = _serial(birth, is_male)
    number = _numbers(birth, serial, coordination)
    had_coordination = coordination.copy()
    had_coordination[renumbered] = True
    renumbered_in = np.full(count, NEVER, dtype=np.int64)
    renumbered_in[renumbered] = random.integers(2, len(months), len(renumbered))
    return Persons(
        is_male,
        birth,
        _protected(units, is_male, employments, settled[RENUMBERED:]),
        number,
        _numbers(birth, serial, had_coordination),
        renumbered_in,
        coordination,
    )


def ages(random: np.random.Generator, spread: tuple[float, float, float, float], count: int) -> np.ndarray:
    low, span, a, b = spread
    return (low + span * random.beta(a, b, count)) * DAYS_A_YEAR


def _serial(birth: np.ndarray, is_male: np.ndarray) -> np.ndarray:
    """A birth number unique within birth date and sex."""
    group = birth * 2 + is_male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    within = np.arange(len(group)) - np.repeat(begins, np.diff(np.append(begins, len(group))))
    serial = np.empty(len(group), dtype=np.int64)
    serial[order] = 998 - 2 * within + is_male[order]
    return serial


def _numbers(birth: np.ndarray, serial: np.ndarray, is_coordination: np.ndarray) -> np.ndarray:
    """Twelve digits: date (day + 60 for a coordination number), birth number, one more than the check digit."""
    day = birth.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    month_number = month.astype(np.int64) % 12 + 1
    day_number = (day - month.astype("datetime64[D]")).astype(np.int64) + 1 + 60 * is_coordination
    eleven = ((year * 100 + month_number) * 100 + day_number) * 1000 + serial
    # The check digit doubles every other one of the nine digits without the century, the first of them included.
    total = np.zeros(len(birth), dtype=np.int64)
    for place in range(9):
        doubled = (eleven // 10**place % 10) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (eleven * 10 + (10 - total % 10 + 1) % 10).astype("U12")


def _protected(units: Units, is_male: np.ndarray, employments: Employments, settled: np.ndarray) -> np.ndarray:
    """Enough in an area that its protected persons do not stand out by subtraction, or none at all."""
    protected = np.zeros(len(is_male), dtype=bool)
    # The first employment of a settled person is their only one, and stands at their own index.
    area = units.area_code[employments.unit[settled]]
    for code in np.unique(units.area_code):
        for sex, wanted in enumerate(PROTECTED):
            able = settled[(area == code) & (is_male[settled] == bool(sex))]
            if len(able) >= 10 * wanted:
                protected[able[:wanted]] = True
    return protected
