"""The months that staff are drawn for, as day numbers: January of the year before … the period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.domain.period import Period

#: A last day that has not come: later than any day drawn, early enough to add to.
NEVER = 10_000_000


@dataclass(frozen=True, slots=True)
class StaffMonths:
    """Days count from 1970-01-01; a month is an index into `first` and `last`, both inclusive."""

    period: Period
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def until(cls, period: Period) -> StaffMonths:
        """January of the year before the period … the period."""
        months = period.year_before.january.through(period)
        first = np.array([month.first_day for month in months], dtype="datetime64[D]").astype(np.int64)
        last = np.array([month.last_day for month in months], dtype="datetime64[D]").astype(np.int64)
        return cls(period, first, last)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def closing(self) -> int:
        """The index of the period."""
        return len(self.first) - 1

    @property
    def previous(self) -> int:
        """The index of the same month a year before."""
        return len(self.first) - 13

    @property
    def windows(self) -> tuple[slice, slice]:
        """January…the same month of the year before, and January…the period."""
        return slice(0, self.previous + 1), slice(12, len(self.first))

    @property
    def calendar_month(self) -> np.ndarray:
        """1…12 for each month."""
        return np.arange(len(self.first)) % 12 + 1

    def index_of(self, day: np.ndarray) -> np.ndarray:
        """The month a day lies in; −1 before the first."""
        return np.searchsorted(self.first, day, side="right") - 1


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
