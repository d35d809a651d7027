"""Print patterns: exact, half away from zero, and readable back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reports.patterns import parse

PATTERNS = [
    "# ##0",
    "0",
    "0,0",
    "0,00",
    "0 %",
    "0,0 %",
    "0,0 mnkr",
    "0,#",
    "# ##0,0#",
    "0,00 kr/tim",
]
patterns = st.sampled_from(PATTERNS)
numbers = st.one_of(
    st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**9),
    st.decimals(
        allow_nan=False,
        allow_infinity=False,
        min_value=-(10**12),
        max_value=10**12,
        places=6,
    ),
    st.integers(-(10**6), 10**6).map(lambda halves: Fraction(halves, 2)),
    st.integers(-(10**6), 10**6).map(lambda twentieths: Fraction(twentieths, 20)),
)


@pytest.mark.parametrize(
    ("pattern", "value", "printed"),
    [
        ("# ##0", 1234567, "1 234 567"),
        ("# ##0", Decimal("-22100.00"), "-22 100"),
        ("# ##0", 999, "999"),
        ("# ##0", Fraction(1999, 2), "1 000"),
        ("0", 2556, "2556"),
        ("0", Decimal("0.5"), "1"),
        ("0", Decimal("-0.5"), "-1"),
        ("0", Decimal("-0.49"), "0"),
        ("0", Decimal("2.5"), "3"),
        ("0,0", Decimal("9.25"), "9,3"),
        ("0,0", Decimal("-0.04"), "0,0"),
        ("0,00", Fraction(1, 3), "0,33"),
        ("0 %", 85, "85 %"),
        ("0,0 %", Decimal(7), "7,0 %"),
        ("0,0 mnkr", Decimal("-25.65"), "-25,7 mnkr"),
        ("0,#", 67, "67"),
        ("0,#", Decimal("64.45"), "64,5"),
        ("0,#", Decimal("64.96"), "65"),
        ("# ##0,0#", Decimal("1234.5"), "1 234,5"),
        ("# ##0,0#", Decimal("1234.567"), "1 234,57"),
    ],
)
def test_printed(pattern: str, value: int | Decimal | Fraction, printed: str) -> None:
    assert parse(pattern).print(value) == printed


@pytest.mark.parametrize("text", ["", "%", "#", "##0", "00", "0.0", "0,x", "#,##0", "0,#0"])
def test_a_text_that_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="print pattern"):
        parse(text)


def read_back(printed: str, suffix: str) -> Fraction:
    return Fraction(printed.removesuffix(suffix).replace(" ", "").replace(",", "."))


@given(patterns, numbers)
def test_the_printed_number_reads_back_as_the_rounded_one(text: str, value: Decimal | Fraction) -> None:
    pattern = parse(text)
    assert read_back(pattern.print(value), pattern.suffix) == pattern.rounded(value)


@given(patterns, numbers)
def test_rounding_moves_at_most_half_a_unit_and_a_tie_goes_away_from_zero(text: str, value: Decimal | Fraction) -> None:
    pattern = parse(text)
    moved = pattern.rounded(value) - Fraction(value)
    assert abs(moved) <= pattern.half_unit()
    if abs(moved) == pattern.half_unit():
        assert abs(pattern.rounded(value)) > abs(Fraction(value))


@given(patterns, numbers)
def test_a_sign_is_mirrored_and_no_zero_has_one(text: str, value: Decimal | Fraction) -> None:
    pattern = parse(text)
    printed, mirrored = pattern.print(value), pattern.print(-value)
    assert printed.lstrip("-") == mirrored.lstrip("-")
    assert printed.startswith("-") == (pattern.rounded(value) < 0)


@given(patterns, numbers)
def test_only_plain_characters_are_printed(text: str, value: Decimal | Fraction) -> None:
    printed = parse(text).print(value)
    assert all(character.isascii() for character in printed)
