"""Write the ledger, a file a fiscal year and closing, and what the controllers foresee."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from flows.demo import inputs
from flows.demo.economy import Economy
from flows.demo.exports import LEDGER, TYPED, Folder, taken_out, typed_file
from flows.demo.investments import draw_projects
from flows.demo.journal import Journal, write_journal
from flows.demo.ledger import draw_budget, draw_ledger
from flows.demo.organisation import Units
from flows.demo.sie_file import FiscalYear, closing_balances, opening_balances, sie_text
from flows.demo.timeline import Timeline
from flows.domain.period import Period

#: The budget of the first year, in parts of the one after it, where no target speaks of it.
_BUDGET_BEFORE = 0.97


def write_finance(
    folder: Folder,
    random: np.random.Generator,
    units: Units,
    timeline: Timeline,
    economy: Economy,
    scale: int,
    progress: Callable[[str], None],
) -> int:
    """Every ledger file, forecast and investment input of the timeline; returns how many rows were written."""
    of_ledger, of_projects, of_journal, of_budgets = random.spawn(4)
    ledger = draw_ledger(of_ledger, units, economy, timeline.months, scale)
    projects = draw_projects(of_projects, units, timeline)
    journal = write_journal(of_journal, ledger, projects)
    budgets = draw_budgets(of_budgets, units, economy, timeline)
    for fiscal in fiscal_years(timeline, journal, economy, budgets):
        # The year's last file waits for the annual accounts, unless the month is reported like any other.
        is_closing = any(targets.period == fiscal.last for targets in timeline.closings)
        at = taken_out(fiscal.last, *LEDGER) if is_closing else taken_out(fiscal.last, 10, LEDGER[1])
        folder.write("ekonomi_sie", fiscal.last, at, sie_text(journal, fiscal, units, projects, at.date()), "se")
    rows = len(journal.amount)
    for targets in timeline.closings:
        at = taken_out(targets.period, *TYPED)
        typed = {
            "ekonomi_prognos": inputs.economic_forecast(targets, economy, at.date()),
            "ekonomi_investering": inputs.investment_input(targets, projects, units, at.date()),
        }
        for extract, of_extract in typed.items():
            folder.write(extract, targets.period, at, typed_file(extract, of_extract))
            rows += len(of_extract)
    progress(f"Wrote the ledger: {len(journal.series)} vouchers with {len(journal.amount)} lines.")
    return rows


def draw_budgets(
    random: np.random.Generator, units: Units, economy: Economy, timeline: Timeline
) -> Mapping[int, np.ndarray]:
    """Year → the budget by (unit, account, month)."""
    years = sorted({segment.first.year for segment in economy.grid.segments if segment.book.name == "BUDGET"})
    budgets = {year: draw_budget(random, units, economy, year) for year in years}
    first = timeline.first.year
    if first not in budgets:
        budgets[first] = np.rint(budgets[first + 1] * _BUDGET_BEFORE)
    return budgets


def fiscal_years(
    timeline: Timeline, journal: Journal, economy: Economy, budgets: Mapping[int, np.ndarray]
) -> list[FiscalYear]:
    """A file for every closing, and for every year that is whole; balances roll from year to year."""
    files: list[FiscalYear] = []
    closings = {targets.period for targets in timeline.closings}
    first = economy.grid.segments[0]
    cost = int(economy.amounts.cost[:, 0].sum())
    opening = opening_balances(cost // len(first.first.through(first.last)))
    for year in range(timeline.first.year, timeline.last.year + 1):
        end = min(Period(year, 12), timeline.last)
        lasts = {period for period in closings if period.year == year} | {end}
        of_year = [FiscalYear(year, last, opening, budgets[year]) for last in sorted(lasts)]
        files += of_year
        opening = closing_balances(journal, of_year[-1])
    return files
