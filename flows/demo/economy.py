"""What the organisation earns and spends, so that the published results and totals of every closing hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from flows.demo.adjustments import Adjustment, read_adjustments
from flows.demo.nearest import Condition, nearest
from flows.demo.organisation import Units
from flows.demo.targets import Figure, Targets
from flows.demo.timeline import Timeline
from flows.demo.usual_amounts import usual_costs, usual_results
from flows.demo.windows import MEASURES, Book, Grid, Window, divide
from flows.domain.period import Period
from flows.errors import Refusal

#: Personnel's part of all costs where no target says.
PERSONNEL_SHARE = 0.8
#: How much less easily a result moves than a cost does.
_STIFFNESS = 0.01


@dataclass(frozen=True, slots=True)
class Amounts:
    """Cost and revenue in öre, both without sign; by class of units and segment, or by area."""

    cost: np.ndarray
    revenue: np.ndarray

    @property
    def result(self) -> np.ndarray:
        return self.revenue - self.cost


@dataclass(frozen=True, slots=True)
class Economy:
    """`amounts` by class and segment of the grid; forecasts by closing and area; personnel's part by segment."""

    grid: Grid
    amounts: Amounts
    personnel_share: np.ndarray
    forecasts: Mapping[Period, Amounts]

    def of_areas(self, window: Window) -> Amounts:
        """A window's sums by area of its closing."""
        shares, inside = self.grid.shares[window.closing.period].T, self.grid.inside(window)
        return Amounts(
            shares @ self.amounts.cost[:, inside].sum(axis=1), shares @ self.amounts.revenue[:, inside].sum(axis=1)
        )

    def window(self, closing: Targets, quantity: str, offset: int = 0) -> Window:
        return next(
            window
            for window in self.grid.windows
            if (window.closing.period, window.quantity, window.offset) == (closing.period, quantity, offset)
        )


def plan_economy(timeline: Timeline, units: Units) -> Economy:
    """Amounts that print as every target of finance, in the organisation of each closing. Raises Refusal."""
    grid = divide(timeline, units)
    adjustments = [one for targets in timeline.closings for one in read_adjustments(targets, units)]
    amounts = _Planner(timeline, grid, adjustments).amounts()
    economy = Economy(grid, amounts, _personnel_share(timeline, grid, amounts), {})
    forecasts: dict[Period, Amounts] = {}
    for before, targets in zip((None, *timeline.closings), timeline.closings, strict=False):
        if before and not targets.figures and before.period.year == targets.period.year:
            forecasts[targets.period] = forecasts[before.period]
        else:
            forecasts[targets.period] = _forecast(targets, economy)
    return Economy(grid, amounts, economy.personnel_share, forecasts)


class _Planner:
    """Unknown are the costs and the results of every class and segment: costs first in the row, then results."""

    def __init__(self, timeline: Timeline, grid: Grid, adjustments: Sequence[Adjustment]) -> None:
        self.timeline = timeline
        self.grid = grid
        self.adjustments = adjustments

    def amounts(self) -> Amounts:
        cost, result = usual_costs(self.timeline, self.grid), usual_results(self.timeline, self.grid)
        conditions = self._conditions()
        is_there = cost > 0
        give = cost.copy()
        for _ in range(8):
            usual = np.concatenate([cost.ravel(), result.ravel()])
            ease = np.concatenate([give.ravel(), _STIFFNESS * cost.ravel()])
            found = nearest(usual, ease, conditions)
            found = nearest(usual, ease, [*conditions, *self._missed_ratios(found)])
            costs, results = np.rint(found).astype(np.int64).reshape(2, *cost.shape)
            # A deficit is part of the costs: where it is most of them, the costs are more than their size says.
            short = is_there & (costs + results <= costs // 10)
            if not short.any():
                break
            cost = np.where(short, np.maximum(cost, 1.3 * np.maximum(-results, 0)), cost)
            give = np.where(short, give * 1e-6, give)
        self._check(costs, results, is_there, conditions)
        return Amounts(costs, costs + results)

    def _check(
        self, costs: np.ndarray, results: np.ndarray, is_there: np.ndarray, conditions: Sequence[Condition]
    ) -> None:
        found = np.concatenate([costs.ravel(), results.ravel()]).astype(float)
        worst = max([*conditions, *self._ratios(found)], key=lambda each: each.missed(found), default=None)
        if worst is not None and worst.missed(found) >= 1:
            raise Refusal(f"{worst.words} cannot come out beside the other targets.", "Correct the targets.")
        empty = is_there & ((costs <= 0) | (costs + results <= 0))
        if empty.any():
            segment = self.grid.segments[int(np.flatnonzero(empty.any(axis=0))[0])]
            raise Refusal(
                f"An area would have no cost or no revenue from {segment.first} to {segment.last}"
                f" ({segment.book.name.lower()}).",
                "Correct the targets of that year.",
            )

    def _row(self, measure: str, by_class: np.ndarray, inside: np.ndarray) -> np.ndarray:
        cells = by_class[:, None] * inside[None, :]
        nothing = np.zeros_like(cells)
        cost, result = {"cost": (cells, nothing), "result": (nothing, cells), "revenue": (cells, cells)}[measure]
        return np.concatenate([cost.ravel(), result.ravel()])

    def _conditions(self) -> list[Condition]:
        """A row for every published figure of every window; what was adjusted beside the ledger is taken off."""
        conditions: list[Condition] = []
        for window in self.grid.windows:
            inside = self.grid.inside(window)
            areas = window.closing.edition.area_codes
            shares = self.grid.shares[window.closing.period]
            for measure in MEASURES:
                for area in ("", *areas):
                    figure = window.closing.figure(measure, area, "T", window.quantity, window.offset)
                    if figure is None:
                        continue
                    by_class = self.grid.counted(window) if area == "" else shares[:, areas.index(area)]
                    value = float(figure.value) * 100 - adjusted(self.adjustments, self.grid, window, measure, area)
                    conditions.append(
                        Condition(
                            self._row(measure, by_class, inside),
                            value,
                            float(figure.half_step) * 100,
                            f"{measure} of {area or 'the organisation'} ({window})",
                        )
                    )
        return conditions

    def _ratios(self, found: np.ndarray) -> list[Condition]:
        """The economic result in per cent: above budget, of the year's budgeted revenue so far."""
        conditions: list[Condition] = []
        windows = {(each.closing.period, each.quantity, each.offset): each for each in self.grid.windows}
        for targets in self.timeline.closings:
            figure = targets.figure("economic_result_ratio")
            if figure is None:
                continue
            actual, to_date, year = (
                windows[targets.period, quantity, 0] for quantity in ("actual", "budget_to_date", "budget_full_year")
            )
            above, budget = (
                self._row("result", self.grid.counted(each), self.grid.inside(each)) for each in (actual, to_date)
            )
            part = targets.period.month / 12
            revenue = self._row("revenue", self.grid.counted(year), self.grid.inside(year))
            conditions.append(
                Condition(
                    above - budget - float(figure.value) * part * revenue,
                    -adjusted(self.adjustments, self.grid, actual, "result", ""),
                    float(figure.half_step) * part * float(revenue @ found),
                    f"economic_result_ratio ({actual})",
                )
            )
        return conditions

    def _missed_ratios(self, found: np.ndarray) -> list[Condition]:
        return [each for each in self._ratios(found) if each.missed(found) >= 1]


def adjusted(adjustments: Sequence[Adjustment], grid: Grid, window: Window, measure: str, area: str) -> float:
    """What adjustments put into a figure, in öre and the mart's sign: the ledger has the rest.

    An adjustment counts in its own month, and no longer where the month that takes it back is summed too.
    """
    areas = window.closing.edition.area_codes
    amount = 0.0
    for one in adjustments:
        is_known = window.book == Book.ACTUAL and one.period <= window.closing.period
        if not is_known or not window.first <= one.period <= window.last or one.reversed_in <= window.last:
            continue
        if measure == "result" or (measure == "revenue") == one.is_revenue:
            of_class = grid.class_of[one.unit]
            shares = grid.shares[window.closing.period][of_class]
            part = grid.counted(window)[of_class] if area == "" else shares[areas.index(area)]
            amount += one.amount * float(part) * (1 if measure == "cost" else -1)
    return amount


def _personnel_share(timeline: Timeline, grid: Grid, amounts: Amounts) -> np.ndarray:
    """Personnel's part of the costs of every segment, near the published ones and exact where one was published."""
    published = [targets.value("personnel_cost_share") for targets in timeline.closings]
    usual = next((float(share) for share in published if share is not None), PERSONNEL_SHARE)
    conditions: list[Condition] = []
    for window in grid.windows:
        figure = window.closing.figure("personnel_cost_share", "", "T", window.quantity, window.offset)
        if figure is not None:
            spent = (grid.counted(window) @ amounts.cost) * grid.inside(window)
            words = f"personnel_cost_share ({window})"
            conditions.append(Condition(spent / spent.sum(), float(figure.value), float(figure.half_step), words))
    share = nearest(np.full(len(grid.segments), usual), np.ones(len(grid.segments)), conditions)
    missed = [condition.words for condition in conditions if condition.missed(share) >= 0.99]
    if missed or (share <= 0).any() or (share >= 1).any():
        raise Refusal(f"{', '.join(missed) or 'personnel_cost_share'} cannot come out.", "Correct the targets.")
    return share


def _forecast(targets: Targets, economy: Economy) -> Amounts:
    """What the controllers foresee of the year, by area: the published figures, and the budget where none was."""
    budget = economy.of_areas(economy.window(targets, "budget_full_year"))
    areas = targets.edition.area_codes
    quantity = "forecast_full_year"

    def tied(measure: str, free: np.ndarray) -> np.ndarray:
        parts = [targets.figure(measure, area, "T", quantity) for area in areas]
        return tie(parts, targets.figure(measure, "", "T", quantity), free, f"{measure}, {quantity}")

    results = tied("result", budget.result)
    total, spent = (targets.figure(measure, "", "T", quantity) for measure in ("revenue", "cost"))
    cost = float(budget.cost.sum()) if total is None else float(total.value) * 100 - float(results.sum())
    deficits = 1.2 * np.maximum(-results, 0)
    by_size = cost * budget.cost / budget.cost.sum()
    if (by_size + results <= by_size / 10).any():
        by_size = deficits + max(cost - float(deficits.sum()), 0.0) * budget.cost / budget.cost.sum()
    costs = tied("cost", by_size)
    if total is not None:
        short = int(total.value * 100) - int(costs.sum()) - int(results.sum())
        give = Decimal(0) if spent is None else spent.half_step
        if abs(short) >= int((total.half_step + give) * 100):
            raise Refusal(
                f"Revenue less cost is not the result ({quantity}).", "Correct the targets of the organisation."
            )
        if spent is None or abs(short) >= int(total.half_step * 100):
            costs = costs + _even(short if spent is None else short // 2, len(costs))
    found = Amounts(costs, costs + results)
    if (found.cost <= 0).any() or (found.revenue <= 0).any():
        raise Refusal(f"An area would have no cost or no revenue ({quantity}).", "Correct the targets.")
    return found


def tie(parts: Sequence[Figure | None], total: Figure | None, free: np.ndarray, what: str) -> np.ndarray:
    """Parts in hundredths that print as their targets and sum to what prints as the total.

    `free` is what a part without a target would be. Printed parts that miss the printed total by rounding alone move
    within what they print; more is a Refusal.
    """
    known = np.array([part is not None for part in parts])
    amounts = np.array([int(part.value * 100) if part else 0 for part in parts], dtype=np.int64)
    amounts = np.where(known, amounts, 100 * np.rint(free / 100).astype(np.int64))
    if total is None:
        return amounts
    short = int(total.value * 100) - int(amounts.sum())
    if not known.all():
        moved = np.zeros(len(parts), dtype=np.int64)
        moved[~known] = _even(short, int((~known).sum()))
        return amounts + moved
    if abs(short) < int(total.half_step * 100):
        return amounts
    moved = _even(short, len(parts))
    if np.abs(moved).max() >= min(int(part.half_step * 100) for part in parts if part):
        raise Refusal(f"The total is not the sum of its areas ({what}).", "Correct the targets.")
    return amounts + moved


def _even(amount: int, count: int) -> np.ndarray:
    """An amount in parts of whole kronor, as equal as they can be; what is less than a krona goes to the first."""
    each, left = divmod(amount // 100, count)
    parts = 100 * (np.full(count, each, dtype=np.int64) + (np.arange(count) < left))
    parts[0] += amount % 100
    return parts
