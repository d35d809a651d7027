"""The drawn ledger: exact sums without plugs, whole vouchers, and a file that passes every check of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flows.demo.apportion import apportion
from flows.demo.chart import ACCOUNTS, Kind
from flows.demo.economy import Economy, plan_economy
from flows.demo.investments import Projects, draw_projects
from flows.demo.journal import CHART, Journal, write_journal
from flows.demo.ledger import KIND, Ledger, draw_budget, draw_ledger
from flows.demo.organisation import Units
from flows.demo.sie_file import sie_text
from flows.demo.targets import DEFAULT_TARGETS, Targets
from flows.demo.timeline import Timeline, read_timeline
from flows.demo.write_finance import draw_budgets, fiscal_years
from flows.domain.period import Period
from flows.sources.sie import read_ledger

#: A true draw fails a distribution test once in a thousand times.
UNLIKELY = 0.001


@dataclass(frozen=True)
class Finance:
    timeline: Timeline
    units: Units
    economy: Economy
    ledger: Ledger
    projects: Projects
    journal: Journal
    budget: np.ndarray

    @property
    def targets(self) -> Targets:
        return self.timeline.closings[0]

    @property
    def area(self) -> np.ndarray:
        return np.array([self.targets.edition.area_codes.index(code) for code in self.units.area_code])


def draw(seed: int, scale: int = 1) -> Finance:
    timeline = read_timeline(DEFAULT_TARGETS)
    random = np.random.default_rng(seed)
    units = timeline.draw_units(random)
    economy = plan_economy(timeline, units)
    ledger = draw_ledger(random, units, economy, timeline.months, scale)
    projects = draw_projects(random, units, timeline)
    journal = write_journal(random, ledger, projects)
    year = timeline.last.year
    return Finance(timeline, units, economy, ledger, projects, journal, draw_budget(random, units, economy, year))


@pytest.fixture(scope="module", params=[1, 2, 3])
def finance(request: pytest.FixtureRequest) -> Finance:
    return draw(request.param)


def shares(by: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.bincount(by, weights=weights) / weights.sum()


def test_no_voucher_carries_more_than_two_per_cent_of_its_areas_adjustment(finance: Finance) -> None:
    lines = finance.ledger.lines
    adjustment = np.abs(lines.amount - lines.raw)
    area = finance.area[lines.unit]
    for place in range(area.max() + 1):
        of_area = area == place
        assert shares(lines.voucher[of_area], adjustment[of_area]).max() <= 0.02


@pytest.mark.parametrize("dimension", ["unit", "month", "account"])
def test_none_is_adjusted_by_more_than_twice_its_share_of_the_areas_turnover(finance: Finance, dimension: str) -> None:
    lines = finance.ledger.lines
    by = getattr(lines, dimension)
    area = finance.area[lines.unit]
    for place in range(area.max() + 1):
        of_area = area == place
        adjusted = shares(by[of_area], (lines.amount - lines.raw)[of_area] * np.sign(lines.raw[of_area]))
        turnover = shares(by[of_area], np.abs(lines.raw[of_area]))
        assert (adjusted <= 2 * turnover).all()


def test_within_a_target_group_every_line_is_adjusted_alike(finance: Finance) -> None:
    lines = finance.ledger.lines
    factor = np.bincount(lines.group, weights=lines.amount) / np.bincount(lines.group, weights=lines.raw)
    assert np.abs(lines.amount - lines.raw * factor[lines.group]).max() <= 1.01


def test_the_areas_come_to_the_economy_to_the_ore(finance: Finance) -> None:
    lines, months = finance.ledger.lines, finance.ledger.months
    year = np.array([month.year for month in months])[lines.month]
    month = np.array([month.month for month in months])[lines.month]
    period = finance.targets.period
    result = np.zeros(len(finance.targets.edition.area_codes), dtype=np.int64)
    now = (year == period.year) & (month <= period.month)
    np.add.at(result, finance.area[lines.unit[now]], -lines.amount[now])
    published = [finance.targets.value("result", area) for area in finance.targets.edition.area_codes]
    assert np.abs(result - np.array([int(value * 100) for value in published])).max() <= 1
    actual = finance.economy.of_areas(finance.economy.window(finance.targets, "actual"))
    assert result.tolist() == actual.result.tolist()
    budget = -finance.budget[:, :, : period.month].sum(axis=(1, 2)).astype(np.int64)
    by_area = np.zeros_like(result)
    np.add.at(by_area, finance.area, budget)
    to_date = finance.economy.of_areas(finance.economy.window(finance.targets, "budget_to_date"))
    assert np.abs(by_area * 100 - to_date.result).max() <= 100


def test_every_voucher_balances_and_revenue_and_cost_are_never_in_one(finance: Finance) -> None:
    journal = finance.journal
    assert not np.bincount(journal.voucher, weights=journal.amount).round().any()
    kinds = np.append(KIND, np.full(len(CHART) - len(ACCOUNTS), -1))[journal.account]
    of_revenue = np.bincount(journal.voucher, weights=kinds == Kind.REVENUE) > 0
    of_cost = np.bincount(journal.voucher, weights=kinds > Kind.REVENUE) > 0
    assert not (of_revenue & of_cost).any()


def test_amounts_within_payroll_are_lognormal(finance: Finance) -> None:
    """Lines of one account, unit and month differ by the declared spread: their logarithms are normal."""
    lines = finance.ledger.lines
    chosen = np.flatnonzero((KIND[lines.account] == Kind.PERSONNEL) & (lines.raw > 0))
    cell = (lines.month[chosen] * len(finance.units) + lines.unit[chosen]) * len(ACCOUNTS) + lines.account[chosen]
    size = np.log(lines.raw[chosen])
    _, place, count = np.unique(cell, return_inverse=True, return_counts=True)
    mean = (np.bincount(place, weights=size) / count)[place]
    pairs = count[place] == 2
    spread = (size - mean)[pairs] * np.sqrt(2)
    assert stats.kstest(spread[::2], stats.norm(0, 0.25).cdf).pvalue > UNLIKELY


def test_first_digits_follow_benford(finance: Finance) -> None:
    """Nigrini's measure: a mean absolute deviation below 0.015 from Benford's law is what real ledgers show."""
    amount = np.abs(finance.ledger.lines.amount)
    digit = (amount // 10 ** np.floor(np.log10(amount)).astype(np.int64)).astype(np.int64)
    found = np.bincount(digit, minlength=10)[1:] / len(digit)
    assert np.abs(found - np.log10(1 + 1 / np.arange(1, 10))).mean() < 0.015


def test_vouchers_are_dated_on_workdays_evenly(finance: Finance) -> None:
    ledger = finance.ledger
    dates = [
        date(ledger.months[month].year, ledger.months[month].month, day)
        for month, day in zip(ledger.voucher_month, ledger.voucher_day, strict=True)
    ]
    weekday = np.array([day.weekday() for day in dates])
    assert weekday.max() < 5
    of_kind = ledger.voucher_kind == Kind.OTHER
    first, last = ledger.months[0].first_day, ledger.months[-1].last_day
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    workdays = [day for day in days if day.weekday() < 5]
    expected = np.zeros(5)
    for month, of_month in enumerate(ledger.months):
        in_month = [day.weekday() for day in workdays if Period.of(day) == of_month]
        vouchers = (of_kind & (ledger.voucher_month == month)).sum()
        expected += np.bincount(in_month, minlength=5) * vouchers / len(in_month)
    assert stats.chisquare(np.bincount(weekday[of_kind], minlength=5), expected).pvalue > UNLIKELY


def test_personnel_costs_peak_in_summer(finance: Finance) -> None:
    lines = finance.ledger.lines
    of_personnel = KIND[lines.account] == Kind.PERSONNEL
    by_month = np.bincount(lines.month[of_personnel], weights=lines.amount[of_personnel])[:12]
    assert int(by_month.argmax()) in (5, 6, 7)


def test_scale_gives_more_and_smaller_vouchers_behind_the_same_totals() -> None:
    plain, scaled = draw(1), draw(1, scale=5)
    vouchers = [len(each.ledger.voucher_kind) for each in (plain, scaled)]
    assert 4.5 < vouchers[1] / vouchers[0] <= 5.5
    assert plain.ledger.lines.amount.sum() == scaled.ledger.lines.amount.sum()
    by_group = [np.bincount(each.ledger.lines.group, weights=each.ledger.lines.amount) for each in (plain, scaled)]
    assert by_group[0].round().tolist() == by_group[1].round().tolist()


def test_both_fiscal_years_pass_every_check_of_a_ledger(finance: Finance) -> None:
    """Read back with the product's own reader, and checked from its rows."""
    budgets = draw_budgets(np.random.default_rng(1), finance.units, finance.economy, finance.timeline)
    for fiscal in fiscal_years(finance.timeline, finance.journal, finance.economy, budgets):
        content = sie_text(finance.journal, fiscal, finance.units, finance.projects, date(2021, 9, 7))
        reading = read_ledger(content, f"ekonomi_sie_{fiscal.last.compact()}_20210907T0600.se", fiscal.last)
        assert reading.refusal is None
        assert reading.findings == ()
        assert reading.encoding == "CP437"
        rows = {name: table.to_pylist() for name, table in reading.tables.items()}
        by_voucher: dict[int, int] = {}
        by_account: dict[str, int] = {}
        by_month: dict[tuple[str, date, str | None], int] = {}
        voucher_day = {row["line"]: row["voucher_date"] for row in rows["sie_voucher"]}
        for row in rows["sie_transaction"]:
            if row["record"] != "TRANS":
                continue
            amount = int(row["amount"] * 100)
            by_voucher[row["voucher_line"]] = by_voucher.get(row["voucher_line"], 0) + amount
            by_account[row["account"]] = by_account.get(row["account"], 0) + amount
            month = voucher_day[row["voucher_line"]].replace(day=1)
            for ansvar in {row["ansvar"], None}:
                key = (row["account"], month, ansvar)
                by_month[key] = by_month.get(key, 0) + amount
        assert set(by_voucher.values()) == {0}
        balance = {(row["record"], row["account"]): int(row["amount"] * 100) for row in rows["sie_balance"]}
        assert sum(amount for (record, _), amount in balance.items() if record == "IB") == 0
        for (record, account), amount in balance.items():
            if record == "RES":
                assert amount == by_account[account]
            if record == "UB":
                assert amount == balance["IB", account] + by_account.get(account, 0)
        for row in rows["sie_period_amount"]:
            if row["record"] == "PSALDO":
                ansvar = None if row["is_total"] else row["ansvar"]
                assert int(row["amount"] * 100) == by_month[row["account"], row["month"], ansvar]


@given(
    st.lists(st.floats(1, 1e9), min_size=1, max_size=40),
    st.integers(0, 10**12),
)
def test_apportioned_amounts_sum_to_the_total_and_stay_in_proportion(raw: list[float], total: int) -> None:
    weights = np.array(raw)
    found = apportion(weights, np.zeros(len(raw), dtype=np.int64), np.array([total]))
    assert found.sum() == total
    assert np.abs(found - weights * total / weights.sum()).max() < 1.01
