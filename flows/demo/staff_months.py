"""The months that staff are drawn for, as day numbers: up to the first period, or from the one before to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.domain.period import Period

#: A last day that has not come: later than any day drawn, early enough to add to.
NEVER = 10_000_000


@dataclass(frozen=True, slots=True)
class StaffMonths:
    """Days count from 1970-01-01; a month is an index into `first` and `last`, both inclusive.

    `windows` are the drawn months of January…the same month of the year before, and of January…the period; the first
    is empty where those months were drawn for an earlier period.
    """

    period: Period
    first: np.ndarray
    last: np.ndarray
    windows: tuple[slice, slice]

    @classmethod
    def until(cls, period: Period) -> StaffMonths:
        """January of the year before the period … the period."""
        return cls._of(period.year_before.january.through(period), period)

    @classmethod
    def after(cls, drawn: Period, period: Period) -> StaffMonths:
        """The months from one period, drawn before, to a later one."""
        return cls._of(drawn.plus(1).through(period), period)

    @classmethod
    def _of(cls, months: Sequence[Period], period: Period) -> StaffMonths:
        first = np.array([month.first_day for month in months], dtype="datetime64[D]").astype(np.int64)
        last = np.array([month.last_day for month in months], dtype="datetime64[D]").astype(np.int64)
        before, now = (
            [place for place, month in enumerate(months) if month in window]
            for window in (period.year_before.to_date(), period.to_date())
        )
        return cls(period, first, last, (_slice(before), _slice(now)))

    def __len__(self) -> int:
        return len(self.first)

    @property
    def closing(self) -> int:
        """The index of the period."""
        return len(self.first) - 1

    @property
    def previous(self) -> int:
        """The index of the same month a year before; −1 where it was drawn earlier."""
        return self.windows[0].stop - 1

    @property
    def stretches(self) -> tuple[slice, ...]:
        """All the months in order: the windows, and what lies before and between them."""
        before, now = self.windows
        bounds = (slice(0, before.start), before, slice(before.stop, now.start), now)
        return tuple(stretch for stretch in bounds if stretch.stop > stretch.start)

    @property
    def calendar_month(self) -> np.ndarray:
        """1…12 for each month."""
        return self.first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1

    def index_of(self, day: np.ndarray) -> np.ndarray:
        """The month a day lies in; −1 before the first."""
        return np.searchsorted(self.first, day, side="right") - 1


def _slice(places: Sequence[int]) -> slice:
    return slice(places[0], places[-1] + 1) if places else slice(0, 0)


def day_weights(first_day: int, last_day: int, by_month: np.ndarray, by_weekday: np.ndarray) -> np.ndarray:
    """A weight for each day of a range: its calendar month's (of twelve) times its weekday's (Monday first)."""
    days = np.arange(first_day, last_day + 1)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    return by_month[month] * by_weekday[weekday]


def draw_days(random: np.random.Generator, first_day: int, weights: np.ndarray, count: int) -> np.ndarray:
    """Days drawn in proportion to the weights of a range that begins on `first_day`."""
    cumulative = np.cumsum(weights)
    return first_day + np.searchsorted(cumulative, random.random(count) * cumulative[-1], side="right")
