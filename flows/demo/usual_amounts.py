"""What costs and results would usually be where no target says: by the size of the units and the nearest known year."""

from __future__ import annotations

import numpy as np

from flows.demo.targets import Targets
from flows.demo.timeline import Timeline
from flows.demo.windows import SEASON, Book, Grid

#: What costs grow by from year to year where no target says.
_GROWTH = 1.03


def usual_costs(timeline: Timeline, grid: Grid) -> np.ndarray:
    """Costs in öre by class and segment."""
    known = _known_levels(timeline, grid)
    level = [_level(known, timeline, segment.book, segment.first.year) for segment in grid.segments]
    return grid.size * np.array(level)


def usual_results(timeline: Timeline, grid: Grid) -> np.ndarray:
    """Results in öre by class and segment: in a year of which every area's forecast was published, its part of it."""
    usual = np.zeros_like(grid.size)
    for targets in timeline.closings:
        areas = targets.edition.area_codes
        published = [targets.value("result", area, "forecast_full_year") for area in areas]
        if any(value is None for value in published):
            continue
        shares = grid.shares[targets.period]
        inside, part = _booked_of_year(grid, targets.period.year)
        of_area = shares.T @ grid.size[:, inside].sum(axis=1) / part
        rate = np.array([float(value or 0) * 100 for value in published]) / np.where(of_area == 0, 1, of_area)
        usual[:, inside] = (shares @ rate)[:, None] * grid.size[:, inside]
    return usual


def _level(known: dict[tuple[Book, int], float], timeline: Timeline, book: Book, year: int) -> float:
    """A year's cost of the organisation of the beginning, by the nearest year of which one is known."""
    if (book, year) in known:
        return known[book, year]
    if known:
        (_, nearest_year), level = min(known.items(), key=lambda each: abs(each[0][1] - year))
        return level * _GROWTH ** (year - nearest_year)
    results = sum(
        abs(figure.value)
        for targets in timeline.closings
        for key, figure in targets.figures.items()
        if key.subject_id == "result"
    )
    return max(float(results) * 100 * 10, 2e10)


def _known_levels(timeline: Timeline, grid: Grid) -> dict[tuple[Book, int], float]:
    levels: dict[tuple[Book, int], float] = {}
    for targets in timeline.closings:
        for quantity, offset in (("annual_accounts", -1), ("budget_full_year", 0), ("forecast_full_year", 0)):
            book = Book.BUDGET if quantity.startswith("budget") else Book.ACTUAL
            total = _total(targets, quantity, offset)
            if total is not None:
                levels.setdefault((book, targets.period.year + offset), total / _counted(grid, targets, offset))
        levels |= _level_by_ratio(targets)
    return levels


def _level_by_ratio(targets: Targets) -> dict[tuple[Book, int], float]:
    """The budget's size, where only the economic result in per cent tells it."""
    ratio, outcome = targets.value("economic_result_ratio"), targets.value("result")
    budget = targets.value("result", quantity="budget_to_date")
    if not ratio or outcome is None or budget is None or _total(targets, "budget_full_year", 0) is not None:
        return {}
    return {(Book.BUDGET, targets.period.year): float((outcome - budget) / ratio * 12 / targets.period.month) * 100}


def _total(targets: Targets, quantity: str, offset: int) -> float | None:
    for measure in ("cost", "revenue"):
        found = targets.value(measure, "", quantity, offset)
        if found is not None:
            return float(found) * 100
    return None


def _counted(grid: Grid, targets: Targets, offset: int) -> float:
    """How much of the organisation of the beginning a closing's whole year counts: a comparative has fewer units."""
    counted = grid.shares[targets.period].sum(axis=1) if offset else np.ones(len(grid.size))
    inside, part = _booked_of_year(grid, targets.period.year + offset)
    return float((counted @ grid.size[:, inside]).sum()) / part


def _booked_of_year(grid: Grid, year: int) -> tuple[np.ndarray, float]:
    """Which segments of a year are booked, and their part of it by season."""
    inside = np.array([segment.book == Book.ACTUAL and segment.first.year == year for segment in grid.segments])
    months = [
        month.month - 1
        for segment, is_inside in zip(grid.segments, inside, strict=True)
        if is_inside
        for month in segment.first.through(segment.last)
    ]
    return inside, float(SEASON[months].sum() / SEASON.sum())
