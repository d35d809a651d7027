"""Given these rows, the model makes these: `given`, `closing`, `build` and `expect` for every spec test.

def test_a_missing_month_is_estimated(given, closing, build, expect):
    given("staging.home_care", '''
    | month   | unit_code | care_kind | performed_hours | delivery_status |
    | 2021-01 | U1        | SERVICE   | 10.5            | DEF             |
    ''')
    closing("2021-08")
    made = build("core.estimate_months")
    expect(made, '''
    | unit_code | ... |
    ''')
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import drawn_tables


@pytest.fixture
def warehouse() -> drawn_tables.DrawnWarehouse:
    return drawn_tables.DrawnWarehouse()


@pytest.fixture
def given(warehouse: drawn_tables.DrawnWarehouse) -> Callable[[str, str], None]:
    return warehouse.given


@pytest.fixture
def closing(warehouse: drawn_tables.DrawnWarehouse) -> Callable[..., None]:
    return warehouse.closing


@pytest.fixture
def build(warehouse: drawn_tables.DrawnWarehouse) -> Callable[..., drawn_tables.MadeTable]:
    return warehouse.build


@pytest.fixture
def expect() -> Callable[[drawn_tables.MadeTable, str], None]:
    return drawn_tables.expect
