"""How many permanent staff there are at each month's end, and how many leave the organisation in each month."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from flows.demo.staff_months import StaffMonths
from flows.demo.staff_targets import Pensions, Printed, by_sex, solve_pensions
from flows.demo.targets import StaffTargets
from flows.errors import Refusal

#: Where the targets do not say: so many permanent staff, and this share of them leaves in a month.
USUAL_HEADCOUNT = 2550
USUAL_MONTHLY_TURNOVER = Fraction(88, 10_000)
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
    leavers = np.zeros(len(months), dtype=np.int64)
    season = LEAVING_SEASON[months.calendar_month - 1]
    sums: list[int] = []
    for window, year_offset in zip(months.windows, (-1, 0), strict=True):
        figure = targets.of("external_turnover", "T", year_offset)
        usual = USUAL_MONTHLY_TURNOVER * (window.stop - window.start)
        printed = Printed.of(figure, usual * Fraction(97, 100), usual * Fraction(103, 100))
        sums.append(solve_turnover(total, window, printed))
        leavers[window] = random.multinomial(sums[-1], season[window] / season[window].sum())
    between = slice(months.windows[0].stop, months.windows[1].start)
    monthly = (sums[0] + sums[1]) / (2 * (months.previous + 1))
    leavers[between] = random.poisson(monthly * season[between])

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


@dataclass(frozen=True, slots=True)
class EarlierMonths:
    """Of a window, what months drawn before hold: external leavers, the sum of the month ends, their number."""

    leavers: int = 0
    heads: int = 0
    months: int = 0


def solve_turnover(total: np.ndarray, window: slice, printed: Printed, earlier: EarlierMonths | None = None) -> int:
    """Leavers of the window; bends the month ends inside it where no whole number prints right otherwise."""
    before = earlier or EarlierMonths()
    ends = total[window.start + 1 : window.stop + 1]
    count = len(ends) + before.months
    heads = int(ends.sum()) + before.heads
    middle = round(printed.middle * heads / count)
    if not printed.is_known:
        return max(0, middle - before.leavers)
    if printed.low <= 0 and not before.leavers:
        return 0
    for leavers in sorted(range(max(1, middle - 2), middle + 3), key=lambda tried: abs(tried - middle)):
        # leavers / (sum / count) lies in the range where the sum of the month ends lies in this one.
        high = leavers * count * printed.low.denominator // max(1, printed.low.numerator)
        low = leavers * count * printed.high.denominator // printed.high.numerator + 1
        if low > high or leavers < before.leavers:
            continue
        missing = min(max(heads, low), high) - heads
        if missing == 0:
            return leavers - before.leavers
        free = len(ends) - 1
        if free and abs(missing) <= free * int(ends[-1]) // 10:
            ends[:free] += missing // free
            ends[: missing % free] += 1
            return leavers - before.leavers
    raise Refusal(
        "The target for external_turnover cannot come out: no whole number of leavers gives it with such headcounts.",
        "Correct external_turnover or permanent_headcount in the targets' folder.",
    )
