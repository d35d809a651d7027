"""The ledger over several closings: every target of each comes out, in the organisation of its day."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from flows.demo.adjustments import read_adjustments
from flows.demo.chart import EQUITY, PURCHASE, Kind
from flows.demo.economy import Economy, plan_economy
from flows.demo.investments import Projects, draw_projects
from flows.demo.journal import CHART, Journal, write_journal
from flows.demo.ledger import KIND, Ledger, draw_ledger
from flows.demo.organisation import Units
from flows.demo.organisation_events import EVENTS_FILE
from flows.demo.sie_file import FiscalYear, sie_text
from flows.demo.targets import DEFAULT_TARGETS, Targets
from flows.demo.timeline import Timeline, read_timeline
from flows.demo.write_finance import draw_budgets, fiscal_years
from flows.domain.period import Period
from flows.errors import Refusal
from flows.sources.sie import read_ledger

BOTH = DEFAULT_TARGETS.parent


@dataclass(frozen=True)
class Years:
    timeline: Timeline
    units: Units
    economy: Economy
    ledger: Ledger
    projects: Projects
    journal: Journal
    budgets: dict[int, np.ndarray]
    files: list[FiscalYear]

    def booked(self, first: Period, last: Period, kinds: tuple[Kind, ...] = tuple(Kind)) -> np.ndarray:
        """Öre by unit in the ledger's sign, without investments."""
        lines = self.ledger.lines
        months = [place for place, month in enumerate(self.ledger.months) if first <= month <= last]
        chosen = np.isin(lines.month, months) & np.isin(KIND[lines.account], kinds)
        return np.bincount(lines.unit[chosen], weights=lines.amount[chosen], minlength=len(self.units))

    def budgeted(self, first: Period, last: Period) -> np.ndarray:
        return self.budgets[first.year][:, :, first.month - 1 : last.month].sum(axis=(1, 2)) * 100


def draw(until: Period | None = None) -> Years:
    timeline = read_timeline(BOTH, until)
    of_units, of_ledger, of_projects, of_journal, of_budgets = np.random.default_rng(5).spawn(5)
    units = timeline.draw_units(of_units)
    economy = plan_economy(timeline, units)
    ledger = draw_ledger(of_ledger, units, economy, timeline.months, 1)
    projects = draw_projects(of_projects, units, timeline)
    journal = write_journal(of_journal, ledger, projects)
    budgets = dict(draw_budgets(of_budgets, units, economy, timeline))
    files = fiscal_years(timeline, journal, economy, budgets)
    return Years(timeline, units, economy, ledger, projects, journal, budgets, files)


@pytest.fixture(scope="module")
def years() -> Years:
    return draw()


@pytest.fixture(scope="module")
def longer() -> Years:
    return draw(Period(2022, 12))


def window(targets: Targets, quantity: str, offset: int) -> tuple[Period, Period]:
    year = targets.period.year + offset
    is_year = quantity in ("annual_accounts", "budget_full_year")
    return Period(year, 1), Period(year, 12 if is_year else targets.period.month)


def test_every_result_of_every_closing_comes_out_in_the_organisation_of_its_day(years: Years) -> None:
    checked = 0
    for targets in years.timeline.closings:
        areas = targets.edition.area_codes
        shares = years.units.restated_area(targets.period.last_day, areas)
        adjusted = np.zeros(len(years.units))
        for one in read_adjustments(targets, years.units):
            adjusted[one.unit] += one.amount
        for (subject, area, _, quantity, offset), figure in (
            ((key.subject_id, key.area_code, key.sex, key.quantity, key.year_offset), figure)
            for key, figure in targets.figures.items()
        ):
            if subject != "result" or quantity not in (
                "actual",
                "annual_accounts",
                "budget_to_date",
                "budget_full_year",
            ):
                continue
            first, last = window(targets, quantity, offset)
            by_unit = years.budgeted(first, last) if quantity.startswith("budget") else years.booked(first, last)
            by_unit = by_unit + (adjusted if (quantity, offset) == ("actual", 0) else 0)
            of_area = shares.sum(axis=1) if area == "" else shares[:, areas.index(area)]
            found = -float(by_unit @ of_area) / 100
            assert abs(found - float(figure.value)) < float(figure.half_step), (str(targets.period), area, quantity)
            checked += 1
    assert checked > 40


def test_costs_and_revenues_of_every_closing_come_out(years: Years) -> None:
    checked = 0
    for targets in years.timeline.closings:
        kept = years.units.restated(targets.period.last_day).sum(axis=1)
        for measure, kinds in (("cost", (Kind.PERSONNEL, Kind.OTHER)), ("revenue", (Kind.REVENUE,))):
            figure = targets.figure(measure, "", "T", "annual_accounts", -1)
            assert figure is not None
            found = abs(float(years.booked(*window(targets, "annual_accounts", -1), kinds) @ kept)) / 100
            assert abs(found - float(figure.value)) < float(figure.half_step)
            checked += 1
    assert checked == 4


def test_nobody_books_before_coming_or_after_leaving(longer: Years) -> None:
    lines = longer.ledger.lines
    there = np.array([longer.units.in_force(month) for month in longer.ledger.months])
    assert there[lines.month, lines.unit].all()
    assert not there.all()
    for year, budget in longer.budgets.items():
        in_budget = budget.any(axis=1)
        for month in range(12):
            assert not (in_budget[:, month] & ~longer.units.in_force(Period(year, month + 1))).any()


def test_a_file_for_each_closing_and_each_whole_year_and_balances_roll_on(longer: Years) -> None:
    assert [str(file.last) for file in longer.files] == ["2020-12", "2021-08", "2021-12", "2022-03", "2022-12"]
    closing: dict[str, int] = {}
    for file in longer.files:
        content = sie_text(longer.journal, file, longer.units, longer.projects, date(2023, 1, 10))
        reading = read_ledger(content, f"ekonomi_sie_{file.last.compact()}_20230110T0600.se", file.last)
        assert (reading.refusal, reading.findings) == (None, ())
        balances = reading.tables["sie_balance"].to_pylist()
        opening = {row["account"]: row["amount"] for row in balances if row["record"] == "IB"}
        assert sum(opening.values()) == 0
        if file.last.year > 2020:
            # Equity takes the year's result over; every other account goes on as it ended.
            others = [account for account in opening if account != EQUITY[0]]
            assert [opening[account] for account in others] == [closing[account] for account in others]
        named = {row["object"] for row in reading.tables["sie_object"].to_pylist() if row["dimension"] == "1"}
        began = longer.units.valid_from <= np.datetime64(file.last.last_day)
        assert named == set(longer.units.ansvar[began].tolist())
        if file.last.month == 12:  # The last file of its year.
            closing = {row["account"]: row["amount"] for row in balances if row["record"] == "UB"}


def test_investments_of_every_closing_come_out(years: Years) -> None:
    purchase = next(place for place, (number, _, _) in enumerate(CHART) if number == PURCHASE[0])
    journal = years.journal
    months = journal.month[journal.voucher]
    for targets in years.timeline.closings:
        areas = targets.edition.area_codes
        area = years.units.area_on(targets.period.last_day)
        first, last = window(targets, "actual", 0)
        inside = [place for place, month in enumerate(journal.months) if first <= month <= last]
        chosen = (journal.account == purchase) & np.isin(months, inside)
        assert (journal.project[chosen] >= 0).all()
        for code in areas:
            of_area = chosen & (area[journal.unit] == code)
            figure = targets.figure("investment", code, "T", "expenditure_actual")
            assert figure is not None
            assert journal.amount[of_area].sum() == int(figure.value * 100)
        planned = set(years.projects.plans[targets.period].project.tolist())
        assert set(journal.project[chosen].tolist()) <= planned
        assert set(years.projects.year[list(planned)].tolist()) == {targets.period.year}


def test_the_months_after_a_years_last_closing_bring_what_was_foreseen(years: Years) -> None:
    rest = next(stretch for stretch in years.projects.stretches if stretch.last == Period(2021, 12))
    assert rest.first == Period(2021, 9)
    plan = years.projects.plans[Period(2021, 8)]
    before = next(stretch for stretch in years.projects.stretches if stretch.last == Period(2021, 8))
    assert (before.expenditure + rest.expenditure).tolist() == plan.expenditure_forecast.tolist()


def test_a_month_without_targets_goes_on_with_the_years_projects_and_forecasts(longer: Years) -> None:
    last = longer.timeline.last
    assert len(longer.projects.plans[last].project) == len(longer.projects.plans[Period(2022, 3)].project) > 0
    forecasts = longer.economy.forecasts
    assert forecasts[last].result.tolist() == forecasts[Period(2022, 3)].result.tolist()


def spoiled(folder: Path, table: str, row: str, column: str, value: str) -> Path:
    """The default targets with one printed number changed, and its deviations left out."""
    (path,) = (folder / "2022-03").glob(f"{table}_*.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [line for line in csv.DictReader(lines) if line["column"] != "Avvikelse"]
    found = [line for line in rows if (line["row"], line["column"]) == (row, column)]
    assert found
    found[0]["value"], found[0]["value_num"] = value, value
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "named"),
    [
        ("t04", "Äldreomsorg", "Utfall jan-mars 2021", "2755", "actual 2021"),
        ("t05", "därav kostnader", "Bokslut 2021", "1541190", "annual_accounts 2021"),
        ("t05", "därav kostnader", "Bokslut 2021", "300000", "annual_accounts 2021|no cost or no revenue"),
    ],
)
def test_targets_that_contradict_each_other_are_refused_by_name(
    tmp_path: Path, table: str, row: str, column: str, value: str, named: str
) -> None:
    folder = Path(shutil.copytree(BOTH, tmp_path / "targets"))
    timeline = read_timeline(spoiled(folder, table, row, column, value))
    with pytest.raises(Refusal, match=named):
        plan_economy(timeline, timeline.draw_units(np.random.default_rng(1)))


def test_a_result_of_the_same_months_in_another_report_must_agree(tmp_path: Path) -> None:
    """August's report once more, restated in nothing, with another total: no ledger has both."""
    folder = Path(shutil.copytree(BOTH, tmp_path / "targets"))
    shutil.rmtree(folder / "2022-03")
    again = Path(shutil.copytree(folder / "2021-08", folder / "2022-08"))
    for path in again.glob("*.csv"):
        text = path.read_text("utf-8")
        for old, new in (("2021", "2022"), ("2020", "2021"), ("2019", "2020")):
            text = text.replace(old, f"<{new}>")
        path.write_text(text.replace("<", "").replace(">", ""), "utf-8")
    (folder / EVENTS_FILE).unlink()
    timeline = read_timeline(folder)
    with pytest.raises(Refusal, match="in the targets of"):
        plan_economy(timeline, timeline.draw_units(np.random.default_rng(1)))


def test_living_on_changes_nothing_of_what_came_before(years: Years, longer: Years) -> None:
    def text(drawn: Years, file: FiscalYear) -> bytes:
        return sie_text(drawn.journal, file, drawn.units, drawn.projects, date(2022, 4, 7))

    for file in years.files:
        same = next(each for each in longer.files if each.last == file.last)
        assert text(years, file) == text(longer, same)
    for period, plan in years.projects.plans.items():
        assert plan.frame.tolist() == longer.projects.plans[period].frame.tolist()
