"""Small cells: what rests on few persons, or tells of few, is not published; the organisation's own printed cells are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.spec.staff_drawings import EMPLOYMENT_HEAD, WORKING_TIME_HEAD, employed, files_at_hand, worked

UNITS = """
| unit_code | area_code | valid_from |
| U1        | A1        | 2015-01-01 |
| U2        | A1        | 2015-01-01 |
| U3        | A2        | 2015-01-01 |
"""


@pytest.fixture
def closed(given, closing) -> None:
    closing("2021-01")
    files_at_hand(given, "2021-01")
    given("core.unit_as_was", UNITS)


@pytest.fixture
def staffed(given, closed) -> Callable[..., None]:
    """Persons as (how many, keyword arguments of `employed`), all employed and at work in January 2021."""

    def _staffed(*groups: tuple[int, dict]) -> None:
        employments, times, first = [], [], 1
        for count, fields in groups:
            numbers = range(first, first + count)
            employments.append(employed(numbers, month="2021-01", **fields))
            times.append(worked(numbers, month="2021-01", unit=fields.get("unit", "U1")))
            first += count
        given("staging.employment", EMPLOYMENT_HEAD + "\n".join(employments))
        given("staging.working_time", WORKING_TIME_HEAD + "\n".join(times))

    return _staffed


def cells(made, measure: str, level: str) -> dict[tuple[str, str, str], object]:
    """(area or unit, sex, age group) → the numerator, or the status where there is none; of the closed year."""
    names = list(made.types)
    place = "unit_code" if level == "unit" else "area_code"
    picked = {}
    for row in made.rows:
        cell = dict(zip(names, row, strict=True))
        if (cell["year_offset"], cell["level"], cell["measure_id"]) == (0, level, measure):
            value = cell["numerator"] if cell["value_status"] == "actual" else cell["value_status"]
            picked[(cell[place], cell["sex"], cell["age_group"])] = value
    return picked


def test_a_unit_of_four_is_withheld_and_one_of_five_is_shown(staffed, build) -> None:
    staffed((5, {"unit": "U1"}), (4, {"unit": "U2"}), (20, {"unit": "U3"}))
    made = build("marts.staffing_to_date")
    shown = cells(made, "permanent_headcount", "unit")
    # U1 would give U2 away by subtraction from its area, so it goes too; U3 is alone in its area.
    assert shown[("U2", "T", "T")] == "suppressed"
    assert shown[("U1", "T", "T")] == "suppressed"
    assert shown[("U3", "T", "T")] == 20
    assert cells(made, "permanent_headcount", "area")[("A1", "T", "T")] == 9


def test_five_and_five_are_both_shown(staffed, build) -> None:
    staffed((5, {"unit": "U1"}), (5, {"unit": "U2"}))
    shown = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert shown[("U1", "T", "T")] == 5
    assert shown[("U2", "T", "T")] == 5


def test_three_men_in_a_unit_take_the_women_with_them(staffed, build) -> None:
    staffed((30, {"unit": "U1", "sex": "K"}), (3, {"unit": "U1", "sex": "M"}), (40, {"unit": "U2", "sex": "M"}))
    shown = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert shown[("U1", "T", "T")] == 33
    assert shown[("U1", "M", "T")] == "suppressed"
    assert shown[("U1", "K", "T")] == "suppressed"


def test_nobody_is_told_from_somebody(staffed, build) -> None:
    staffed((30, {"unit": "U1", "sex": "K"}), (30, {"unit": "U2", "sex": "K"}))
    shown = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert shown[("U1", "M", "T")] == "suppressed", "a row that says 0 would make the withheld rows say 1 to 4"
    assert shown[("U1", "K", "T")] == "suppressed"
    assert shown[("U3", "T", "T")] == "suppressed"


def test_sick_leave_needs_eleven(staffed, build) -> None:
    staffed((10, {"unit": "U1"}), (11, {"unit": "U2"}), (11, {"unit": "U3"}))
    shown = cells(build("marts.staffing_to_date"), "sick_leave", "unit")
    assert shown[("U1", "T", "T")] == "suppressed"
    assert shown[("U2", "T", "T")] == "suppressed", "its complement in the area is the ten of U1"
    assert shown[("U3", "T", "T")] == 0


def test_three_men_one_of_them_sick(staffed, given, build) -> None:
    staffed((30, {"unit": "U1", "sex": "K"}), (3, {"unit": "U1", "sex": "M"}), (33, {"unit": "U2", "sex": "K"}))
    given(
        "staging.absence",
        """
        | month   | employment_id | absence_code | absent_from | absent_to  | absence_hours |
        | 2021-01 | E31           | SJK          | 2021-01-04  | 2021-01-05 | 16            |
        """,
    )
    for table in ("marts.staffing", "marts.staffing_to_date"):
        made = build(table)
        for measure in ("sick_leave", "long_sick_leave_share"):
            for level in ("unit", "area"):
                for (_, sex, _), value in cells(made, measure, level).items():
                    assert sex == "T" or value in {"suppressed", "missing"}, (table, measure, level, sex)


def test_the_cells_that_the_source_prints_are_not_withheld_to_date(staffed, given, build) -> None:
    staffed((3, {"sex": "M"}), (2, {"sex": "K"}))
    given(
        "staging.leaver",
        """
        | month   | employment_id | unit_code | employment_form | sex | left_on    | leaving_type | is_external | age_years |
        | 2021-01 | E1            | U1        | TV              | M   | 2021-01-31 | PENSION      | true        | 67.0      |
        """,
    )
    made = build("marts.staffing_to_date")
    assert cells(made, "pension_age", "organisation")[("", "M", "T")] == 67
    assert cells(made, "sick_leave", "organisation")[("", "M", "T")] == 0
    assert cells(made, "full_time_share", "organisation")[("", "K", "T")] == 2
    assert cells(made, "permanent_headcount", "organisation")[("", "K", "T")] == "suppressed"
    assert cells(made, "pension_age", "area")[("A1", "T", "T")] == "suppressed", "one person's mean age is the person's"
    monthly = cells(build("marts.staffing"), "pension_age", "organisation")
    assert monthly[("", "T", "T")] == "suppressed"


def test_protected_persons_count_in_the_area_and_in_no_unit(staffed, build) -> None:
    staffed((10, {"unit": "U1"}), (10, {"unit": "U2"}), (5, {"unit": "U1", "protected": True}))
    made = build("marts.staffing_to_date")
    assert cells(made, "permanent_headcount", "area")[("A1", "T", "T")] == 25
    shown = cells(made, "permanent_headcount", "unit")
    assert (shown[("U1", "T", "T")], shown[("U2", "T", "T")]) == (10, 10)


def test_few_protected_persons_close_the_units_of_their_area(staffed, build) -> None:
    staffed((10, {"unit": "U1"}), (10, {"unit": "U2"}), (4, {"unit": "U1", "protected": True}), (10, {"unit": "U3"}))
    made = build("marts.staffing_to_date")
    assert cells(made, "permanent_headcount", "area")[("A1", "T", "T")] == 24
    shown = cells(made, "permanent_headcount", "unit")
    assert (shown[("U1", "T", "T")], shown[("U2", "T", "T")]) == ("suppressed", "suppressed")
    assert shown[("U3", "T", "T")] == 10


def test_few_protected_men_close_the_units_breakdown_by_sex_alone(staffed, build) -> None:
    both = [(10, {"unit": unit, "sex": sex}) for unit in ("U1", "U2") for sex in ("K", "M")]
    staffed(*both, (5, {"protected": True, "sex": "K"}), (1, {"protected": True, "sex": "M"}))
    shown = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert (shown[("U1", "T", "T")], shown[("U2", "T", "T")]) == (20, 20)
    assert {shown[(unit, sex, "T")] for unit in ("U1", "U2") for sex in ("K", "M")} == {"suppressed"}


def test_ages_are_judged_as_sexes_are(staffed, build) -> None:
    older, younger = {"born": "1960-01-01"}, {"born": "1995-01-01"}
    staffed(
        (20, {"unit": "U1", **older}),
        (4, {"unit": "U1", **younger}),
        (20, {"unit": "U2", **older}),
        (20, {"unit": "U2", **younger}),
        (20, {"unit": "U3", **older}),
        (20, {"unit": "U3", **younger}),
        (7, {"unit": "U3", "protected": True, **older}),
        (1, {"unit": "U3", "protected": True, **younger}),
    )
    shown = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert shown[("U1", "T", "T")] == 24
    assert shown[("U1", "T", "50_or_older")] == "suppressed", "its complement is the four younger ones"
    assert shown[("U1", "T", "30_to_49")] == "suppressed"
    assert shown[("U2", "T", "50_or_older")] == 20
    assert shown[("U3", "T", "T")] == 40
    assert shown[("U3", "T", "50_or_older")] == "suppressed", (
        "the area minus its units would tell of one protected person"
    )


def test_a_sum_to_date_does_not_give_its_one_small_month_away(given, closing, build) -> None:
    closing("2021-02")
    files_at_hand(given, "2021-02")
    given("core.unit_as_was", UNITS)
    persons = {
        "2021-01": {"U1": range(1, 13), "U3": range(21, 33)},
        "2021-02": {"U1": range(1, 13), "U3": range(21, 31)},
    }
    rows = [(month, unit, who) for month, units in persons.items() for unit, who in units.items()]
    given("staging.employment", EMPLOYMENT_HEAD + "\n".join(employed(who, month=m, unit=u) for m, u, who in rows))
    given("staging.working_time", WORKING_TIME_HEAD + "\n".join(worked(who, month=m, unit=u) for m, u, who in rows))
    to_date = cells(build("marts.staffing_to_date"), "sick_leave", "unit")
    # U3 has twelve persons over the window but ten in February: the window less January would be February.
    assert to_date[("U3", "T", "T")] == "suppressed"
    assert to_date[("U1", "T", "T")] == 0
    heads = cells(build("marts.staffing_to_date"), "permanent_headcount", "unit")
    assert heads[("U3", "T", "T")] == 10


def test_the_reason_does_not_tell_protected_from_few(staffed, build) -> None:
    staffed((10, {"unit": "U1"}), (10, {"unit": "U2"}), (1, {"unit": "U1", "protected": True}), (3, {"unit": "U3"}))
    made = build("marts.staffing_to_date")
    reasons = {
        row[8]
        for row in made.rows
        if row[0] == 0 and row[1] == "unit" and row[4:7] == ("T", "T", "permanent_headcount")
    }
    assert reasons == {"litet underlag (färre än 5 personer)"}


def test_without_a_limit_in_force_nothing_is_broken_down(staffed, given, build) -> None:
    given(
        "reference.suppression",
        """
        | measure_id          | breakdown | minimum_persons | basis     | valid_from | valid_to   |
        | permanent_headcount | unit      | 5               | numerator | 2000-01-01 | 2020-12-31 |
        | permanent_headcount | sex       | 5               | numerator | 2000-01-01 |            |
        | permanent_headcount | age       | 5               | numerator | 2000-01-01 |            |
        """,
    )
    staffed((50, {"unit": "U1", "sex": "K"}), (50, {"unit": "U3", "sex": "M"}))
    made = build("marts.staffing_to_date")
    assert cells(made, "permanent_headcount", "unit")[("U1", "T", "T")] == "suppressed"
    assert cells(made, "permanent_headcount", "organisation")[("", "K", "T")] == 50


def test_withheld_cells_hold_no_number(staffed, build) -> None:
    staffed((6, {"unit": "U1"}), (4, {"unit": "U2"}), (2, {"unit": "U3", "protected": True}))
    for table in ("marts.staffing", "marts.staffing_to_date"):
        made = build(table)
        names = list(made.types)
        status, numbers = names.index("value_status"), (names.index("numerator"), names.index("denominator"))
        withheld = [row for row in made.rows if row[status] != "actual"]
        assert withheld
        assert all(row[at] is None for row in withheld for at in numbers)
