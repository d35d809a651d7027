"""What each area earns and spends, so that the published results and totals hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from flows.demo.targets import Figure, Targets
from flows.errors import Refusal

#: Monthly shape of a year: personnel costs peak with summer's vacations and their substitutes.
SEASON = np.array([1.00, 0.96, 1.00, 0.98, 1.00, 1.05, 1.09, 1.04, 0.98, 0.98, 0.97, 1.01])

#: Personnel's part of all costs where no target says.
PERSONNEL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Amounts:
    """Cost and revenue per area, in öre, both without sign."""

    cost: np.ndarray
    revenue: np.ndarray

    @property
    def result(self) -> np.ndarray:
        return self.revenue - self.cost

    def less(self, other: Amounts) -> Amounts:
        return Amounts(self.cost - other.cost, self.revenue - other.revenue)


@dataclass(frozen=True, slots=True)
class Economy:
    """The windows that a report can ask for; `rest` is what of the year comes after the period's month."""

    previous_to_date: Amounts
    previous_rest: Amounts
    actual_to_date: Amounts
    budget_to_date: Amounts
    budget_rest: Amounts
    forecast: Amounts
    personnel_share: float


def plan_economy(targets: Targets, weights: np.ndarray) -> Economy:
    """Amounts that print as every target of finance; `weights` is each area's part of what no target says."""
    planner = _Planner(targets, weights / weights.sum())
    months = targets.period.month
    share = float(SEASON[:months].sum() / SEASON.sum())
    whole_year = planner.usual_cost()
    budget = planner.amounts("budget_full_year", 0, planner.budget_cost(whole_year), None)
    budget_to_date = planner.amounts("budget_to_date", 0, float(budget.cost.sum()) * share, budget.result * share)
    previous = planner.amounts("annual_accounts", -1, whole_year * 0.97, None)
    previous_to_date = planner.amounts("actual", -1, float(previous.cost.sum()) * share, previous.result * share)
    forecast = planner.amounts("forecast_full_year", 0, float(budget.cost.sum()), budget.result)
    to_date = planner.amounts("actual", 0, float(forecast.cost.sum()) * share, forecast.result * share)
    if months == 12:
        budget = budget_to_date if not planner.has("budget_full_year", 0) else budget
        previous = previous_to_date if not planner.has("annual_accounts", -1) else previous
        budget_to_date, previous_to_date = budget, previous
    personnel = targets.value("personnel_cost_share")
    economy = Economy(
        previous_to_date=previous_to_date,
        previous_rest=previous.less(previous_to_date),
        actual_to_date=to_date,
        budget_to_date=budget_to_date,
        budget_rest=budget.less(budget_to_date),
        forecast=forecast,
        personnel_share=PERSONNEL_SHARE if personnel is None else float(personnel),
    )
    _check(economy, months, targets, budget)
    return economy


@dataclass(frozen=True, slots=True)
class _Planner:
    targets: Targets
    weights: np.ndarray

    def has(self, quantity: str, offset: int) -> bool:
        """Whether any target of finance speaks of that window."""
        return any(
            self.targets.figure(measure, area, "T", quantity, offset)
            for measure in ("result", "cost", "revenue")
            for area in ("", *self.targets.edition.area_codes)
        )

    def usual_cost(self) -> float:
        """A year's cost in öre where a window has no total: that of another window, else one that fits the results."""
        for quantity, offset in (("budget_full_year", 0), ("forecast_full_year", 0), ("annual_accounts", -1)):
            for measure in ("cost", "revenue"):
                found = self.targets.figure(measure, "", "T", quantity, offset)
                if found is not None:
                    return float(found.value) * 100
        results = sum(abs(figure.value) for key, figure in self.targets.figures.items() if key.subject_id == "result")
        return max(float(results) * 100 * 10, 2e10)

    def budget_cost(self, otherwise: float) -> float:
        """The budget's cost, where only the economic result in per cent tells how large the budget is."""
        ratio = self.targets.value("economic_result_ratio")
        outcome, budget = self.targets.value("result"), self.targets.value("result", quantity="budget_to_date")
        if not ratio or outcome is None or budget is None:
            return otherwise
        return float((outcome - budget) / ratio * 12 / self.targets.period.month) * 100

    def amounts(self, quantity: str, offset: int, cost: float, result: np.ndarray | None) -> Amounts:
        """One window: results tie first, then costs; revenue follows and must print as its own targets."""
        free = self.weights * 0.0 if result is None else result
        results = self._tied("result", quantity, offset, free)
        total = self.targets.figure("revenue", "", "T", quantity, offset)
        if total is not None:
            cost = float(total.value) * 100 - float(results.sum())
        costs = self._tied("cost", quantity, offset, self._spent(cost, results))
        spent = self.targets.figure("cost", "", "T", quantity, offset)
        if total is not None:
            short = int(total.value * 100) - int(costs.sum()) - int(results.sum())
            give = Decimal(0) if spent is None else spent.half_step
            if abs(short) >= int((total.half_step + give) * 100):
                raise Refusal(
                    f"Revenue less cost is not the result ({quantity}).", "Correct the targets of the organisation."
                )
            if spent is None or abs(short) >= int(total.half_step * 100):
                moved = short if spent is None else short // 2
                costs = costs + _even(moved, len(costs))
        found = Amounts(costs, costs + results)
        if (found.cost <= 0).any() or (found.revenue <= 0).any():
            raise Refusal(f"An area would have no cost or no revenue ({quantity}).", "Correct the targets.")
        return found

    def _spent(self, cost: float, results: np.ndarray) -> np.ndarray:
        """Cost by weight; where an area's deficit is more than that, the deficits come first and the rest by weight."""
        by_weight = self.weights * cost
        if (by_weight + results > by_weight / 10).all():
            return by_weight
        deficits = 1.2 * np.maximum(-results, 0)
        return deficits + self.weights * max(cost - float(deficits.sum()), 0.0)

    def _tied(self, measure: str, quantity: str, offset: int, free: np.ndarray) -> np.ndarray:
        areas = self.targets.edition.area_codes
        parts = [self.targets.figure(measure, area, "T", quantity, offset) for area in areas]
        return tie(parts, self.targets.figure(measure, "", "T", quantity, offset), free, f"{measure}, {quantity}")


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


def _check(economy: Economy, months: int, targets: Targets, budget: Amounts) -> None:
    if months < 12:
        for rest in (economy.previous_rest, economy.budget_rest):
            if (rest.cost <= 0).any() or (rest.revenue <= 0).any():
                raise Refusal("Nothing would be left of a year after the period.", "Correct the targets of that year.")
    ratio = targets.figure("economic_result_ratio")
    if ratio is not None:
        above = Decimal(int((economy.actual_to_date.result - economy.budget_to_date.result).sum()))
        found = above / (Decimal(int(budget.revenue.sum())) * months / 12)
        if abs(found - ratio.value) > ratio.half_step:
            raise Refusal(
                "The economic result in per cent does not follow from the result and the budget.",
                "Correct it, or the budgeted revenue.",
            )
