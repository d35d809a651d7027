"""The permanent staff: who is hired and who leaves, month by month, along the planned headcounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.staff_headcounts import HeadcountPlan
from flows.demo.staff_months import NEVER, StaffMonths
from flows.errors import Refusal

#: `leaving` of an employment, as delivered; STAYS is none.
LEAVING_TYPES = ("EGEN", "PENSION", "OMPLACERING", "ANNAN")
EGEN, PENSION, OMPLACERING, ANNAN = range(4)
STAYS = -1
#: Of those who leave, so many do it on the month's last day; of those who come, so many on its first.
LEAVES_ON_LAST_DAY = 0.6
STARTS_ON_FIRST_DAY = 0.75
#: Leaves the permanent staff for another part of the same employer, of the headcount a month.
INTERNAL_RATE = 0.0015
#: How pension ages lie about their mean, in years.
PENSION_AGE_DEVIATION = 1.4


@dataclass(frozen=True, slots=True)
class Permanent:
    """Permanent persons, one an index: `start` is the opening's first day − 1 for those who were there."""

    is_male: np.ndarray
    was_there: np.ndarray
    start: np.ndarray
    end: np.ndarray
    leaving: np.ndarray
    is_external: np.ndarray
    #: Age at leaving in tenths of a year for those who retire, else 0.
    pension_tenths: np.ndarray


def draw_permanent(random: np.random.Generator, months: StaffMonths, plan: HeadcountPlan) -> Permanent:
    """Women, then men; in force at each month's end are exactly as many as planned."""
    drawn = [_draw_sex(random, months, plan, sex) for sex in (0, 1)]
    return Permanent(*(np.concatenate(columns) for columns in zip(*drawn, strict=True)))


def _draw_sex(
    random: np.random.Generator, months: StaffMonths, plan: HeadcountPlan, sex: int
) -> tuple[np.ndarray, ...]:
    heads = plan.persons[:, sex]
    capacity = int(heads[0] + plan.external_leavers[:, sex].sum() + 40 + 3 * np.abs(np.diff(heads)).sum() + heads.max())
    start = np.full(capacity, NEVER, dtype=np.int64)
    start[: heads[0]] = months.first[0] - 1
    end = np.full(capacity, NEVER, dtype=np.int64)
    leaving = np.full(capacity, STAYS, dtype=np.int8)
    external = np.zeros(capacity, dtype=bool)
    count, leavers_on_last_day = int(heads[0]), 0
    for month in range(len(months)):
        first, last = int(months.first[month]), int(months.last[month])
        going = int(plan.external_leavers[month, sex])
        moving = int(random.poisson(INTERNAL_RATE * heads[month]))
        on_last_day = int(random.binomial(going + moving, LEAVES_ON_LAST_DAY))
        coming = int(heads[month + 1] - heads[month]) + leavers_on_last_day + (going + moving - on_last_day)
        # A headcount that falls by more than leave moves elsewhere in the house before the month is out.
        moving, coming = moving - min(coming, 0), max(coming, 0)
        present = np.flatnonzero((end[:count] == NEVER) & (start[:count] < first))
        if going + moving > len(present):
            raise Refusal(
                "The targets for permanent_headcount and external_turnover ask more to leave than there are.",
                "Correct those figures in the targets' folder.",
            )
        chosen = random.choice(present, going + moving, replace=False)
        end[chosen] = last
        early = random.permutation(len(chosen))[: len(chosen) - on_last_day]
        end[chosen[early]] = first + random.integers(0, last - first, len(early))
        external[chosen[:going]] = True
        leaving[chosen] = np.where(
            random.random(len(chosen)) < 0.82, np.where(external[chosen], EGEN, OMPLACERING), ANNAN
        )
        new = slice(count, count + coming)
        on_first = random.random(coming) < STARTS_ON_FIRST_DAY
        start[new] = np.where(on_first, first, first + random.integers(0, last - first + 1, coming))
        count += coming
        leavers_on_last_day = on_last_day
    pension = _draw_pensions(random, months, plan, sex, start[:count], end[:count], external[:count])
    leaving[:count][pension > 0] = PENSION
    was_there = np.arange(count) < heads[0]
    return (
        np.full(count, bool(sex)),
        was_there,
        start[:count],
        end[:count],
        leaving[:count],
        external[:count],
        pension,
    )


def _draw_pensions(
    random: np.random.Generator,
    months: StaffMonths,
    plan: HeadcountPlan,
    sex: int,
    start: np.ndarray,
    end: np.ndarray,
    external: np.ndarray,
) -> np.ndarray:
    """Ages in tenths of those external leavers who retire, 0 for the others; long-serving staff retire first."""
    tenths = np.zeros(len(start), dtype=np.int64)
    month = months.index_of(end)
    service = random.random(len(start)) + (start >= months.first[0])
    windows = [
        (window, plan.pensions[at].leavers[sex], plan.pensions[at].tenths[sex])
        for at, window in enumerate(months.windows)
    ]
    between = slice(months.windows[0].stop, months.windows[1].start)
    in_between = int(plan.external_leavers[between, sex].sum() * 0.27)
    usual = [total / leavers for _, leavers, total in windows if leavers] or [646.0]
    windows.append((between, in_between, round(in_between * usual[0])))
    for window, leavers, total in windows:
        able = np.flatnonzero(external & (month >= window.start) & (month < window.stop))
        chosen = able[np.argsort(service[able], kind="stable")][:leavers]
        tenths[chosen] = _ages_with_sum(random, len(chosen), total)
    return tenths


def _ages_with_sum(random: np.random.Generator, count: int, total: int) -> np.ndarray:
    """Ages in tenths of a year about their mean, moved alike until they sum to the total."""
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    spread = np.clip(random.normal(0.0, PENSION_AGE_DEVIATION, count), -3.5, 3.5)
    ages = np.rint(total / count + 10 * (spread - spread.mean())).astype(np.int64)
    missing = total - int(ages.sum())
    ages += missing // count
    ages[random.permutation(count)[: missing % count]] += 1
    return ages
