"""How much of full time each employment is, before and after a change between the two measured days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.staff_employments import TIM, Employments
from flows.demo.staff_months import StaffMonths
from flows.demo.staff_targets import PART_TIME_MEAN
from flows.errors import Refusal

#: Grades of part-time staff in per cent, and how usual each is.
PART_TIME = np.array([25, 40, 50, 60, 65, 70, 75, 80, 85, 90, 95], dtype=np.int64)
PART_TIME_WEIGHT = np.array([2, 3, 10, 5, 4, 8, 26, 18, 12, 8, 4], dtype=float)


@dataclass(frozen=True, slots=True)
class Grades:
    """Per cent of full time of each employment: `before` until month `changes_in`, `after` from it on; 0 for hourly."""

    before: np.ndarray
    after: np.ndarray
    changes_in: np.ndarray

    def by_month(self, months: int) -> np.ndarray:
        """Employment × month."""
        return np.where(
            np.arange(months)[None, :] >= self.changes_in[:, None], self.after[:, None], self.before[:, None]
        )


def draw_grades(
    random: np.random.Generator,
    months: StaffMonths,
    employments: Employments,
    is_male: np.ndarray,
    full_time: tuple[tuple[int, int], tuple[int, int]],
    part_time_mean_men: float,
) -> Grades:
    """Grades by which exactly so many women and men are full time on each of the two days (`is_male`: by employment).

    The draw is at the wanted share already; the last few are turned one way or the other. Between the days as many
    change their grade as the two shares ask for.
    """
    monthly_paid = employments.form != TIM
    can_be_full = monthly_paid & ~employments.is_one_of_two
    days = (int(months.last[months.previous]), int(months.last[months.closing]))
    full = np.zeros((2, len(employments)), dtype=bool)
    for sex in (0, 1):
        of_sex = monthly_paid & (is_male == bool(sex))
        in_force = [of_sex & employments.in_force(day) for day in days]
        shares = [full_time[at][sex] / max(1, int((in_force[at] & can_be_full).sum())) for at in (0, 1)]
        drawn = of_sex & can_be_full & (random.random(len(employments)) < shares[0])
        full[0] |= _turn(random, drawn, in_force[0] & can_be_full, full_time[0][sex])
        # Those who come after the first day come at the second day's share.
        later = employments.start > days[0]
        start = np.where(later, of_sex & can_be_full & (random.random(len(employments)) < shares[1]), full[0] & of_sex)
        full[1] |= _turn(random, start, in_force[1] & can_be_full, full_time[1][sex])
    part = np.where(
        is_male,
        _part_time(random, len(employments), part_time_mean_men),
        _part_time(random, len(employments), PART_TIME_MEAN[0]),
    )
    part = np.where(employments.is_one_of_two, np.minimum(part, 50), part)
    before, after = (np.where(is_full, 100, part) for is_full in full)
    # Who was not there on the first day has had one grade all along.
    before = np.where(employments.start > days[0], after, before)
    return Grades(
        np.where(monthly_paid, before, 0),
        np.where(monthly_paid, after, 0),
        random.integers(months.previous + 1, len(months), len(employments)),
    )


def continue_grades(
    random: np.random.Generator,
    months: StaffMonths,
    employments: Employments,
    is_male: np.ndarray,
    grade: np.ndarray,
    stages: Sequence[tuple[int, tuple[int, int]]],
    part_time_mean_men: float,
) -> np.ndarray:
    """Employment × month: grades go on, and on the last day of each stage's month so many women and men are full time.

    `grade` is that of the employments that were there before; the others follow them in `employments`.
    """
    count = len(employments)
    monthly_paid = employments.form != TIM
    can_be_full = monthly_paid & ~employments.is_one_of_two
    is_new = np.arange(count) >= len(grade)
    part = np.where(
        is_male,
        _part_time(random, count, part_time_mean_men),
        _part_time(random, count, PART_TIME_MEAN[0]),
    )
    part = np.where(employments.is_one_of_two, np.minimum(part, 50), part)
    full = np.append(grade >= 100, np.zeros(count - len(grade), dtype=bool))
    by_month = np.zeros((count, len(months)), dtype=np.int64)
    by_month[: len(grade)] = grade[:, None]
    since = 0
    for month, wanted in stages:
        for sex in (0, 1):
            of_sex = can_be_full & (is_male == bool(sex))
            among = of_sex & employments.in_force(int(months.last[month]))
            share = wanted[sex] / max(1, int(among.sum()))
            if since == 0:
                full[is_new & of_sex] = random.random(int((is_new & of_sex).sum())) < share
            turned = _turn(random, full, among, wanted[sex])
            changed = np.flatnonzero(turned != full)
            full = turned
            # Who comes in the stretch has had one grade all along.
            later = employments.start[changed] >= months.first[since]
            at = np.where(later, 0, random.integers(since, month + 1, len(changed)))
            new_grade = np.where(full[changed], 100, part[changed])
            for employment, first, value in zip(changed[~later], at[~later], new_grade[~later], strict=True):
                by_month[employment, first:] = value
            arrived = monthly_paid & (is_male == bool(sex)) & (employments.start >= months.first[since])
            by_month[arrived] = np.where(full, 100, part)[arrived, None]
        since = month + 1
    return np.where(monthly_paid[:, None], by_month, 0)


def _turn(random: np.random.Generator, drawn: np.ndarray, among: np.ndarray, wanted: int) -> np.ndarray:
    """The draw with just so many of those turned that `wanted` of them are full time."""
    turned = drawn.copy()
    missing = wanted - int((drawn & among).sum())
    candidates = np.flatnonzero(among & (drawn != (missing > 0)))
    if len(candidates) < abs(missing):
        raise Refusal(
            "The target for full_time_share cannot come out: some hold two part-time employments.",
            "Correct full_time_share in the targets' folder.",
        )
    turned[random.permutation(candidates)[: abs(missing)]] = missing > 0
    return turned


def _part_time(random: np.random.Generator, count: int, mean: float) -> np.ndarray:
    """Part-time grades with the given mean: the usual weights, tilted as little as reaches it."""
    tilts = np.linspace(-0.15, 0.15, 601)
    weights = PART_TIME_WEIGHT * np.exp(tilts[:, None] * (PART_TIME - 75))
    means = (weights * PART_TIME).sum(axis=1) / weights.sum(axis=1)
    chosen = weights[int(np.abs(means - 100 * mean).argmin())]
    return random.choice(PART_TIME, count, p=chosen / chosen.sum())
