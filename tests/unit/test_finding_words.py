"""A rule's message, filled from a row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.quality.wording import filled, key_text

ROW = {
    "month": date(2021, 4, 1),
    "month_list": "2021-04,2021-05",
    "amount": Decimal("-1234.50"),
    "share": Decimal("99.5000"),
    "day": date(2021, 10, 15),
    "rows": 12345,
    "is_so": True,
    "none": None,
}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{month:month}", "apr 2021"),
        ("{month_list:months}", "apr–maj 2021"),
        ("{amount:sek}", "−1\u00a0234,50 kr"),
        ("{rows:count}", "12\u00a0345"),
        ("{share} %", "99,5 %"),
        ("{day}", "2021-10-15"),
        ("{is_so}", "ja"),
        ("{none}, {none:sek}", "okänt, okänt"),
    ],
)
def test_values_are_written_in_swedish(template: str, words: str) -> None:
    assert filled(template, ROW) == words


def test_a_column_that_the_row_lacks_is_the_rules_fault() -> None:
    with pytest.raises(KeyError, match="absent"):
        filled("{absent}", ROW)


@pytest.mark.parametrize("typed", ["19121212-1212", "191212121212", "121212-1212", "121272-1212", "19121272+1212"])
def test_a_personnummer_that_somebody_typed_is_taken_out(typed: str) -> None:
    assert typed not in filled("ärende {case}", {"case": f"INC {typed} x"})
    assert filled("{case}", {"case": typed}) == "[dolt]"
    assert key_text(typed) == "[dolt]"


@pytest.mark.parametrize("harmless", ["INC-2021-0815", "heroma_franvaro_202104_20210508T0610.csv", "9912991234"])
def test_other_numbers_stay(harmless: str) -> None:
    assert filled("{x}", {"x": harmless}) == harmless
