"""Months as a Swedish reader writes them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from flows.domain.heads import short_month_name
from flows.domain.period import Period


def month_range(months: Iterable[Period]) -> str:
    """'apr–aug 2021', 'jan, mars–maj 2021', 'dec 2020, jan 2021'; months may come in any order and more than once."""
    ordered = sorted(set(months))
    return ", ".join(
        f"{', '.join(_runs([one.month for one in group]))} {year}"
        for year, group in groupby(ordered, key=lambda one: one.year)
    )


def _runs(numbers: list[int]) -> list[str]:
    """The short names, with those that follow each other joined by a dash."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_run(run[0], run[-1]) for run in runs]


def _run(first: int, last: int) -> str:
    return short_month_name(first) if first == last else f"{short_month_name(first)}–{short_month_name(last)}"
