"""Whole vouchers: the drawn result lines, their balance side, and the vouchers of investments and payments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.chart import (
    ACCOUNTS,
    BALANCE_ACCOUNTS,
    BANK,
    CONTRIBUTION,
    PAYABLES,
    PAYROLL_DEBT,
    PURCHASE,
    RECEIVABLES,
    Kind,
)
from flows.demo.investments import Projects
from flows.demo.ledger import Ledger
from flows.domain.period import Period

#: Every account of the organisation: number, name, type (T asset, S debt, K cost, I revenue).
CHART: tuple[tuple[str, str, str], ...] = (
    *((account.number, account.name, "I" if account.kind == Kind.REVENUE else "K") for account in ACCOUNTS),
    (*PURCHASE, "K"),
    (*CONTRIBUTION, "I"),
    *BALANCE_ACCOUNTS,
)
_INDEX = {number: place for place, (number, _, _) in enumerate(CHART)}
IS_BALANCE = np.array([kind in "TS" for _, _, kind in CHART])

#: Voucher series by number: letter and text.
SERIES: tuple[tuple[str, str], ...] = (
    ("K", "Kundfaktura"),
    ("L", "Lönekörning"),
    ("A", "Leverantörsfaktura"),
    ("I", "Investering"),
    ("B", "Betalning"),
)
_INVESTMENT, _PAYMENT = 3, 4
_OTHER_SIDE = np.array([_INDEX[RECEIVABLES[0]], _INDEX[PAYROLL_DEBT[0]], _INDEX[PAYABLES[0]]])


@dataclass(frozen=True, slots=True)
class Journal:
    """Every voucher, in the order of dates and series, and every line, sorted by voucher. Amounts in öre, ledger sign.

    `account` is an index of CHART; `unit` and `project` are -1 where a line has none; `number` is by series and year.
    """

    months: tuple[Period, ...]
    series: np.ndarray
    month: np.ndarray
    day: np.ndarray
    number: np.ndarray
    voucher: np.ndarray
    account: np.ndarray
    unit: np.ndarray
    project: np.ndarray
    amount: np.ndarray


def write_journal(random: np.random.Generator, ledger: Ledger, projects: Projects) -> Journal:
    """The ledger with each voucher balanced to nothing."""
    lines = ledger.lines
    vouchers = len(ledger.voucher_kind)
    other_side = -np.bincount(lines.voucher, weights=lines.amount, minlength=vouchers).astype(np.int64)
    extra = _Extra(ledger.months, vouchers)
    _payments(extra, ledger, other_side)
    _investments(extra, random, projects)
    series = np.concatenate([ledger.voucher_kind, extra.array("series")])
    month = np.concatenate([ledger.voucher_month, extra.array("month")])
    day = np.concatenate([ledger.voucher_day, extra.array("day")])
    order = np.lexsort((series, day, month))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    none = np.full(vouchers, -1)
    voucher = place[np.concatenate([lines.voucher, np.arange(vouchers), extra.array("voucher")])]
    by_voucher = np.argsort(voucher, kind="stable")
    year = np.array([each.year for each in ledger.months])
    return Journal(
        months=ledger.months,
        series=series[order],
        month=month[order],
        day=day[order],
        number=_numbers(series[order], year[month[order]]),
        voucher=voucher[by_voucher],
        account=np.concatenate([lines.account, _OTHER_SIDE[ledger.voucher_kind], extra.array("account")])[by_voucher],
        unit=np.concatenate([lines.unit, none, extra.array("unit")])[by_voucher],
        project=np.concatenate([np.full(len(lines.unit), -1), none, extra.array("project")])[by_voucher],
        amount=np.concatenate([lines.amount, other_side, extra.array("amount")])[by_voucher],
    )


class _Extra:
    """Vouchers written one by one: few enough for a list."""

    def __init__(self, months: tuple[Period, ...], first: int) -> None:
        self.months = months
        self._next = first
        self._vouchers: list[tuple[int, int, int]] = []
        self._lines: list[tuple[int, int, int, int, int]] = []

    def add(self, series: int, month: int, day: int, lines: list[tuple[str, int, int, int]]) -> None:
        """A voucher with lines of account number, unit, project and amount."""
        self._vouchers.append((series, month, day))
        self._lines += [(self._next, _INDEX[account], *rest) for account, *rest in lines]
        self._next += 1

    def array(self, name: str) -> np.ndarray:
        if name in ("series", "month", "day"):
            place = ("series", "month", "day").index(name)
            return np.array([voucher[place] for voucher in self._vouchers], dtype=np.int64)
        place = ("voucher", "account", "unit", "project", "amount").index(name)
        return np.array([line[place] for line in self._lines], dtype=np.int64)


def _payments(extra: _Extra, ledger: Ledger, other_side: np.ndarray) -> None:
    """Each month's invoices and wages paid, and customers' payments received, but for a part that stays open."""
    for kind, account in ((Kind.REVENUE, RECEIVABLES), (Kind.PERSONNEL, PAYROLL_DEBT), (Kind.OTHER, PAYABLES)):
        of_kind = np.where(ledger.voucher_kind == kind, other_side, 0)
        by_month = np.bincount(ledger.voucher_month, weights=of_kind, minlength=len(ledger.months)).astype(np.int64)
        for month, open_amount in enumerate(by_month.tolist()):
            paid = open_amount * 97 // 100
            day = ledger.months[month].days
            extra.add(_PAYMENT, month, day, [(account[0], -1, -1, -paid), (BANK[0], -1, -1, paid)])


def _investments(extra: _Extra, random: np.random.Generator, projects: Projects) -> None:
    """A project's purchases and contributions, in one to three vouchers of each stretch of months."""
    for stretch in projects.stretches:
        first, months = extra.months.index(stretch.first), len(stretch.first.through(stretch.last))
        for place, project in enumerate(stretch.project.tolist()):
            for account, other, amount, sign in (
                (PURCHASE[0], PAYABLES[0], int(stretch.expenditure[place]), 1),
                (CONTRIBUTION[0], RECEIVABLES[0], int(stretch.income[place]), -1),
            ):
                vouchers = min(int(random.integers(1, 4)), abs(amount))
                for nth in range(vouchers):
                    part = amount * (nth + 1) // vouchers - amount * nth // vouchers
                    month, day = first + int(random.integers(0, months)), int(random.integers(1, 28))
                    unit = int(projects.unit[project])
                    lines = [(account, unit, project, sign * part), (other, -1, -1, -sign * part)]
                    extra.add(_INVESTMENT, month, day, lines)


def _numbers(series: np.ndarray, year: np.ndarray) -> np.ndarray:
    """1, 2, 3 … within each series and year, in the order given."""
    key = year * len(SERIES) + series
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    lengths = np.diff(np.append(starts, len(key)))
    number = np.empty(len(key), dtype=np.int64)
    number[order] = np.arange(len(key)) - np.repeat(starts, lengths) + 1
    return number
