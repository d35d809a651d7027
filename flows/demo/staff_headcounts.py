"""How many permanent staff there are at each month's end, and how many leave the organisation in each month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.staff_months import StaffMonths
from flows.demo.staff_targets import Pensions, by_sex, solve_pensions
from flows.demo.staff_turnover import solve_leavers
from flows.demo.targets import StaffTargets
from flows.errors import Refusal

#: Where the targets do not say: so many permanent staff.
USUAL_HEADCOUNT = 2550
#: People give notice before the summer and at the year's end.
LEAVING_SEASON = np.array([1.2, 0.8, 0.9, 0.9, 1.0, 1.1, 0.7, 1.2, 1.1, 0.9, 0.8, 1.4])


@dataclass(frozen=True, slots=True)
class HeadcountPlan:
    """Permanent persons by month and sex (women, men): `persons` at each month's end, the opening first."""

    persons: np.ndarray
    external_leavers: np.ndarray
    pensions: tuple[Pensions, Pensions]


def plan_headcounts(
    random: np.random.Generator, months: StaffMonths, targets: StaffTargets, men_share: tuple[float, float]
) -> HeadcountPlan:
    """Month ends that pass through both headcounts, and leavers that come to both turnovers; raises Refusal.

    The share of men (the year before's, this year's) moves between the two windows only.
    """
    closing, previous = targets.of("permanent_headcount"), targets.of("permanent_headcount", "T", -1)
    now = whole_persons(closing.value if closing else previous.value if previous else USUAL_HEADCOUNT)
    before = whole_persons(previous.value) if previous else max(1, round(now * 0.997))
    total = _month_ends(random, months, before, now)
    bend_to_comparatives(total, months)
    leavers = np.zeros(len(months), dtype=np.int64)
    season = LEAVING_SEASON[months.calendar_month - 1]
    is_free = np.ones(len(months), dtype=bool)
    for part, count in solve_leavers(total, months):
        leavers[part] = random.multinomial(count, season[part] / season[part].sum())
        is_free[part] = False
    leavers[is_free] = random.poisson(leavers[~is_free].mean() * season[is_free])

    share = np.interp(np.arange(-1, len(months)), [months.previous, max(12, months.previous + 1)], men_share)
    persons = np.stack(
        [total - np.rint(total * share).astype(np.int64), np.rint(total * share).astype(np.int64)], axis=1
    )
    pensions: list[Pensions] = []
    men = random.binomial(leavers, share[1:])
    for window, year_offset, year_share in zip(months.windows, (-1, 0), men_share, strict=True):
        of_window = solve_pensions(by_sex(targets, "pension_age", year_offset), int(leavers[window].sum()), year_share)
        wanted = int(np.clip(men[window].sum(), of_window.leavers[1], leavers[window].sum() - of_window.leavers[0]))
        men[window] = random.multivariate_hypergeometric(leavers[window], wanted)
        pensions.append(of_window)
    return HeadcountPlan(persons, np.stack([leavers - men, men], axis=1), (pensions[0], pensions[1]))


def bend_to_comparatives(ends: np.ndarray, months: StaffMonths) -> None:
    """Month ends (the opening first) through the headcounts that later targets compare with, and back to the known."""
    known = sorted({0, months.previous + 1, len(months)})
    for spoken in months.comparatives:
        figure, at = spoken.of("permanent_headcount"), spoken.window.stop
        if figure is None or at in known:
            continue
        earlier, following = max(each for each in known if each < at), min(each for each in known if each > at)
        away = whole_persons(figure.value) - int(ends[at])
        bend = np.rint(away * np.interp(np.arange(len(ends)), [earlier, at, following], [0, 1, 0]))
        ends += bend.astype(np.int64)
        known = sorted({*known, at})


def whole_persons(value: object) -> int:
    persons = int(str(value).split(".")[0])
    if persons < 20:
        raise Refusal(
            f"A permanent headcount of {persons} is too small to draw an organisation for.",
            "Give permanent_headcount a target of at least 20 persons.",
        )
    return persons


def _month_ends(random: np.random.Generator, months: StaffMonths, before: int, now: int) -> np.ndarray:
    """Headcounts from the opening on: a straight line through the two known ones, trembling by a quarter per cent."""
    at = np.arange(-1, len(months))
    slope = (now - before) / 12
    line = before + np.clip(slope, -before / 100, before / 100) * np.minimum(at - months.previous, 0)
    line += slope * np.maximum(at - months.previous, 0)
    line += random.normal(0.0, 0.0025, len(line)) * line
    ends = np.maximum(np.rint(line).astype(np.int64), 1)
    ends[months.previous + 1], ends[-1] = before, now
    return ends
