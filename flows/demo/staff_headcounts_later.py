"""Headcounts and leavers of the months after a period: from the staff there are to the next published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.organisation import Units
from flows.demo.staff_headcounts import (
    LEAVING_SEASON,
    bend_to_comparatives,
    whole_persons,
)
from flows.demo.staff_history import StaffHistory
from flows.demo.staff_months import StaffMonths
from flows.demo.staff_persons import age_in_tenths
from flows.demo.staff_targets import NO_PENSIONS, PENSIONERS, Pensions, by_sex, solve_pensions
from flows.demo.staff_turnover import EarlierMonths, solve_leavers
from flows.demo.staff_units import units_of_month, units_that_come
from flows.demo.targets import StaffTargets

#: Growth of the permanent staff a month where no target says.
USUAL_GROWTH = 0.00025
#: Tenths of a year between which somebody retires.
RETIRES = (605, 695)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Permanent women and men who come with a unit from outside in a month."""

    month: int
    unit: int
    persons: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LeaverPlan:
    """External leavers (women, men) of each part of a stretch of months, and those of the stretch who retire.

    `is_exact`: their ages come to the tenth.
    """

    stretch: slice
    leavers: tuple[tuple[slice, tuple[int, int]], ...]
    pensions: Pensions
    is_exact: bool


@dataclass(frozen=True, slots=True)
class LaterHeadcounts:
    """Permanent persons (women, men) at each month's end, the opening first; who comes with units, and who leaves."""

    persons: np.ndarray
    taken_over: tuple[TakenOver, ...]
    leavers: tuple[LeaverPlan, ...]


def plan_later_headcounts(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    targets: StaffTargets,
    history: StaffHistory,
    present: tuple[int, int],
    leaving: np.ndarray,
    births: tuple[np.ndarray, np.ndarray],
    men_share: tuple[float | None, float],
) -> LaterHeadcounts:
    """Month ends from the `present` women and men through every published headcount, as units come and leave.

    `leaving`: how many of the present (month × sex) go over with their unit at a month's end. `births` are the birth
    days of the women and men who may leave by themselves. `men_share` is that of
    the same month last year (None where it was drawn before) and of the period. Raises Refusal.
    """
    taken_over = _taken_over(months, units, present, leaving, men_share[1])
    coming = np.zeros((len(months), 2), dtype=np.int64)
    for unit in taken_over:
        coming[unit.month] += unit.persons
    jumps = coming.sum(axis=1) - np.append(0, leaving.sum(axis=1)[:-1])
    total = _month_ends(random, months, targets, sum(present), jumps)
    opening = present[1] / max(1, sum(present))
    share = _share_line(months, opening, men_share)
    plans = _plan_leavers(random, months, targets, history, births, total, share)
    men = np.rint(total * share).astype(np.int64)
    return LaterHeadcounts(np.stack([total - men, men], axis=1), taken_over, plans)


def _taken_over(
    months: StaffMonths, units: Units, present: tuple[int, int], leaving: np.ndarray, men_share: float
) -> tuple[TakenOver, ...]:
    found: list[TakenOver] = []
    gone = np.append(0, np.cumsum(leaving.sum(axis=1))[:-1])
    for month in range(len(months)):
        comes = units_that_come(units, months, month)
        there = np.setdiff1d(units_of_month(units, months, month), comes)
        scale = (sum(present) - int(gone[month])) / float(units.staff_weight[there].sum() or 1.0)
        for unit in comes:
            count = max(1, round(float(units.staff_weight[unit]) * scale))
            men = round(count * men_share)
            found.append(TakenOver(month, int(unit), (count - men, men)))
    return tuple(found)


def _month_ends(
    random: np.random.Generator, months: StaffMonths, targets: StaffTargets, present: int, jumps: np.ndarray
) -> np.ndarray:
    """Headcounts from the opening on: between the known ones a straight line, but for units that come and leave."""
    steps = np.append(0, np.cumsum(jumps))
    known = [(0, present)]
    for month, year_offset in ((months.previous, -1), (months.closing, 0)):
        figure = targets.of("permanent_headcount", "T", year_offset)
        if figure is not None and month >= 0:
            known.append((month + 1, whole_persons(figure.value)))
    if known[-1][0] < len(months):
        at, heads = known[-1]
        usual = (heads - steps[at]) * (1 + USUAL_GROWTH * (len(months) - at)) + steps[-1]
        known.append((len(months), max(1, round(float(usual)))))
    at = np.arange(len(months) + 1)
    line = steps + np.interp(at, [month for month, _ in known], [heads - steps[month] for month, heads in known])
    ends = np.maximum(np.rint(line * random.normal(1.0, 0.0015, len(line))).astype(np.int64), 1)
    for month, heads in known:
        ends[month] = heads
    bend_to_comparatives(ends, months)
    return ends


def _share_line(months: StaffMonths, opening: float, men_share: tuple[float | None, float]) -> np.ndarray:
    """Men's share at each month's end: it moves outside the windows only, where there are months outside them."""
    before, now = months.windows
    knots = [(0, opening)]
    if men_share[0] is not None:
        knots += [(before.start + 1, men_share[0]), (before.stop, men_share[0])]
    first = now.start + 1 if now.start > 0 else min(3, len(months))
    knots += [(first, men_share[1]), (len(months), men_share[1])]
    return np.interp(np.arange(len(months) + 1), [at for at, _ in knots], [share for _, share in knots])


def _plan_leavers(
    random: np.random.Generator,
    months: StaffMonths,
    targets: StaffTargets,
    history: StaffHistory,
    births: tuple[np.ndarray, np.ndarray],
    total: np.ndarray,
    share: np.ndarray,
) -> tuple[LeaverPlan, ...]:
    earlier: dict[int, EarlierMonths] = {}
    for spoken in months.spoken:
        drawn = history.only(spoken.last.to_date())
        earlier[spoken.last.year] = EarlierMonths(
            int(drawn.external_leavers.sum()), int(drawn.headcount.sum()), len(drawn)
        )
    parts = solve_leavers(total, months, earlier)
    monthly = sum(leavers for _, leavers in parts) / max(1, sum(part.stop - part.start for part, _ in parts))
    plans: list[LeaverPlan] = []
    for own in months.own:
        drawn = history.only(own.last.to_date())
        retired = Pensions(_pair(drawn.pensioners), _pair(drawn.pension_tenths)) if len(drawn) else NO_PENSIONS
        men_share = float(share[own.window.stop])
        inside = [(part, leavers) for part, leavers in parts if own.window.start <= part.start < own.window.stop]
        measure = by_sex(targets, "pension_age", own.year_offset)
        pensions = solve_pensions(
            measure, sum(leavers for _, leavers in inside), men_share, retired, _able(months, own.window, births)
        )
        is_exact = any(own.of("pension_age", sex) for sex in "TKM")
        plans.append(_split(random, own.window, inside, men_share, pensions, is_exact))
    for stretch in months.stretches:
        if any(plan.stretch.start <= stretch.start < plan.stretch.stop for plan in plans):
            continue
        season = LEAVING_SEASON[months.calendar_month[stretch] - 1]
        inside = [(part, leavers) for part, leavers in parts if stretch.start <= part.start < stretch.stop]
        inside = inside or [(stretch, int(random.poisson(monthly * season.sum())))]
        men_share = float(share[stretch.stop])
        retiring = round(PENSIONERS * sum(leavers for _, leavers in inside))
        men = round(retiring * men_share)
        pensions = Pensions((retiring - men, men), (0, 0))
        plans.append(_split(random, stretch, inside, men_share, pensions, False))
    return tuple(sorted(plans, key=lambda plan: plan.stretch.start))


def _able(months: StaffMonths, stretch: slice, births: tuple[np.ndarray, np.ndarray]) -> tuple[int, int]:
    """How many women and men are of an age to retire all through a stretch."""
    first, last = months.first[stretch.start], months.last[stretch.stop - 1]
    women, men = (
        int(((age_in_tenths(born, first) >= RETIRES[0]) & (age_in_tenths(born, last) <= RETIRES[1])).sum())
        for born in births
    )
    return women, men


def _pair(by_month: np.ndarray) -> tuple[int, int]:
    women, men = by_month.sum(axis=0).tolist()
    return women, men


def _split(
    random: np.random.Generator,
    stretch: slice,
    leavers: Sequence[tuple[slice, int]],
    men_share: float,
    pensions: Pensions,
    is_exact: bool,
) -> LeaverPlan:
    """Women and men by chance, but for room for those who retire."""
    total = sum(count for _, count in leavers)
    men = int(np.clip(random.binomial(total, men_share), pensions.leavers[1], total - pensions.leavers[0]))
    of_part = random.multivariate_hypergeometric([count for _, count in leavers], men)
    split = tuple(
        (part, (count - int(of_men), int(of_men))) for (part, count), of_men in zip(leavers, of_part, strict=True)
    )
    return LeaverPlan(stretch, split, pensions, is_exact)
