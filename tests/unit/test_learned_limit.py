"""What a history teaches of a limit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.learned_limit import JudgedValue, findings_beyond, learned_limit


def seen(*sizes: int | str) -> list[JudgedValue]:
    return [JudgedValue(Fraction(size)) for size in sizes]


@pytest.mark.parametrize(
    ("values", "in_force", "learned"),
    [
        (seen(*range(1, 101)), "200", "100"),
        (seen(*range(1, 101)), "20", "99"),
        (seen(1, 2, 3), "50.000000", "3"),
        (seen("10/3"), "50", "4"),
        (seen("10/3"), "0.5", "3.4"),
        (seen(-5, -4), "50", "0"),
        (seen("0.1"), "0.5", "0.1"),
    ],
)
def test_the_limit_is_a_value_that_was_seen_rounded_up(values: list[JudgedValue], in_force: str, learned: str) -> None:
    assert learned_limit(values, Decimal(in_force), 99) == Decimal(learned)


def test_what_is_more_than_any_limit_teaches_nothing_and_is_found() -> None:
    endless = [JudgedValue(None)]
    assert learned_limit(endless, Decimal(50), 99) is None
    assert findings_beyond(endless, Decimal(10**9)) == 1


def test_the_limit_itself_is_no_finding_nor_is_what_the_rule_excuses() -> None:
    values = [*seen(50, "5000001/100000"), JudgedValue(Fraction(90), is_finding_beyond=False)]
    assert findings_beyond(values, Decimal("50.000000")) == 1


@given(
    st.lists(st.fractions(min_value=-100, max_value=1000), min_size=1, max_size=200),
    st.decimals(min_value=0, max_value=500, places=1),
    st.integers(min_value=1, max_value=100),
)
def test_nothing_that_was_let_pass_becomes_a_finding(sizes: list[Fraction], in_force: Decimal, percentile: int) -> None:
    values = [JudgedValue(size) for size in sizes]
    learned = learned_limit(values, in_force, percentile)
    assert learned is not None
    assert findings_beyond(values, learned) <= findings_beyond(values, in_force)
    assert findings_beyond(values, learned) * 100 <= (100 - percentile) * len(values)
