"""How many leave the organisation in the windows that targets speak of, one within the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from flows.demo.staff_months import StaffMonths
from flows.demo.staff_targets import Printed
from flows.errors import Refusal

#: Where the targets do not say, this share of the permanent staff leaves in a month.
USUAL_MONTHLY_TURNOVER = Fraction(88, 10_000)


@dataclass(frozen=True, slots=True)
class EarlierMonths:
    """Of a window, what months drawn before hold: external leavers, the sum of the month ends, their number."""

    leavers: int = 0
    heads: int = 0
    months: int = 0


def solve_leavers(
    total: np.ndarray, months: StaffMonths, earlier: Mapping[int, EarlierMonths] | None = None
) -> list[tuple[slice, int]]:
    """Leavers of each part of the windows that targets speak of: a part ends where a window does.

    `total` are the month ends, the opening first; `earlier` what months of a year that were drawn before hold. Raises
    Refusal.
    """
    so_far = dict(earlier or {})
    begins: dict[int, int] = {}
    parts: list[tuple[slice, int]] = []
    for spoken in months.spoken:
        figure, year = spoken.of("external_turnover"), spoken.last.year
        if figure is None and spoken in months.comparatives:
            continue
        usual = USUAL_MONTHLY_TURNOVER * spoken.last.month
        printed = Printed.of(figure, usual * Fraction(97, 100), usual * Fraction(103, 100))
        part = slice(begins.get(year, spoken.window.start), spoken.window.stop)
        before = so_far.get(year, EarlierMonths())
        leavers = solve_turnover(total, part, printed, before)
        ends = total[part.start + 1 : part.stop + 1]
        so_far[year] = EarlierMonths(
            before.leavers + leavers, before.heads + int(ends.sum()), before.months + len(ends)
        )
        begins[year] = part.stop
        parts.append((part, leavers))
    return parts


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
