"""Write the synthetic organisation: every extract of the contracts and the edition, from published targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from flows.declarations.contracts import contracts
from flows.demo import inputs
from flows.demo.economy import Economy, plan_economy
from flows.demo.exports import LEDGER, TYPED, Folder, taken_out, typed_file
from flows.demo.investments import Projects, draw_projects
from flows.demo.journal import write_journal
from flows.demo.ledger import draw_budget, draw_ledger
from flows.demo.organisation import Units
from flows.demo.shifts import draw_shifts, hours_worked
from flows.demo.sie_file import FiscalYear, closing_balances, opening_balances, sie_text
from flows.demo.staff import draw_staff
from flows.demo.targets import Targets
from flows.demo.timeline import read_timeline
from flows.demo.write_care import write_care
from flows.domain.period import Period
from flows.errors import Refusal

_SHIFTS = "timecare_pass"
#: The budget of the year before, in parts of the closed year's.
_BUDGET_BEFORE = 0.97

_README = """Synthetic data
==============

Everything in this folder was drawn by `bokslut demo`. No organisation, unit, person, supplier or amount in it exists:
names, personal identity numbers and employment numbers are invented. Only sums were brought to published totals.

Syntetiska data: allt i den här mappen är påhittat.
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    period: Period
    files: int
    rows: int
    bytes: int


def write_demo(
    to: Path,
    targets: Path | None,
    seed: int,
    scale: int,
    progress: Callable[[str], None],
    until: Period | None = None,
) -> Summary:
    """Write the exports of an organisation whose report comes to the targets. The same seed gives the same bytes.

    `scale` multiplies shifts and vouchers, each smaller, behind unchanged totals. Raises Refusal for targets that no
    organisation can have, or that the edition does not know.
    """
    if scale < 1:
        raise Refusal(f"The scale {scale} is below 1.", "Give a whole number from 1.")
    timeline = read_timeline(targets, until)
    published = timeline.closings[0]
    # Each subject draws from its own stream: a change in one leaves the others' bytes as they are.
    streams = [np.random.default_rng([seed, number]) for number in range(6)]
    units = timeline.draw_units(streams[0])
    folder = Folder(to)
    to.mkdir(parents=True, exist_ok=True)
    (to / "README.md").write_text(_README, "utf-8")
    if published.running_text:
        progress(f"Left aside {published.running_text} figures of running text: they are no cells of a table.")
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        rows = write_care(connection, folder, streams[1], units, timeline)
        progress("Wrote care statistics, registers and what people type.")
        rows += _write_staff(connection, folder, (streams[2], streams[3]), units, published, scale, progress)
    rows += _write_finance(folder, streams[4], units, published, scale, progress)
    _write_edition(folder, published)
    progress(f"Wrote {folder.files} files of {published.period}, {rows} rows.")
    return Summary(published.period, folder.files, rows, folder.bytes)


def _write_staff(
    connection: duckdb.DuckDBPyConnection,
    folder: Folder,
    streams: tuple[np.random.Generator, np.random.Generator],
    units: Units,
    targets: Targets,
    scale: int,
    progress: Callable[[str], None],
) -> int:
    staff = draw_staff(streams[0], units, targets.staff(), targets.period)
    rows = sum(folder.write_months(connection, extract, table) for extract, table in staff.items())
    progress(f"Wrote payroll and HR: {rows} rows.")
    first = contracts()[_SHIFTS].first_period
    worked = hours_worked(staff["heroma_arbetstid"], units)
    asked = {(unit, month): hours for (unit, month), hours in worked.items() if month >= first}
    if asked:
        shifts = draw_shifts(streams[1], units, asked, scale)
        rows += folder.write_months(connection, _SHIFTS, shifts)
        progress(f"Wrote {shifts.num_rows} shifts.")
    return rows


def _write_finance(
    folder: Folder,
    random: np.random.Generator,
    units: Units,
    targets: Targets,
    scale: int,
    progress: Callable[[str], None],
) -> int:
    period, areas = targets.period, targets.edition.area_codes
    economy = plan_economy(targets, inputs.area_weights(units, areas))
    ledger = draw_ledger(random, units, areas, economy, period, scale)
    projects = draw_projects(random, units, targets)
    journal = write_journal(random, ledger, projects, period)
    budget = draw_budget(random, units, areas, economy, period)
    at = taken_out(period, *LEDGER)
    before = _year_before(period, economy, budget)
    closed = FiscalYear(period.year, period, closing_balances(journal, before), budget)
    for fiscal, taken in ((before, taken_out(before.last, 10, 6)), (closed, at)):
        of_year = projects if fiscal is closed else _no_projects(projects)
        content = sie_text(journal, fiscal, units, of_year, taken.date())
        folder.write("ekonomi_sie", fiscal.last, taken, content, "se")
    at = taken_out(period, *TYPED)
    typed = {
        "ekonomi_prognos": inputs.economic_forecast(targets, economy, at.date()),
        "ekonomi_investering": inputs.investment_input(targets, projects, units, at.date()),
    }
    for extract, rows in typed.items():
        folder.write(extract, period, at, typed_file(extract, rows))
    progress(f"Wrote the ledger: {len(journal.series)} vouchers with {len(journal.amount)} lines.")
    return len(journal.amount) + sum(len(rows) for rows in typed.values())


def _year_before(period: Period, economy: Economy, budget: np.ndarray) -> FiscalYear:
    monthly_cost = int(economy.previous_to_date.cost.sum()) // period.month
    last = Period(period.year - 1, 12)
    return FiscalYear(last.year, last, opening_balances(monthly_cost), np.rint(budget * _BUDGET_BEFORE))


def _no_projects(projects: Projects) -> Projects:
    """The projects of a year that has none: the closed year's came later."""
    return replace(projects, code=projects.code[:0], name=projects.name[:0], unit=projects.unit[:0])


def _write_edition(folder: Folder, targets: Targets) -> None:
    for name, text in targets.edition.registers.items():
        folder.write(name, targets.period, taken_out(targets.period, *TYPED), text.encode("utf-8"))
