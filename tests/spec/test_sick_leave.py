"""Sick leave: hours over hours, of those with ordinary hours; long spells; months that add up to the window."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from tests.spec.staff_drawings import EMPLOYMENT_HEAD, ONE_UNIT, WORKING_TIME_HEAD, employed, files_at_hand, worked


@pytest.fixture
def closed(given, closing):
    def _closed(period: str = "2021-03") -> None:
        closing(period)
        files_at_hand(given, period)
        given("core.unit_as_was", ONE_UNIT)

    return _closed


def to_date(made, measure: str, *, sex: str = "T", age_group: str = "T", year_offset: int = 0) -> tuple:
    """(numerator, denominator, value_status) of the organisation's cell."""
    [found] = [
        (row[9], row[10], row[7])
        for row in made.rows
        if row[0] == year_offset and row[1] == "organisation" and row[4:7] == (sex, age_group, measure)
    ]
    return found


def test_only_employments_with_ordinary_hours_in_the_window_are_measured(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.working_time",
        """
        | month   | employment_id | unit_code | ordinary_hours |
        |---------|---------------|-----------|----------------|
        | 2021-01 | scheduled     | U1        | 160            |
        | 2021-02 | scheduled     | U1        | 0              |
        | 2021-01 | hourly        | U1        | 0              |
        | 2021-01 | corrected     | U1        | 40             |
        | 2021-02 | corrected     | U1        | -40            |
        | 2020-01 | hourly        | U1        | 100            |
        """,
    )
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  | absence_hours |
        |---------|---------------|--------------|-------------|------------|---------------|
        | 2021-01 | scheduled     | SJK          | 2021-01-04  | 2021-01-05 | 16            |
        | 2021-01 | scheduled     | VAB          | 2021-01-11  | 2021-01-12 | 16            |
        | 2021-02 | scheduled     | SJK          | 2021-02-01  | 2021-02-01 | 4.5           |
        | 2021-01 | hourly        | SJK          | 2021-01-04  | 2021-01-05 | 12            |
        | 2021-01 | corrected     | SJK          | 2021-01-04  | 2021-01-05 | 8             |
        """,
    )
    expect(
        build("core.sick_leave_month"),
        """
        | month   | employment_id | ordinary_hours | sick_hours | long_sick_hours |
        | 2021-01 | scheduled     | 160            | 16         | 0               |
        | 2021-02 | scheduled     | 0              | 4.5        | 0               |
        | 2020-01 | hourly        | 100            | 0          | 0               |
        """,
    )
    made = build("marts.staffing_to_date")
    assert to_date(made, "sick_leave") == (Decimal("20.5"), 160, "actual")
    assert to_date(made, "sick_leave", year_offset=-1) == (0, 100, "actual")


def test_a_spell_is_the_union_of_rows_that_overlap_or_follow_day_on_day(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  |
        |---------|---------------|--------------|-------------|------------|
        | 2021-01 | sixty         | SJK          | 2021-01-31  |            |
        | 2021-02 | sixty         | SJK          | 2021-01-31  |            |
        | 2021-03 | sixty         | SJK          | 2021-01-31  | 2021-06-30 |
        | 2021-01 | fifty_nine    | SJK          | 2021-01-31  | 2021-01-31 |
        | 2021-02 | fifty_nine    | SJK          | 2021-02-01  | 2021-02-28 |
        | 2021-03 | fifty_nine    | SJK          | 2021-03-01  | 2021-03-30 |
        | 2021-01 | overlapping   | SJK          | 2020-11-15  | 2021-01-20 |
        | 2021-01 | overlapping   | SJK          | 2021-01-10  | 2021-01-15 |
        | 2021-01 | overlapping   | SJK          | 2021-01-22  | 2021-01-23 |
        | 2021-01 | other_cause   | SJK          | 2021-01-01  | 2021-01-10 |
        | 2021-01 | other_cause   | VAB          | 2021-01-11  | 2021-01-31 |
        | 2021-02 | other_cause   | SJK          | 2021-02-01  | 2021-02-02 |
        """,
    )
    expect(
        build("core.sick_leave_spell"),
        """
        | year_offset | employment_id | spell_from | spell_to   | spell_days | is_long_spell |
        | 0           | sixty         | 2021-01-31 | 2021-03-31 | 60         | true          |
        | 0           | fifty_nine    | 2021-01-31 | 2021-03-30 | 59         | false         |
        | 0           | overlapping   | 2020-11-15 | 2021-01-20 | 67         | true          |
        | 0           | overlapping   | 2021-01-22 | 2021-01-23 | 2          | false         |
        | 0           | other_cause   | 2021-01-01 | 2021-01-10 | 10         | false         |
        | 0           | other_cause   | 2021-02-01 | 2021-02-02 | 2          | false         |
        """,
    )


def test_a_planned_end_is_not_believed_against_the_month_after(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  |
        |---------|---------------|--------------|-------------|------------|
        | 2021-01 | back_early    | SJK          | 2021-01-11  | 2021-03-31 |
        | 2021-03 | back_early    | SJK          | 2021-03-01  | 2021-03-02 |
        """,
    )
    expect(
        build("core.sick_leave_spell"),
        """
        | employment_id | spell_from | spell_to   | is_long_spell |
        | back_early    | 2021-01-11 | 2021-01-31 | false         |
        | back_early    | 2021-03-01 | 2021-03-02 | false         |
        """,
    )


def test_days_before_the_window_lengthen_a_spell_and_hours_there_do_not_count(given, closed, build) -> None:
    closed("2021-01")
    given("staging.working_time", WORKING_TIME_HEAD + worked([1], month="2021-01"))
    given("staging.employment", EMPLOYMENT_HEAD + employed([1], month="2021-01"))
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  | absence_hours |
        |---------|---------------|--------------|-------------|------------|---------------|
        | 2020-12 | E1            | SJK          | 2020-12-01  | 2020-12-31 | 150           |
        | 2021-01 | E1            | SJK          | 2021-01-01  | 2021-01-29 | 120           |
        | 2021-01 | E1            | SJK          | 2021-01-31  | 2021-01-31 | 6             |
        """,
    )
    made = build("marts.staffing_to_date")
    assert to_date(made, "sick_leave") == (126, 160, "actual")
    assert to_date(made, "long_sick_leave_share") == (120, 126, "actual")


def test_by_sex_and_age_on_the_periods_last_day_and_months_add_up(given, closed, build) -> None:
    closed()
    months = ("2021-01", "2021-02", "2021-03")
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + "\n".join(
            employed(range(first, first + 12), month=month, sex=sex, born=born)
            for month in months
            # Twelve men and twelve women turn 30 on the very last day of the period; twelve women are older.
            for first, sex, born in ((1, "M", "1991-03-31"), (13, "K", "1991-03-31"), (25, "K", "1960-01-01"))
        ),
    )
    given("staging.working_time", WORKING_TIME_HEAD + "\n".join(worked(range(1, 37), month=month) for month in months))
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  | absence_hours |
        |---------|---------------|--------------|-------------|------------|---------------|
        | 2021-01 | E1            | SJK          | 2021-01-04  | 2021-01-05 | 16            |
        | 2021-02 | E13           | SJK          | 2021-02-01  | 2021-02-01 | 8             |
        | 2021-03 | E25           | SJK          | 2021-03-01  | 2021-03-01 | 7.25          |
        """,
    )
    made = build("marts.staffing_to_date")
    assert to_date(made, "sick_leave", sex="M") == (16, 5760, "actual")
    assert to_date(made, "sick_leave", sex="K") == (Decimal("15.25"), 11520, "actual")
    assert to_date(made, "sick_leave", age_group="30_to_49") == (24, 11520, "actual")
    assert to_date(made, "sick_leave", age_group="50_or_older") == (Decimal("7.25"), 5760, "actual")
    sums: dict[tuple, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in build("marts.staffing").rows:
        if row[6] == "sick_leave" and row[8] == "actual" and row[7] == 0:
            sums[(*row[0:3], *row[4:6])][0] += row[10]
            sums[(*row[0:3], *row[4:6])][1] += row[11]
    whole = {(*row[1:4], *row[4:6]): list(row[9:11]) for row in made.rows if row[6] == "sick_leave" and row[0] == 0}
    shown = {cell: numbers for cell, numbers in whole.items() if numbers[0] is not None}
    assert len(shown) > 10
    assert sums == shown
