"""The ledger's vouchers: drawn in raw amounts, then brought to the published totals in proportion.

Each draw has its own stream and goes month by month over the units that are there: a month comes out alike however many
months and units come after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.chart import ACCOUNTS, LEANINGS, Kind
from flows.demo.economy import Economy
from flows.demo.organisation import Units
from flows.demo.windows import SEASON, Book, booked, budgeted
from flows.domain.period import Period

#: Raw amounts are drawn in the price level of a year before; the adjustment to the targets lifts them all.
_PRICE_LEVEL = 0.96
#: Vouchers of a kind in a unit and month, at scale 1.
_VOUCHERS = {Kind.REVENUE: 4, Kind.PERSONNEL: 2, Kind.OTHER: 10}
#: A voucher's mean part of what its area and kind come to in so many months, at most: the largest then stays below 2 %.
_LARGEST_MEAN_PART, _OF_MONTHS = 0.0022, 8
_CREDIT_NOTES = 0.02

KIND = np.array([account.kind for account in ACCOUNTS])


@dataclass(frozen=True, slots=True)
class Lines:
    """Voucher lines on result accounts, one an index in every array; sorted by voucher.

    `raw` is the drawn amount in öre, `amount` the adjusted one, both in the ledger's sign (revenue negative).
    `group` is the target group that a line was adjusted in: class of units, kind of account and segment of time.
    """

    unit: np.ndarray
    account: np.ndarray
    month: np.ndarray
    group: np.ndarray
    voucher: np.ndarray
    raw: np.ndarray
    amount: np.ndarray


@dataclass(frozen=True, slots=True)
class Ledger:
    """All vouchers with result lines. `voucher_*` arrays have one entry a voucher, in the order of their dates."""

    months: tuple[Period, ...]
    lines: Lines
    voucher_kind: np.ndarray
    voucher_month: np.ndarray
    voucher_day: np.ndarray


@dataclass(frozen=True, slots=True)
class _Groups:
    """Target groups of a plan: which one a (unit, kind, month) belongs to, and each one's total in öre.

    `around` is what the group's whole area comes to in some months: a class may be a single unit of it.
    """

    of: np.ndarray
    totals: np.ndarray
    around: np.ndarray


def draw_ledger(
    random: np.random.Generator, units: Units, economy: Economy, months: tuple[Period, ...], scale: int
) -> Ledger:
    """Vouchers of all months, whose sums by class of units and segment of time are the economy's to the öre."""
    of_cells, of_lines, of_vouchers = random.spawn(3)
    groups = _groups(units, economy, Book.ACTUAL, months)
    cells = _cells(of_cells, units, months, groups, booked(units, months))
    lines = _lines(of_lines, cells, groups, scale)
    return _vouchers(of_vouchers, months, lines)


def draw_budget(random: np.random.Generator, units: Units, economy: Economy, year: int) -> np.ndarray:
    """A year's budget in kronor by (unit, account, month of 12), ledger sign, exact per class and segment."""
    months = Period(year, 1).through(Period(year, 12))
    groups = _groups(units, economy, Book.BUDGET, months)
    cells = _cells(random, units, months, groups, budgeted(units, months))
    of_cell = np.broadcast_to(groups.of[:, KIND, :], cells.shape).ravel()
    kronor = apportion(cells.ravel(), of_cell, np.rint(groups.totals / 100))
    return _signed(kronor.reshape(cells.shape))


def _groups(units: Units, economy: Economy, book: Book, months: tuple[Period, ...]) -> _Groups:
    grid = economy.grid
    classes, kinds = len(grid.size), len(Kind)
    of_book = [
        place
        for place, segment in enumerate(grid.segments)
        if segment.book == book and months[0] <= segment.first <= months[-1]
    ]
    segment = np.array(
        [
            next(
                nth
                for nth, place in enumerate(of_book)
                if grid.segments[place].first <= month <= grid.segments[place].last
            )
            for month in months
        ]
    )
    of = (segment[None, None, :] * classes + grid.class_of[:, None, None]) * kinds + np.arange(kinds)[None, :, None]
    cost, revenue = (amounts[:, of_book].T for amounts in (economy.amounts.cost, economy.amounts.revenue))
    totals = np.zeros((len(of_book), classes, kinds))
    of_personnel = np.rint(cost * economy.personnel_share[of_book][:, None] / 100) * 100
    totals[:, :, Kind.REVENUE] = revenue
    totals[:, :, Kind.PERSONNEL] = of_personnel
    totals[:, :, Kind.OTHER] = cost - of_personnel
    # The area in which a class began stands for its area in time.
    _, area = np.unique(units.area_code, return_inverse=True)
    of_class = np.zeros(classes, dtype=np.int64)
    of_class[grid.class_of] = area
    by_area = np.zeros((len(of_book), area.max() + 1, kinds))
    np.add.at(by_area, (slice(None), of_class), totals)
    length = np.array([len(grid.segments[place].first.through(grid.segments[place].last)) for place in of_book])
    return _Groups(of, totals.ravel(), (by_area * (_OF_MONTHS / length)[:, None, None])[:, of_class, :].ravel())


def _cells(
    random: np.random.Generator, units: Units, months: tuple[Period, ...], groups: _Groups, is_there: np.ndarray
) -> np.ndarray:
    """Raw amounts by (unit, account, month): size × account × season × chance, near each group's total."""
    leaning = np.array(
        [[LEANINGS.get((kind, account.number), 1.0) for account in ACCOUNTS] for kind in units.activity_type]
    )
    account = np.array([account.share for account in ACCOUNTS])[None, :] * leaning
    for kind in Kind:
        account[:, kind == KIND] /= account[:, kind == KIND].sum(axis=1, keepdims=True)
    of_units, of_months = random.spawn(2)
    size = units.turnover_weight[:, None] * np.where(
        KIND == Kind.REVENUE, of_units.lognormal(0, 0.05, (len(units), 1)), 1.0
    )
    season = np.where(
        (KIND == Kind.PERSONNEL)[:, None], SEASON[[month.month - 1 for month in months]], np.ones(len(months))
    )
    level = size[:, :, None] * account[:, :, None] * season[None, :, :] * is_there[:, None, :]
    of_cell = np.broadcast_to(groups.of[:, KIND, :], level.shape)
    sums = np.bincount(of_cell.ravel(), weights=level.ravel(), minlength=len(groups.totals))
    chance = np.ones(level.shape)
    drawn = np.broadcast_to(is_there.T[:, :, None], (len(months), len(units), len(ACCOUNTS)))
    chance.transpose(2, 0, 1)[drawn] = of_months.lognormal(0.0, 0.08, int(drawn.sum()))
    return level * (groups.totals / np.where(sums == 0, 1, sums))[of_cell] * chance * _PRICE_LEVEL


def _lines(random: np.random.Generator, cells: np.ndarray, groups: _Groups, scale: int) -> Lines:
    """Each cell split over voucher lines of lognormal size, then all adjusted."""
    units, _, months = cells.shape
    vouchers = np.zeros((units, len(Kind), months), dtype=np.int64)
    for kind in Kind:
        spent = cells[:, kind == KIND, :].sum(axis=1)
        part = spent / np.where(groups.around == 0, 1, groups.around)[groups.of[:, kind, :]]
        vouchers[:, kind, :] = scale * np.maximum(_VOUCHERS[kind], np.ceil(part / _LARGEST_MEAN_PART))
    vouchers_of_cell = vouchers[:, KIND, :]
    presence = np.array([account.presence for account in ACCOUNTS])
    part = cells / np.where(groups.around == 0, 1, groups.around)[groups.of[:, KIND, :]]
    fewest = np.maximum(1, np.ceil(part / (2 * _LARGEST_MEAN_PART)))
    count = np.maximum(fewest, np.rint(vouchers_of_cell * presence[None, :, None]))
    count = np.where(cells > 0, count, 0).astype(np.int64)
    by_month = (2, 0, 1)
    count, vouchers_of_cell, raw_of_cell = (
        by_cell.transpose(by_month).ravel() for by_cell in (count, vouchers_of_cell, cells)
    )
    cell = np.repeat(np.arange(cells.size), count)
    nth = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    month, unit, account = np.unravel_index(cell, (months, units, len(ACCOUNTS)))
    kind = KIND[account]
    of_starts, of_sizes, of_credits = random.spawn(3)
    start = np.repeat(of_starts.integers(0, 1 << 30, int((count > 0).sum())), count[count > 0])
    step = np.where(kind == Kind.PERSONNEL, nth, start + nth) % vouchers_of_cell[cell]
    voucher = ((month * units + unit) * len(Kind) + kind) * int(vouchers.max()) + step
    # Payroll is much the same from run to run; purchases and invoices are not.
    spread = np.where(kind == Kind.PERSONNEL, 0.25, 0.6)
    size = np.exp(of_sizes.standard_normal(len(cell)) * spread)
    credit = (kind == Kind.OTHER) & (count[cell] > 3) & (of_credits.random(len(cell)) < _CREDIT_NOTES)
    size = np.where(credit, -0.4 * size, size)
    of_cell = np.bincount(cell, weights=size, minlength=cells.size)
    # A cell whose credit notes outweigh the rest is drawn without them.
    size = np.where(of_cell[cell] <= 0.2 * count[cell], np.abs(size), size)
    raw = size * raw_of_cell[cell] / np.bincount(cell, weights=size, minlength=cells.size)[cell]
    group = groups.of[unit, kind, month]
    amount = apportion(raw, group, groups.totals)
    order = np.argsort(voucher, kind="stable")
    lines = (unit, account, month, group, np.unique(voucher[order], return_inverse=True)[1])
    sign = np.where(kind == Kind.REVENUE, -1, 1)[order]
    kept = (unit[order], account[order], month[order], group[order], lines[4], raw[order] * sign, amount[order] * sign)
    return Lines(*kept)


def _signed(by_cell: np.ndarray) -> np.ndarray:
    return by_cell * np.where(KIND == Kind.REVENUE, -1, 1)[None, :, None]


def _vouchers(random: np.random.Generator, months: tuple[Period, ...], lines: Lines) -> Ledger:
    """Each voucher's day: payroll on the three workdays up to the 27th, the others on any workday."""
    first = np.flatnonzero(np.diff(lines.voucher, prepend=-1))
    kind, month = KIND[lines.account[first]], lines.month[first]
    workdays = [_workdays(each) for each in months]
    count = np.array([len(days) for days in workdays])
    table = np.array([days + [0] * (23 - len(days)) for days in workdays])
    payday = np.array([max(place for place, day in enumerate(days) if day <= 27) for days in workdays])
    of_days, of_paydays = random.spawn(2)
    any_day = np.floor(of_days.random(len(first)) * count[month]).astype(np.int64)
    pay_day = payday[month] - of_paydays.integers(0, 3, len(first))
    day = table[month, np.where(kind == Kind.PERSONNEL, pay_day, any_day)]
    order = np.lexsort((kind, day, month))
    renumbered = np.empty(len(first), dtype=np.int64)
    renumbered[order] = np.arange(len(first))
    voucher = renumbered[lines.voucher]
    by_voucher = np.argsort(voucher, kind="stable")
    sorted_lines = Lines(
        unit=lines.unit[by_voucher],
        account=lines.account[by_voucher],
        month=lines.month[by_voucher],
        group=lines.group[by_voucher],
        voucher=voucher[by_voucher],
        raw=lines.raw[by_voucher],
        amount=lines.amount[by_voucher],
    )
    return Ledger(months, sorted_lines, kind[order], month[order], day[order])


def _workdays(month: Period) -> list[int]:
    return [day for day in range(1, month.days + 1) if month.first_day.replace(day=day).weekday() < 5]
