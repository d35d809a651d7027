"""Investment projects, drawn to the published expenditure, forecasts and frames directly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.economy import tie
from flows.demo.organisation import Units
from flows.demo.targets import Figure, Targets

_NAMES = ("Inventarier", "Välfärdsteknik", "Hjälpmedel", "Köksutrustning", "Fordon")


@dataclass(frozen=True, slots=True)
class Projects:
    """The closed year's projects, one an index in every array; amounts in öre, without sign."""

    code: np.ndarray
    name: np.ndarray
    unit: np.ndarray
    frame: np.ndarray
    expenditure_forecast: np.ndarray
    income_forecast: np.ndarray
    expenditure: np.ndarray
    income: np.ndarray

    def __len__(self) -> int:
        return len(self.code)


def draw_projects(random: np.random.Generator, units: Units, targets: Targets) -> Projects:
    """One to three projects in every area of which an investment was published; none where none was."""
    planned = {
        name: _areas(targets, measure, quantities)
        for name, measure, quantities in (
            ("frame", "investment_expenditure", ("frame", "budget_full_year")),
            ("expenditure", "investment_expenditure", ("expenditure_actual",)),
            ("income", "investment_income", ("income_actual",)),
            (
                "expenditure_forecast",
                "investment_expenditure",
                ("expenditure_forecast", "net_forecast", "forecast_full_year"),
            ),
            ("income_forecast", "investment_income", ("income_forecast",)),
        )
    }
    areas = targets.edition.area_codes
    published = [
        place
        for place, area in enumerate(areas)
        if any(key.subject_id == "investment" and key.area_code == area for key in targets.figures)
    ]
    if not published and any(key.subject_id.startswith("investment") for key in targets.figures):
        published = list(range(len(areas)))
    count = random.integers(1, 4, len(published))
    of_project = np.repeat(np.arange(len(published)), count)
    unit = np.array([random.choice(units.of_area(areas[published[place]])) for place in of_project], dtype=np.int64)
    size = random.lognormal(0.0, 0.5, len(of_project))
    year = targets.period.year % 100
    amounts = {name: apportion(size, of_project, by_area[published] / 100) * 100 for name, by_area in planned.items()}
    return Projects(
        code=np.array([f"P{year:02d}{number:03d}" for number in range(1, len(of_project) + 1)]),
        name=np.array([f"{_NAMES[number % len(_NAMES)]} {number + 1:02d}" for number in range(len(of_project))]),
        unit=unit,
        **amounts,
    )


def _areas(targets: Targets, measure: str, quantities: Sequence[str]) -> np.ndarray:
    """The first of the quantities that anything was published of, by area in öre; zeros where nothing was."""
    areas = targets.edition.area_codes
    for quantity in quantities:
        parts: list[Figure | None] = [targets.figure("investment", area, "T", quantity) for area in areas]
        total = targets.figure("investment", "", "T", quantity) or targets.figure(measure, "", "T", quantity)
        if total is not None or any(parts):
            return tie(parts, total, np.zeros(len(areas)), f"investment, {quantity}")
    return np.zeros(len(areas), dtype=np.int64)
