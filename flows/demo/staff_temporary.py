"""Substitutes and fixed-term staff in chains of contracts, and those paid by the hour."""

from __future__ import annotations

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_employments import TIM, VIK, VISS, Employments, employments_of
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import ANNAN, EGEN, STAYS
from flows.demo.staff_units import draw_units_of

#: Beside each permanent person: monthly paid temporary staff, and hourly staff all year round and in summer.
TEMPORARY = 0.17
HOURLY = 0.26
HOURLY_IN_SUMMER = 0.10
#: Of the monthly paid temporary staff, so many are substitutes; the rest have fixed-term contracts.
SUBSTITUTES = 0.65
#: Shortest and longest contract in days: substitutes, fixed term.
CONTRACT_DAYS = ((60, 330), (150, 700))
#: A contract that ends is followed by another of the same person so often.
RENEWED = 0.6
#: More contracts than anybody signs in two years.
_CHAIN = 16


def draw_temporary(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    places: tuple[tuple[int, int], tuple[int, int]],
    first_person: int,
) -> tuple[Employments, np.ndarray]:
    """Monthly paid temporary employments and the sex (is male) of their persons, who number from `first_person`.

    `places` says how many women and men are in force on the last day of the same month last year, and of the period.
    """
    parts: list[Employments] = []
    sexes: list[np.ndarray] = []
    for sex in (0, 1):
        before, now = places[0][sex], places[1][sex]
        count = max(before, now)
        opens = months.first[0] - random.integers(0, 250, count)
        closes = np.full(count, NEVER)
        between = months.last[months.previous] + 1, months.last[months.closing]
        changing = slice(min(before, now), count)
        days = random.integers(between[0], between[1] + 1, count)
        if now > before:
            opens[changing] = days[changing]
        else:
            closes[changing] = np.maximum(days[changing] - 1, between[0] - 1)
        form = np.where(random.random(count) < SUBSTITUTES, VIK, VISS)
        shortest = np.where(form == VIK, CONTRACT_DAYS[0][0], CONTRACT_DAYS[1][0])
        longest = np.where(form == VIK, CONTRACT_DAYS[0][1], CONTRACT_DAYS[1][1])
        ends = (
            opens[:, None]
            + np.cumsum(random.integers(shortest[:, None], longest[:, None], (count, _CHAIN)), axis=1)
            - 1
        )
        ends[:, -1] = np.maximum(ends[:, -1], months.last[-1] + 30)
        starts = np.concatenate([opens[:, None], ends[:, :-1] + 1], axis=1)
        new_person = random.random((count, _CHAIN)) >= RENEWED
        new_person[:, 0] = True
        held = (starts <= np.minimum(months.last[-1], closes)[:, None]) & (ends >= months.first[0])
        person = np.cumsum(new_person.ravel()).reshape(count, _CHAIN)[held] - 1
        person = np.unique(person, return_inverse=True)[1] + first_person
        place = np.broadcast_to(np.arange(count)[:, None], held.shape)[held]
        drawn = employments_of(
            person,
            form[place],
            starts[held],
            np.minimum(ends[held], closes[place]),
            draw_units_of(random, units, count, months)[place],
        )
        follows = np.append(drawn.person[1:] == drawn.person[:-1], False)
        ended = drawn.end <= months.last[-1]
        drawn.leaving = np.where(ended, np.where(follows, ANNAN, EGEN), STAYS).astype(np.int8)
        drawn.is_external = ended & ~follows
        parts.append(drawn)
        persons = int(person.max()) + 1 - first_person if len(person) else 0
        sexes.append(np.full(persons, bool(sex)))
        first_person += persons
    return Employments.together(parts), np.concatenate(sexes)


def draw_hourly(
    random: np.random.Generator, months: StaffMonths, units: Units, permanent: int, men_share: float, first_person: int
) -> tuple[Employments, np.ndarray]:
    """Hourly staff, one employment a person, and their sex (is male); more come for the summer."""
    all_year = round(HOURLY * permanent)
    # Half of those who stay all year are replaced once.
    turnover = all_year // 2
    change = months.first[0] + random.integers(30, months.last[-1] - months.first[0], all_year)
    start = months.first[0] - random.integers(1, 4 * 365, all_year)
    end = np.where(np.arange(all_year) < turnover, change, NEVER)
    parts = [(start, end), (change[:turnover] + 1, np.full(turnover, NEVER))]
    for june in np.flatnonzero(months.calendar_month == 6):
        count = round(HOURLY_IN_SUMMER * permanent)
        came = months.first[june] + random.integers(0, 25, count)
        parts.append((came, came + random.integers(35, 82, count)))
    start, end = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    keep = (start <= months.last[-1]) & (end >= months.first[0])
    start, end = start[keep], end[keep]
    count = len(start)
    drawn = employments_of(
        first_person + np.arange(count), TIM, start, end, draw_units_of(random, units, count, months)
    )
    ended = drawn.end <= months.last[-1]
    drawn.leaving = np.where(ended, np.where(random.random(count) < 0.7, EGEN, ANNAN), STAYS).astype(np.int8)
    drawn.is_external = ended & (random.random(count) < 0.8)
    return drawn, random.random(count) < men_share * 1.3
