"""What the targets of finance speak of: months of a book, in the organisation of a closing; which units are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.demo.timeline import Timeline
from flows.domain.period import Period

#: Monthly shape of a year: personnel costs peak with summer's vacations and their substitutes.
SEASON = np.array([1.00, 0.96, 1.00, 0.98, 1.00, 1.05, 1.09, 1.04, 0.98, 0.98, 0.97, 1.01])

#: The measures that the books are brought to.
MEASURES = ("result", "cost", "revenue")


class Book(IntEnum):
    """What was booked, and what was budgeted."""

    ACTUAL = 0
    BUDGET = 1


#: Quantity → the book, and whether it is January…period or the whole year.
_QUANTITIES = {
    "actual": (Book.ACTUAL, True),
    "annual_accounts": (Book.ACTUAL, False),
    "budget_to_date": (Book.BUDGET, True),
    "budget_full_year": (Book.BUDGET, False),
}


@dataclass(frozen=True, slots=True)
class Window:
    """The months of a book that a quantity of one closing sums."""

    book: Book
    first: Period
    last: Period
    closing: Targets
    quantity: str
    offset: int

    def __str__(self) -> str:
        return f"{self.quantity} {self.first.year}, in the targets of {self.closing.period}"


@dataclass(frozen=True, slots=True)
class Segment:
    """Months of one year and book between which no window ends."""

    book: Book
    first: Period
    last: Period


@dataclass(frozen=True, slots=True)
class Grid:
    """The classes of units (alike at every closing), the segments of time, and what lies where.

    `size` is by class and segment: turnover weight × the segment's part of a year, of the units that are there then.
    `shares` is by closing, class and area of its edition: what of the class's accounts the area has at the closing.
    """

    class_of: np.ndarray
    segments: tuple[Segment, ...]
    windows: tuple[Window, ...]
    size: np.ndarray
    shares: Mapping[Period, np.ndarray]

    def inside(self, window: Window) -> np.ndarray:
        """Which segments a window sums."""
        return np.array(
            [
                segment.book == window.book and window.first <= segment.first and segment.last <= window.last
                for segment in self.segments
            ]
        )

    def counted(self, window: Window) -> np.ndarray:
        """What of each class the window's total counts: a comparative is without the units that left."""
        if window.offset == 0:
            return np.ones(len(self.size))
        return self.shares[window.closing.period].sum(axis=1)


def divide(timeline: Timeline, units: Units) -> Grid:
    """Classes, segments and windows of the timeline."""
    shares = {
        targets.period: units.restated_area(targets.period.last_day, targets.edition.area_codes)
        for targets in timeline.closings
    }
    alike = np.concatenate(list(shares.values()), axis=1)
    _, first, of_sorted = np.unique(alike.round(9), axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    class_of = rank[of_sorted.ravel()]
    members = np.sort(first)
    windows = _windows(timeline)
    segments = _segments(timeline, windows)
    return Grid(
        class_of,
        segments,
        windows,
        _size(units, class_of, segments),
        {period: of_unit[members] for period, of_unit in shares.items()},
    )


def budgeted(units: Units, months: Sequence[Period]) -> np.ndarray:
    """Unit × month: a year's budget is that of the units of its first day, while they are there."""
    there = np.array([units.in_force(month) & units.in_force(month.january) for month in months])
    return there.T


def booked(units: Units, months: Sequence[Period]) -> np.ndarray:
    """Unit × month: which units are there."""
    return np.array([units.in_force(month) for month in months]).T


def _windows(timeline: Timeline) -> tuple[Window, ...]:
    windows: list[Window] = []
    for targets in timeline.closings:
        for offset in (0, -1):
            year = targets.period.year + offset
            for quantity, (book, is_to_date) in _QUANTITIES.items():
                last = Period(year, targets.period.month if is_to_date else 12)
                if book == Book.ACTUAL and last > targets.period:
                    continue
                window = Window(book, Period(year, 1), last, targets, quantity, offset)
                if book == Book.ACTUAL or offset == 0 or _is_spoken_of(window):
                    windows.append(window)
    return tuple(windows)


def _is_spoken_of(window: Window) -> bool:
    if window.book == Book.BUDGET and window.offset == 0 and window.closing.figure("economic_result_ratio"):
        return True
    return any(
        key.subject_id in (*MEASURES, "personnel_cost_share")
        and (key.quantity, key.year_offset) == (window.quantity, window.offset)
        for key in window.closing.figures
    )


def _segments(timeline: Timeline, windows: Sequence[Window]) -> tuple[Segment, ...]:
    """Months that the same published windows sum; booked months of which none speaks stand alone."""
    spoken = [window for window in windows if _is_spoken_of(window)]
    segments: list[Segment] = []
    first_budget = min(window.first.year for window in windows if window.book == Book.BUDGET)
    for book in Book:
        for year in range(timeline.first.year if book == Book.ACTUAL else first_budget, timeline.last.year + 1):
            end = timeline.last if book == Book.ACTUAL and year == timeline.last.year else Period(year, 12)
            ends = {window.last for window in spoken if window.book == book and window.last.year == year}
            if book == Book.ACTUAL:
                ends |= set(max(ends, default=Period(year - 1, 12)).plus(1).through(end))
            start = Period(year, 1)
            for last in sorted({*ends, end}):
                segments.append(Segment(book, start, last))
                start = last.plus(1)
    return tuple(segments)


def _size(units: Units, class_of: np.ndarray, segments: Sequence[Segment]) -> np.ndarray:
    size = np.zeros((class_of.max() + 1, len(segments)))
    for place, segment in enumerate(segments):
        months = segment.first.through(segment.last)
        there = booked(units, months) if segment.book == Book.ACTUAL else budgeted(units, months)
        season = SEASON[[month.month - 1 for month in months]] / SEASON.sum()
        np.add.at(size[:, place], class_of, units.turnover_weight * (there @ season))
    return size
