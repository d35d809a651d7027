"""The spec tests' own words: what is drawn is what is built on, and a difference is seen."""

from __future__ import annotations

import pytest


def test_a_drawn_raw_table_is_read_through_the_deliveries_that_apply(given, build, expect) -> None:
    given(
        "raw.kost_maltider",
        """
        | delivery_id | line | period  | enhet_kod | portioner |
        |-------------|------|---------|-----------|-----------|
        | 1           | 2    | 2021-01 | U1        | 100       |
        | 2           | 2    | 2021-01 | U1        | 120       |
        """,
    )
    given("build.closing_deliveries", "| delivery_id | extract |\n| 2 | kost_maltider |")
    expect(
        build("staging.meal"),
        """
        | month      | unit_code | portions |
        | 2021-01-01 | U1        | 120      |
        """,
    )


def test_what_is_not_drawn_is_empty(build, expect) -> None:
    expect(build("staging.meal"), "| month | unit_code |")


def test_a_decimal_is_compared_exactly(given, build, expect) -> None:
    given("raw.heroma_avgang", "| delivery_id | line | alder |\n| 1 | 2 | 64.5 |")
    given("build.closing_deliveries", "| delivery_id |\n| 1 |")
    made = build("staging.leaver")
    expect(made, "| age_years |\n| 64.50 |")
    with pytest.raises(pytest.fail.Exception, match=r"(?s)Drawn, but not made.*64\.500001.*Made, but not drawn.*64\.5"):
        expect(made, "| age_years |\n| 64.500001 |")


def test_a_column_that_is_not_there_is_named(given) -> None:
    with pytest.raises(pytest.fail.Exception, match="no column unit_cod"):
        given("staging.meal", "| unit_cod |\n| U1 |")


def test_the_calendar_knows_the_months_to_date(warehouse, closing) -> None:
    closing("2021-08")
    counted = warehouse.connection.execute("select count(*), count(*) filter (where is_to_date) from build.month")
    assert counted.fetchall() == [(24, 16)]
