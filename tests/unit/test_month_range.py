"""Months as sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.heads import short_month_name
from flows.domain.month_range import month_range
from flows.domain.period import Period


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ("2021-04", "apr 2021"),
        ("2021-04,2021-05,2021-06,2021-07,2021-08", "apr–aug 2021"),
        ("2021-01,2021-03,2021-04,2021-05", "jan, mars–maj 2021"),
        ("2021-05,2021-01,2021-05", "jan, maj 2021"),
        ("2020-12,2021-01", "dec 2020, jan 2021"),
        ("2020-11,2020-12,2021-02,2021-03", "nov–dec 2020, feb–mars 2021"),
    ],
)
def test_months_in_a_row_are_joined_within_their_year(months: str, words: str) -> None:
    assert month_range(Period.parse(one) for one in months.split(",")) == words


def test_no_months_are_no_words() -> None:
    assert month_range([]) == ""


@given(st.sets(st.integers(1, 12), min_size=1))
def test_the_words_name_exactly_the_months(numbers: set[int]) -> None:
    names = {short_month_name(number): number for number in range(1, 13)}
    said: set[int] = set()
    for run in month_range(Period(2021, number) for number in numbers).removesuffix(" 2021").split(", "):
        first, _, last = run.partition("–")
        said |= set(range(names[first], names[last or first] + 1))
    assert said == numbers
