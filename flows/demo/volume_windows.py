"""Which months of a volume come to a known sum: the windows of every report, cut so that no month is in two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flows.demo.targets import Figure, Targets
from flows.domain.period import Period
from flows.errors import Refusal


@dataclass(frozen=True, slots=True)
class Window:
    """Months that together come to an amount, counted in the smallest part that is written."""

    months: frozenset[Period]
    amount: int


def known_windows(
    closings: Sequence[Targets], measure: str, at_hand: Sequence[Period], parts_per_unit: int
) -> tuple[Window, ...]:
    """The sums that the reports give a measure's delivered months, disjoint.

    A month belongs to the first window that speaks of it; a later window that begins alike divides it, and must be the
    same where nothing is left to divide. Refuses windows that contradict, and an estimate that no month carries.
    """
    windows: list[Window] = []
    for targets in closings:
        for year_offset in (-1, 0):
            figure = targets.figure(measure, year_offset=year_offset)
            if figure is None:
                continue
            period = targets.period if year_offset == 0 else targets.period.year_before
            windows = _with(windows, _Asked(measure, period, figure, frozenset(at_hand), parts_per_unit))
    return tuple(windows)


@dataclass(frozen=True, slots=True)
class _Asked:
    """January…period of one report, and what it prints."""

    measure: str
    period: Period
    figure: Figure
    at_hand: frozenset[Period]
    parts_per_unit: int

    @property
    def months(self) -> frozenset[Period]:
        months = self.at_hand & frozenset(self.period.january.through(self.period))
        if not months:
            raise Refusal(
                "A volume is estimated from no month at all.", "Leave at least one month of the year at hand."
            )
        return months

    @property
    def amount(self) -> int:
        """What the months at hand sum to, so that the whole window prints as its target."""
        part = self.figure.value * self.parts_per_unit * len(self.months) / self.period.month
        whole = int(part.to_integral_value(ROUND_HALF_UP))
        if not self.is_printed_by(whole):
            raise Refusal(
                f"No count of {len(self.months)} months makes the estimate of {self.measure}.", "Correct the target."
            )
        return whole

    def is_printed_by(self, amount: int) -> bool:
        made = Decimal(amount) * self.period.month / len(self.months) / self.parts_per_unit
        return abs(made - self.figure.value) < self.figure.half_step


def _with(windows: list[Window], asked: _Asked) -> list[Window]:
    inside = [window for window in windows if window.months <= asked.months]
    beyond = [window for window in windows if window not in inside and window.months & asked.months]
    left = asked.amount - sum(window.amount for window in inside)
    free = asked.months.difference(*(window.months for window in windows))
    if beyond:
        (cut,) = beyond
        windows = [window for window in windows if window is not cut]
        added = [Window(cut.months & asked.months, left), Window(cut.months - asked.months, cut.amount - left)]
    elif free:
        added = [Window(free, left)]
    elif asked.is_printed_by(asked.amount - left):
        added = []
    else:
        raise Refusal(
            f"The reports say two things of {asked.measure} in January to {asked.period}.",
            "Correct one of the targets.",
        )
    if any(window.amount < 0 for window in added):
        raise Refusal(
            f"More {asked.measure} would be needed by {asked.period} than its year has.", "Correct one of the targets."
        )
    return [*windows, *added]
