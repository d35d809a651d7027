"""Headcount, turnover, full time, pension age and hourly staff, as the definitions of the contracts say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.spec.staff_drawings import EMPLOYMENT_HEAD, ONE_UNIT, files_at_hand


@pytest.fixture
def closed(given, closing):
    """A close of February 2021 with every file at hand, and one unit."""

    def _closed(period: str = "2021-02", absent=()) -> None:
        closing(period)
        files_at_hand(given, period, absent=absent)
        given("core.unit_month", _unit_months(period))

    return _closed


def _unit_months(period: str) -> str:
    last = int(period[-2:])
    rows = ["| unit_code | month | year_offset | area_code | is_to_date |"]
    for offset in (0, -1):
        for number in range(1, last + 1):
            rows.append(f"| U1 | {int(period[:4]) + offset}-{number:02} | {offset} | A1 | true |")
    return "\n".join(rows)


def organisation(made, measure: str, *columns: str, year_offset: int = 0) -> list[tuple]:
    """The drawn columns of the organisation's cell, all persons."""
    names = list(made.types)
    wanted = {
        "year_offset": year_offset,
        "level": "organisation",
        "sex": "T",
        "age_group": "T",
        "measure_id": measure,
    }
    return [
        tuple(row[names.index(column)] for column in columns)
        for row in made.rows
        if all(row[names.index(name)] == value for name, value in wanted.items())
    ]


def test_permanent_employees_are_persons_in_force_on_the_last_day(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        """
        | month   | person_key | employment_id | unit_code | employment_form | grade_percent | sex | birth_date | employed_from | employed_to | is_protected |
        |---------|------------|---------------|-----------|-----------------|---------------|-----|------------|---------------|-------------|--------------|
        | 2021-02 | twice      | E2            | U1        | TV              | 50            | K   | 1980-01-01 | 2015-01-01    |             | false        |
        | 2021-02 | twice      | E1            | U2        | TV              | 50            | K   | 1980-01-01 | 2015-01-01    |             | false        |
        | 2021-02 | higher     | E3            | U1        | TV              | 25            | K   | 1980-01-01 | 2015-01-01    |             | false        |
        | 2021-02 | higher     | E4            | U2        | TV              | 75            | K   | 1980-01-01 | 2015-01-01    |             | false        |
        | 2021-02 | locum      | E5            | U1        | VIK             | 100           | K   | 1980-01-01 | 2015-01-01    |             | false        |
        | 2021-02 | last_day   | E6            | U1        | TV              | 100           | K   | 1980-01-01 | 2015-01-01    | 2021-02-28  | false        |
        | 2021-02 | day_before | E7            | U1        | TV              | 100           | K   | 1980-01-01 | 2015-01-01    | 2021-02-27  | false        |
        | 2021-02 | begins     | E8            | U1        | TV              | 100           | K   | 1980-01-01 | 2021-02-28    |             | false        |
        """,
    )
    made = build("core.permanent_employee_month")
    expect(
        made,
        """
        | month   | person_key | employment_id | unit_code |
        | 2021-02 | twice      | E1            | U2        |
        | 2021-02 | higher     | E4            | U2        |
        | 2021-02 | last_day   | E6            | U1        |
        | 2021-02 | begins     | E8            | U1        |
        """,
    )


def test_a_changed_number_is_still_one_person(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        """
        | month   | person_key | employment_id | is_protected |
        |---------|------------|---------------|--------------|
        | 2021-01 | temporary  | E1            | true         |
        | 2021-02 | permanent  | E1            | false        |
        | 2021-01 | temporary  | E2            | false        |
        | 2021-01 | mistyped   | E3            | false        |
        | 2021-02 | corrected  | E3            | false        |
        | 2021-02 | mistyped   | E4            | false        |
        """,
    )
    # E2 ended under the number that E1 changed; E4 still goes under the number that stood on E3 by mistake.
    expect(
        build("core.employment_person"),
        """
        | employment_id | person_key | is_protected |
        | E1            | permanent  | true         |
        | E2            | permanent  | true         |
        | E3            | corrected  | false        |
        | E4            | mistyped   | false        |
        """,
    )


def test_a_number_that_changed_twice_is_followed_to_the_newest(given, closing, build, expect) -> None:
    closing("2021-03")
    given(
        "staging.employment",
        """
        | month   | person_key | employment_id |
        | 2021-01 | first      | E0            |
        | 2021-01 | first      | E1            |
        | 2021-02 | second     | E1            |
        | 2021-02 | second     | E2            |
        | 2021-03 | third      | E2            |
        """,
    )
    expect(
        build("core.employment_person"),
        "| employment_id | person_key |\n| E0 | third |\n| E1 | third |\n| E2 | third |",
    )


@pytest.mark.parametrize(("first", "second"), [("aaa", "bbb"), ("bbb", "aaa")])
def test_of_two_changes_in_one_month_the_employment_decides_whatever_the_keys_are(
    given, closed, build, expect, first: str, second: str
) -> None:
    closed()
    given(
        "staging.employment",
        f"""
        | month   | person_key | employment_id |
        | 2021-01 | old        | E1            |
        | 2021-01 | old        | E2            |
        | 2021-01 | old        | E3            |
        | 2021-02 | {first}    | E1            |
        | 2021-02 | {second}   | E2            |
        """,
    )
    expect(
        build("core.employment_person"),
        f"| employment_id | person_key |\n| E1 | {first} |\n| E2 | {second} |\n| E3 | {first} |",
    )


def test_a_number_known_only_after_the_period_is_not_used(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        "| month | person_key | employment_id |\n| 2021-02 | known | E1 |\n| 2021-03 | later | E1 |",
    )
    expect(build("core.employment_person"), "| employment_id | person_key |\n| E1 | known |")


def test_sex_is_the_windows_last_and_age_counts_the_birthday(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        """
        | month   | person_key | employment_id | unit_code | sex | birth_date | employed_from | is_protected |
        |---------|------------|---------------|-----------|-----|------------|---------------|--------------|
        | 2020-02 | changed    | E1            | U1        | M   | 1970-01-01 | 2015-01-01    | false        |
        | 2021-01 | changed    | E1            | U1        | M   | 1970-01-01 | 2015-01-01    | false        |
        | 2021-02 | changed    | E1            | U1        | K   | 1980-01-01 | 2015-01-01    | false        |
        | 2021-02 | thirty     | E2            | U1        | K   | 1991-02-28 | 2015-01-01    | false        |
        | 2021-02 | not_yet    | E3            | U1        | K   | 1991-03-01 | 2015-01-01    | false        |
        | 2021-02 | leapling   | E4            | U1        | K   | 1996-02-29 | 2015-01-01    | false        |
        | 2021-02 | fifty      | E5            | U9        | M   | 1971-02-28 | 2015-01-01    | false        |
        """,
    )
    expect(
        build("core.employment_month"),
        """
        | month   | employment_id | sex | age_group     | area_code |
        | 2020-02 | E1            | M   | 50_or_older   | A1        |
        | 2021-01 | E1            | K   | 30_to_49      | A1        |
        | 2021-02 | E1            | K   | 30_to_49      | A1        |
        | 2021-02 | E2            | K   | 30_to_49      | A1        |
        | 2021-02 | E3            | K   | 29_or_younger | A1        |
        | 2021-02 | E4            | K   | 29_or_younger | A1        |
        | 2021-02 | E5            | M   | 50_or_older   |           |
        """,
    )


def test_a_month_belongs_to_the_area_of_its_last_day(given, closing, build, expect) -> None:
    closing("2021-02")
    files_at_hand(given, "2021-02")
    given(
        "core.unit_as_was",
        """
        | unit_code | area_code | valid_from | valid_to   |
        | U1        | old       | 2015-01-01 | 2021-02-14 |
        | U1        | new       | 2021-02-15 |            |
        | U2        | closing   | 2015-01-01 | 2021-02-14 |
        """,
    )
    given(
        "staging.employment",
        """
        | month   | person_key | employment_id | unit_code | sex | birth_date | employed_from |
        | 2021-01 | P1         | E1            | U1        | K   | 1980-01-01 | 2015-01-01    |
        | 2021-02 | P1         | E1            | U1        | K   | 1980-01-01 | 2015-01-01    |
        | 2021-02 | P2         | E2            | U2        | K   | 1980-01-01 | 2015-01-01    |
        """,
    )
    expect(
        build("core.employment_month"),
        """
        | month   | employment_id | area_code |
        | 2021-01 | E1            | old       |
        | 2021-02 | E1            | new       |
        | 2021-02 | E2            | closing   |
        """,
    )


def test_external_turnover_counts_whom_the_organisation_lost(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2021-01 | gone     | E1  | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | 2021-01-10 | false |
        | 2021-01 | moved    | E2  | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | 2021-01-31 | false |
        | 2021-02 | moved    | E2b | U1 | TV | MAN | 100 | K | 1980-01-01 | 2021-02-01 |            | false |
        | 2021-01 | pause    | E3  | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | 2021-01-30 | false |
        | 2021-02 | pause    | E3b | U1 | TV | MAN | 100 | K | 1980-01-01 | 2021-02-01 |            | false |
        | 2021-01 | both     | E4  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-01-15 | false |
        | 2021-01 | both     | E4b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-01 | one_day  | E9  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-01-15 | false |
        | 2021-01 | one_day  | E9b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-01-16 | false |
        | 2021-02 | both     | E4b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | at_end   | E5  | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | 2021-02-28 | false |
        | 2021-02 | half_end | E6  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-02-28 | false |
        | 2021-02 | half_end | E6b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-12-31 | false |
        | 2021-01 | locum    | E7  | U1 | VIK | MAN | 50 | K | 1980-01-01 | 2015-01-01 | 2021-01-15 | false |
        | 2021-02 | inside   | E8  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-02-15 | false |
        """,
    )
    given(
        "staging.leaver",
        """
        | month   | employment_id | unit_code | employment_form | sex | left_on    | leaving_type | is_external | age_years |
        | 2021-01 | E1            | U1        | TV              | K   | 2021-01-10 | OMPLACERING  | true        | 41.0      |
        | 2021-01 | E2            | U1        | TV              | K   | 2021-01-31 | EGEN         | true        | 41.0      |
        | 2021-01 | E3            | U1        | TV              | K   | 2021-01-30 | EGEN         | true        | 41.0      |
        | 2021-01 | E4            | U1        | TV              | K   | 2021-01-15 | EGEN         | true        | 41.0      |
        | 2021-02 | E5            | U1        | TV              | K   | 2021-02-28 | PENSION      | true        | 65.0      |
        | 2021-02 | E6            | U1        | TV              | K   | 2021-02-28 | EGEN         | true        | 41.0      |
        | 2021-01 | E7            | U1        | VIK             | K   | 2021-01-15 | EGEN         | true        | 41.0      |
        | 2021-02 | E8            | U1        | TV              | K   | 2021-02-15 | EGEN         | false       | 41.0      |
        | 2021-01 | E9            | U1        | TV              | K   | 2021-01-15 | EGEN         | true        | 41.0      |
        """,
    )
    # Lost: gone, pause (a day between), at_end. The newest file up to the period knows that half_end stays.
    expect(
        build("core.leaver_event"),
        """
        | employment_id | is_external_turnover | is_pension |
        | E1            | true                 | false      |
        | E2            | false                | false      |
        | E3            | true                 | false      |
        | E4            | false                | false      |
        | E5            | true                 | true       |
        | E6            | false                | false      |
        | E7            | false                | false      |
        | E8            | false                | false      |
        | E9            | false                | false      |
        """,
    )
    made = build("marts.staffing_to_date")
    # 2 months × 3 persons; headcounts: 2 on 31 January (moved and both), 5 on 28 February (they, pause, at_end and half_end).
    assert organisation(made, "external_turnover", "numerator", "denominator", "value_status") == [(6, 7, "actual")]
    assert organisation(made, "permanent_headcount", "numerator") == [(5,)]


def test_an_employment_that_has_ended_keeps_nobody_whatever_end_its_row_knew(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2021-02 | open  | E1  | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | two   | E2  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-12-31 | false |
        | 2021-02 | two   | E2b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | back  | E3  | U1 | TV | MAN | 50  | K | 1980-01-01 | 2021-02-01 |            | false |
        | 2021-02 | back  | E3b | U1 | TV | MAN | 50  | K | 1980-01-01 | 2015-01-01 | 2021-02-28 | false |
        """,
    )
    given(
        "staging.leaver",
        """
        | month   | employment_id | employment_form | left_on    | leaving_type | is_external |
        | 2021-02 | E1            | TV              | 2021-02-28 | EGEN         | true        |
        | 2021-02 | E2            | TV              | 2021-02-28 | EGEN         | true        |
        | 2021-02 | E2b           | TV              | 2021-02-28 | EGEN         | true        |
        | 2021-01 | E3            | TV              | 2021-01-15 | EGEN         | false       |
        | 2021-02 | E3b           | TV              | 2021-02-28 | EGEN         | true        |
        """,
    )
    # E3 was left in January and taken up again in February: whoever leaves E3b stays in it.
    expect(
        build("core.leaver_event"),
        """
        | employment_id | is_external_turnover |
        | E1            | true                 |
        | E2            | true                 |
        | E2b           | true                 |
        | E3            | false                |
        | E3b           | false                |
        """,
    )


def test_the_year_before_asks_its_own_last_file_of_the_day_after(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2020-02 | P1 | E1  | U1 | TV | MAN | 50 | K | 1980-01-01 | 2015-01-01 | 2020-02-29 | false |
        | 2020-02 | P1 | E1b | U1 | TV | MAN | 50 | K | 1980-01-01 | 2015-01-01 |            | false |
        """,
    )
    given(
        "staging.leaver",
        """
        | month   | employment_id | employment_form | left_on    | leaving_type | is_external |
        | 2020-02 | E1            | TV              | 2020-02-29 | EGEN         | true        |
        """,
    )
    expect(build("core.leaver_event"), "| employment_id | year_offset | is_external_turnover |\n| E1 | -1 | false |")


def test_an_employment_that_the_leavers_ended_is_over_whatever_its_file_knew(given, closed, build, expect) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2021-02 | P1 | E1  | U1 | TV | MAN | 50 | K | 1980-01-01 | 2015-01-01 | | false |
        | 2021-02 | P2 | E2  | U1 | TV | MAN | 50 | K | 1980-01-01 | 2015-01-01 | | false |
        | 2021-02 | P2 | E2b | U1 | TV | MAN | 50 | K | 1980-01-01 | 2015-01-01 | | false |
        """,
    )
    given(
        "staging.leaver",
        """
        | month   | employment_id | employment_form | left_on    | leaving_type | is_external |
        | 2021-02 | E1            | TV              | 2021-02-15 | EGEN         | true        |
        | 2021-02 | E2            | TV              | 2021-02-15 | EGEN         | true        |
        | 2021-02 | E2b           | TV              | 2021-02-20 | EGEN         | true        |
        """,
    )
    expect(
        build("core.leaver_event"),
        """
        | employment_id | is_external_turnover |
        | E1            | true                 |
        | E2            | false                |
        | E2b           | true                 |
        """,
    )


def test_one_who_leaves_twice_in_the_year_is_one_leaver(given, closed, build) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2021-01 | P1 | E1 | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | 2021-01-10 | false |
        | 2021-01 | P1 | E2 | U1 | TV | MAN | 100 | K | 1980-01-01 | 2021-01-20 |            | false |
        | 2021-02 | P1 | E2 | U1 | TV | MAN | 100 | K | 1980-01-01 | 2021-01-20 | 2021-02-10 | false |
        """,
    )
    given(
        "staging.leaver",
        """
        | month   | employment_id | employment_form | sex | left_on    | leaving_type | is_external |
        | 2021-01 | E1            | TV              | K   | 2021-01-10 | EGEN         | true        |
        | 2021-02 | E2            | TV              | K   | 2021-02-10 | EGEN         | true        |
        """,
    )
    assert organisation(build("marts.staffing_to_date"), "external_turnover", "numerator", "denominator") == [(2, 1)]
    monthly = organisation(build("marts.staffing"), "external_turnover", "month", "numerator", "denominator")
    assert [(month.month, numerator) for month, numerator, _ in sorted(monthly)] == [(1, 1), (2, None)]


def test_full_time_is_counted_by_employment_with_monthly_pay(given, closed, build) -> None:
    closed()
    given(
        "staging.employment",
        EMPLOYMENT_HEAD
        + """
        | 2021-02 | P1 | E1 | U1 | TV  | MAN | 100   | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | P2 | E2 | U1 | VIK | MAN | 110   | M | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | P2 | E3 | U1 | TV  | MAN | 99.99 | M | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | P3 | E4 | U1 | TIM | TIM | 100   | K | 1980-01-01 | 2015-01-01 |            | false |
        | 2021-02 | P4 | E5 | U1 | TV  | MAN | 100   | K | 1980-01-01 | 2015-01-01 | 2021-02-15 | false |
        """,
    )
    made = build("marts.staffing_to_date")
    assert organisation(made, "full_time_share", "numerator", "denominator") == [(2, 3)]
    men = {
        row[0]: row[7:] for row in made.rows if row[1] == "organisation" and row[4:7] == ("M", "T", "full_time_share")
    }
    assert men == {0: ("actual", None, 1, 2), -1: ("missing", "inget underlag", None, None)}


def test_pension_age_is_the_mean_of_those_who_retired(given, closed, build) -> None:
    closed()
    given(
        "staging.leaver",
        """
        | month   | employment_id | unit_code | employment_form | sex | left_on    | leaving_type | is_external | age_years |
        | 2021-01 | E1            | U1        | TV              | K   | 2021-01-31 | PENSION      | true        | 64.5      |
        | 2021-02 | E2            | U1        | VIK             | M   | 2021-02-28 | PENSION      | false       | 67.1      |
        | 2021-02 | E3            | U1        | TV              | M   | 2021-02-28 | EGEN         | true        | 30.0      |
        """,
    )
    made = build("marts.staffing_to_date")
    assert organisation(made, "pension_age", "numerator", "denominator", "value_status") == [
        (Decimal("131.6"), 2, "actual")
    ]
    assert organisation(made, "pension_age", "numerator", "value_status", "reason", year_offset=-1) == [
        (None, "missing", "inga avgångar")
    ]


def test_hourly_staff_is_measured_in_hours_worked(given, closed, build) -> None:
    closed()
    given(
        "staging.working_time",
        """
        | month   | employment_id | unit_code | ordinary_hours | worked_hours | hourly_paid_hours |
        | 2021-01 | E1            | U1        | 160            | 150.5        | 0                 |
        | 2021-02 | E2            | U1        | 0              | 40           | 40                |
        | 2020-02 | E2            | U1        | 0              | 7            | 7                 |
        """,
    )
    made = build("marts.staffing_to_date")
    assert organisation(made, "hourly_staff_share", "numerator", "denominator") == [(40, Decimal("190.5"))]
    assert organisation(made, "hourly_staff_share", "numerator", "denominator", year_offset=-1) == [(7, 7)]


def test_a_month_not_delivered_makes_the_flow_missing_and_leaves_the_stock(given, closed, build) -> None:
    closed(absent=[("heroma_anstallning", "2021-01"), ("heroma_arbetstid", "2020-02")])
    given(
        "staging.gap",
        """
        | extract          | unit_code | gap_from | gap_to  | gap_reason | case_number |
        | heroma_arbetstid |           | 2020-02  | 2020-02 | systembyte | HR-7        |
        """,
    )
    given(
        "staging.employment",
        EMPLOYMENT_HEAD + "| 2021-02 | P1 | E1 | U1 | TV | MAN | 100 | K | 1980-01-01 | 2015-01-01 | | false |",
    )
    made = build("marts.staffing_to_date")
    assert organisation(made, "permanent_headcount", "numerator", "value_status") == [(1, "actual")]
    assert organisation(made, "external_turnover", "numerator", "value_status", "reason") == [
        (None, "missing", "saknas utan rad i luckregistret: 2021-01")
    ]
    assert organisation(made, "hourly_staff_share", "value_status", "reason", year_offset=-1) == [
        ("missing", "systembyte (ärende HR-7): 2020-02")
    ]
    by_sex = [row for row in made.rows if row[6] == "external_turnover" and row[0] == 0]
    assert len(by_sex) == 24, "no row vanishes: 12 of the organisation, 6 of its area, 6 of its unit"
    assert {row[7] for row in by_sex} == {"missing"}
    headcounts = organisation(build("marts.staffing"), "permanent_headcount", "month", "numerator", "value_status")
    assert [(month.month, *rest) for month, *rest in sorted(headcounts)] == [(1, None, "missing"), (2, 1, "actual")]


def test_a_withheld_file_makes_its_measures_not_available(given, closed, build) -> None:
    closed(absent=[("heroma_avgang", "2021-02")])
    given(
        "build.withheld_extract", "| extract | period | reason |\n| heroma_avgang | 2021-02 | kolumnen extern saknas |"
    )
    made = build("marts.staffing_to_date")
    assert organisation(made, "pension_age", "value_status", "reason") == [
        ("missing", "ej tillgängligt: kolumnen extern saknas: 2021-02")
    ]
    assert organisation(made, "pension_age", "value_status", "reason", year_offset=-1) == [("missing", "inga avgångar")]


def test_a_units_gap_is_its_areas_too_and_data_win_over_it(given, closing, build) -> None:
    closing("2021-01")
    files_at_hand(given, "2021-01")
    given(
        "core.unit_as_was",
        """
        | unit_code | area_code | valid_from |
        | U1        | A1        | 2015-01-01 |
        | U2        | A2        | 2015-01-01 |
        """,
    )
    given(
        "staging.working_time",
        """
        | month   | employment_id | unit_code | ordinary_hours | worked_hours | hourly_paid_hours |
        | 2021-01 | E1            | U1        | 160            | 160          | 0                 |
        | 2021-01 | E2            | U1        | 0              |              | 0                 |
        | 2020-01 | E1            | U2        | 160            | 160          | 16                |
        """,
    )
    given(
        "staging.gap",
        """
        | extract          | unit_code | gap_from | gap_to  | gap_reason |
        | heroma_arbetstid | U2        | 2020-01  | 2021-01 | arkivfel   |
        """,
    )
    made = build("marts.staffing_to_date")
    names = list(made.types)
    found = {
        tuple(row[names.index(name)] for name in ("year_offset", "level", "area_code", "value_status", "reason"))
        for row in made.rows
        if row[names.index("measure_id")] == "hourly_staff_share"
        and row[names.index("sex")] == "T"
        and row[names.index("age_group")] == "T"
        and row[names.index("level")] != "unit"
    }
    assert found == {
        (0, "organisation", "", "missing", "arkivfel: 2021-01; uppgift saknas: 2021-01"),
        (0, "area", "A1", "missing", "uppgift saknas: 2021-01"),
        (0, "area", "A2", "missing", "arkivfel: 2021-01"),
        (-1, "organisation", "", "actual", None),
        (-1, "area", "A1", "missing", "inget underlag"),
        (-1, "area", "A2", "actual", None),
    }


def test_nothing_personal_reaches_the_marts(given, closed, build) -> None:
    closed()
    for table in ("marts.staffing", "marts.staffing_to_date"):
        assert not {"person_key", "employment_id", "birth_date", "is_protected", "persons"} & build(table).types.keys()


def test_the_register_alone_gives_each_unit_its_row(given, closing, build) -> None:
    closing("2021-01")
    files_at_hand(given, "2021-01")
    given("core.unit_as_was", ONE_UNIT)
    made = build("marts.staffing_to_date")
    headcounts = {row[1:4] + row[7:] for row in made.rows if row[6] == "permanent_headcount" and row[4:6] == ("T", "T")}
    assert headcounts == {
        ("organisation", "", "", "actual", None, 0, None),
        ("area", "A1", "", "actual", None, 0, None),
        ("unit", "A1", "U1", "suppressed", "litet underlag (färre än 5 personer)", None, None),
    }
