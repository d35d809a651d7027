"""Investment projects, drawn to the published expenditure, forecasts and frames directly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.economy import tie
from flows.demo.organisation import Units
from flows.demo.targets import Figure, Targets
from flows.demo.timeline import Timeline
from flows.domain.period import Period

_NAMES = ("Inventarier", "Välfärdsteknik", "Hjälpmedel", "Köksutrustning", "Fordon")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the controllers say of a closing's projects; `project` are indexes, amounts in öre, without sign."""

    project: np.ndarray
    frame: np.ndarray
    expenditure_forecast: np.ndarray
    income_forecast: np.ndarray


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was spent and received on projects in some months of one year; amounts in öre, without sign."""

    first: Period
    last: Period
    project: np.ndarray
    expenditure: np.ndarray
    income: np.ndarray


@dataclass(frozen=True, slots=True)
class Projects:
    """Every year's projects, one an index in every array, in the order of their years."""

    code: np.ndarray
    name: np.ndarray
    unit: np.ndarray
    year: np.ndarray
    plans: Mapping[Period, Plan]
    stretches: tuple[Stretch, ...]

    def __len__(self) -> int:
        return len(self.code)


def draw_projects(random: np.random.Generator, units: Units, timeline: Timeline) -> Projects:
    """The projects of every closing's year: what they come to at each closing, and the rest of a year that is over."""
    drawn = _Drawn(random, units, timeline.last)
    for targets in timeline.closings:
        drawn.close(targets)
    drawn.end_year()
    numbers = [int(place - drawn.year.index(year)) for place, year in enumerate(drawn.year)]
    return Projects(
        code=np.array([f"P{year % 100:02d}{number + 1:03d}" for year, number in zip(drawn.year, numbers, strict=True)]),
        name=np.array([f"{_NAMES[number % len(_NAMES)]} {number + 1:02d}" for number in numbers]),
        unit=np.array(drawn.unit, dtype=np.int64),
        year=np.array(drawn.year, dtype=np.int64),
        plans=drawn.plans,
        stretches=tuple(drawn.stretches),
    )


class _Drawn:
    """The projects so far, year by year and closing by closing."""

    def __init__(self, random: np.random.Generator, units: Units, last: Period) -> None:
        self.random = random
        self.units = units
        self.last = last
        self.unit: list[int] = []
        self.year: list[int] = []
        self.size: list[float] = []
        self.plans: dict[Period, Plan] = {}
        self.stretches: list[Stretch] = []
        self._closed: Period | None = None
        self._booked: dict[int, tuple[int, int]] = {}

    def close(self, targets: Targets) -> None:
        """One closing: projects of areas that have none yet this year, its plan, and what was booked since the last."""
        period = targets.period
        if self._closed is not None and self._closed.year != period.year:
            self.end_year()
        published = _published_areas(targets)
        area = self.units.area_on(period.last_day)
        self._begin(
            period, [code for code in published if code not in {area[self.unit[at]] for at in self._of(period)}]
        )
        of_year = [at for at in self._of(period) if area[self.unit[at]] in published or not published]
        if not published and self._closed is not None:
            before = self.plans[self._closed]
            spent = before.expenditure_forecast * 9 // 10
            plan, now = before, (np.maximum(spent, self._so_far(0)), before.income_forecast)
        else:
            plan, now = self._planned(targets, of_year, [published.index(area[self.unit[at]]) for at in of_year])
        self.plans[period] = plan
        self._book(period, now)

    def end_year(self) -> None:
        """The months after a year's last closing, where they are drawn: what was foreseen comes."""
        if self._closed is None:
            return
        december = Period(self._closed.year, 12)
        if self._closed < december <= self.last:
            plan = self.plans[self._closed]
            # A unit that has left by then books no more.
            stays = self.units.in_force(december)[[self.unit[at] for at in plan.project]]
            foreseen = (plan.expenditure_forecast, plan.income_forecast)
            spent, received = (np.where(stays, foreseen[which], self._so_far(which)) for which in (0, 1))
            self._book(december, (spent, received))
        self._closed, self._booked = None, {}

    def _of(self, period: Period) -> list[int]:
        return [place for place, year in enumerate(self.year) if year == period.year]

    def _begin(self, period: Period, areas: Sequence[str]) -> None:
        count = self.random.integers(1, 4, len(areas))
        for place in np.repeat(np.arange(len(areas)), count):
            self.unit.append(int(self.random.choice(self._there(period, areas[place]))))
            self.year.append(period.year)
        self.size += self.random.lognormal(0.0, 0.5, int(count.sum())).tolist()

    def _there(self, period: Period, area: str) -> np.ndarray:
        """Units of the area that are there the whole year, else those that are there at the closing."""
        of_area = self.units.area_on(period.last_day) == area
        whole = of_area & self.units.in_force(period.january) & self.units.in_force(period.december)
        return np.flatnonzero(whole if whole.any() else of_area)

    def _planned(
        self, targets: Targets, of_year: list[int], of_area: list[int]
    ) -> tuple[Plan, tuple[np.ndarray, np.ndarray]]:
        published = _published_areas(targets)
        place = [targets.edition.area_codes.index(code) for code in published]
        size, group = np.array([self.size[at] for at in of_year]), np.array(of_area, dtype=np.int64)
        amounts = {
            name: apportion(size, group, _areas(targets, measure, quantities)[place] / 100) * 100
            for name, measure, quantities in _QUANTITIES
        }
        project = np.array(of_year, dtype=np.int64)
        plan = Plan(project, amounts["frame"], amounts["expenditure_forecast"], amounts["income_forecast"])
        return plan, (amounts["expenditure"], amounts["income"])

    def _so_far(self, which: int) -> np.ndarray:
        """What of the last plan's projects was booked in the year: expenditure (0) or income (1)."""
        assert self._closed is not None
        return np.array([self._booked.get(at, (0, 0))[which] for at in self.plans[self._closed].project.tolist()])

    def _book(self, last: Period, now: tuple[np.ndarray, np.ndarray]) -> None:
        """What came since the last closing of the year makes up the amounts to date."""
        first = last.january if self._closed is None else self._closed.plus(1)
        project = self.plans[last if last in self.plans else self._closed or last].project
        before = np.array([self._booked.get(at, (0, 0)) for at in project.tolist()], dtype=np.int64).reshape(-1, 2)
        self.stretches.append(Stretch(first, last, project, now[0] - before[:, 0], now[1] - before[:, 1]))
        self._booked |= {at: (int(now[0][nth]), int(now[1][nth])) for nth, at in enumerate(project.tolist())}
        self._closed = last


#: Amount → the measure of its total, and the quantities of which the first that anything was published of tells it.
_QUANTITIES = (
    ("frame", "investment_expenditure", ("frame", "budget_full_year")),
    ("expenditure", "investment_expenditure", ("expenditure_actual",)),
    ("income", "investment_income", ("income_actual",)),
    ("expenditure_forecast", "investment_expenditure", ("expenditure_forecast", "net_forecast", "forecast_full_year")),
    ("income_forecast", "investment_income", ("income_forecast",)),
)


def _published_areas(targets: Targets) -> list[str]:
    """The areas of which an investment was published; all of them where only the organisation's was."""
    investments = [key for key in targets.figures if key.subject_id.startswith("investment")]
    areas = targets.edition.area_codes
    named = [
        area for area in areas if any((key.subject_id, key.area_code) == ("investment", area) for key in investments)
    ]
    return named or (list(areas) if investments else [])


def _areas(targets: Targets, measure: str, quantities: Sequence[str]) -> np.ndarray:
    """The first of the quantities that anything was published of, by area in öre; zeros where nothing was."""
    areas = targets.edition.area_codes
    for quantity in quantities:
        parts: list[Figure | None] = [targets.figure("investment", area, "T", quantity) for area in areas]
        total = targets.figure("investment", "", "T", quantity) or targets.figure(measure, "", "T", quantity)
        if total is not None or any(parts):
            return tie(parts, total, np.zeros(len(areas)), f"investment, {quantity}")
    return np.zeros(len(areas), dtype=np.int64)
