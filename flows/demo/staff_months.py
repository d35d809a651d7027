"""The months that staff are drawn for, as day numbers: up to the first period, or from the one before to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.targets import Figure, StaffTargets
from flows.domain.period import Period

#: A last day that has not come: later than any day drawn, early enough to add to.
NEVER = 10_000_000
#: The measures that months of an earlier period are drawn to, where later targets compare with them.
COMPARED = ("permanent_headcount", "external_turnover", "sick_leave")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Months of January…`last` that are drawn now, and the targets that speak of them with their year offset."""

    window: slice
    last: Period
    targets: StaffTargets
    year_offset: int

    def of(self, measure_id: str, sex: str = "T") -> Figure | None:
        return self.targets.of(measure_id, sex, self.year_offset)

    @property
    def binds(self) -> bool:
        """Whether the targets hold a figure of those months that can still be drawn to."""
        return any(self.of(measure_id, sex) for measure_id in COMPARED for sex in "TKM")


@dataclass(frozen=True, slots=True)
class StaffMonths:
    """Days count from 1970-01-01; a month is an index into `first` and `last`, both inclusive.

    `windows` are the drawn months of January…the same month of the year before, and of January…the period; the first
    is empty where those months were drawn for an earlier period. `comparatives` are the drawn months that later
    targets compare with.
    """

    period: Period
    first: np.ndarray
    last: np.ndarray
    windows: tuple[slice, slice]
    own: tuple[Spoken, ...]
    comparatives: tuple[Spoken, ...]

    @classmethod
    def until(cls, targets: StaffTargets, later: Sequence[StaffTargets] = ()) -> StaffMonths:
        """January of the year before the period … the period."""
        return cls._of(targets.period.year_before.january.through(targets.period), targets, later)

    @classmethod
    def after(cls, drawn: Period, targets: StaffTargets, later: Sequence[StaffTargets] = ()) -> StaffMonths:
        """The months from one period, drawn before, to a later one."""
        return cls._of(drawn.plus(1).through(targets.period), targets, later)

    @classmethod
    def _of(cls, months: Sequence[Period], targets: StaffTargets, later: Sequence[StaffTargets]) -> StaffMonths:
        first = np.array([month.first_day for month in months], dtype="datetime64[D]").astype(np.int64)
        last = np.array([month.last_day for month in months], dtype="datetime64[D]").astype(np.int64)

        def window(until: Period) -> slice:
            inside = [place for place, month in enumerate(months) if month in until.to_date()]
            return slice(inside[0], inside[-1] + 1) if inside and until in months else slice(0, 0)

        period = targets.period
        own = [Spoken(window(period.year_before), period.year_before, targets, -1)]
        own.append(Spoken(window(period), period, targets, 0))
        compared = [Spoken(window(each.period.year_before), each.period.year_before, each, -1) for each in later]
        windows = (own[0].window, own[1].window)
        return cls(
            period,
            first,
            last,
            windows,
            tuple(each for each in own if each.window.stop),
            tuple(each for each in compared if each.window.stop and each.window not in windows and each.binds),
        )

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
    def spoken(self) -> tuple[Spoken, ...]:
        """The period's own windows and the later comparatives, by year and in order within each."""
        return tuple(sorted((*self.own, *self.comparatives), key=lambda each: each.last))

    @property
    def stretches(self) -> tuple[slice, ...]:
        """All the months in order, divided where a window begins or ends."""
        bounds = {0, len(self), *(bound for each in self.spoken for bound in (each.window.start, each.window.stop))}
        ordered = sorted(bounds)
        return tuple(slice(*pair) for pair in itertools.pairwise(ordered))

    @property
    def calendar_month(self) -> np.ndarray:
        """1…12 for each month."""
        return self.first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1

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
