"""How amounts of forecasts are told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from flows.reports.forecast_wording import amount, course, heading, in_words, months_named, per_cent


@pytest.mark.parametrize(
    ("value", "unit", "signed", "told"),
    [
        (Decimal("1234567.5"), "hours", False, "1 234 568"),
        (Decimal("-499"), "sek", False, "0"),
        (Decimal("-1500"), "sek", True, "−2"),
        (Decimal("1500"), "sek", True, "+2"),
        (Decimal("499"), "sek", True, "0"),
        (Fraction(1, 3), "days", True, "0"),
        (Decimal("6.5"), "printed", False, "6,5"),
        (None, "sek", True, "–"),
    ],
)
def test_an_amount(value: Decimal | Fraction | None, unit: str, signed: bool, told: str) -> None:
    assert amount(value, unit, signed=signed) == told


def test_a_share_has_a_decimal_and_nothing_has_none() -> None:
    assert per_cent(Decimal(1), Decimal(3)) == "33,3 %"
    assert per_cent(Decimal(-1), Decimal(8)) == "−12,5 %"
    assert per_cent(Decimal(1), Decimal(0)) == "–"


def test_a_course_is_drawn_to_its_largest_and_points_where_nothing_was_tried() -> None:
    assert course({1: Decimal(7), 3: Decimal(0)}, 4) == "█·▁·"
    assert course({1: Decimal(0)}, 2) == "▁·"
    assert course({}, 2) == "··"


def test_a_head_says_its_unit_once() -> None:
    assert heading("Kostnader", "Vård", "sek") == "Kostnader · Vård (tkr)"
    assert heading("Assistans, timmar", "", "hours") == "Assistans, timmar"


def test_months_are_named_as_a_range() -> None:
    assert months_named("2021-04,2021-05,2021-07") == "apr–maj, juli 2021"
    assert months_named("") == ""
    assert in_words("året före saknar 2020-12, 2021-01") == "året före saknar dec 2020, jan 2021"
    assert in_words("budget saknas") == "budget saknas"
