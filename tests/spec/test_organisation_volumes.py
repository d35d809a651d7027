"""Volumes of an organisation that changes: what is estimated, and what is counted on a day."""

from __future__ import annotations

from decimal import Decimal

from tests.spec.organisation_drawings import AREAS, register

#: Where every month is at hand all methods agree.
METHODS = {"months": "true", "days": "false", "budget_profile": "false", "same_share_last_year": "false"}


def test_an_estimate_is_restated_as_it_is_made_and_keeps_its_method_and_months(given, closing, build) -> None:
    """A was split three to one; of its eight months five are missing. The shares meet what is at hand, the factor follows."""
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        register(
            """
            | unit | ansvar | area | from       | to         | successor | share |
            | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | C         | 75    |
            | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | D         | 25    |
            | C    | 103    | AO   | 2021-01-01 |            |           |       |
            | D    | 104    | RS   | 2021-01-01 |            |           |       |
            """
        ),
    )
    given(
        "staging.expected_delivery",
        "| extract | activity_type | valid_from | valid_to |\n| treserva_hemtjanst | HEMTJANST | 2019-01-01 | 2020-12-31 |",
    )
    given(
        "staging.gap",
        "| extract | gap_from | gap_to | gap_reason |\n| treserva_hemtjanst | 2020-04 | 2020-08 | systemfel |",
    )
    given(
        "staging.home_care",
        """
        | month   | unit_code | care_kind | performed_hours | delivery_status |
        | 2020-01 | A         | SERVICE   | 0.01            | DEF             |
        | 2020-02 | A         | SERVICE   | 10              | DEF             |
        | 2020-03 | A         | SERVICE   | 10              | DEF             |
        """,
    )
    closing("2021-08")
    made = build("core.figure_volume")
    at = {name: index for index, name in enumerate(made.types)}
    names = ("figure_value", "value_status", "method", "months", "reason")
    found = {
        (row[at["organisation_view"]], row[at["area_code"]]): tuple(row[at[name]] for name in names)
        for row in made.rows
        if row[at["subject_id"]] == "home_care_hours" and row[at["year_offset"]] == -1
    }
    estimated = ("estimated", "months", "2020-01,2020-02,2020-03", "systemfel")
    assert found["as_was", "AO"] == (Decimal("53.36"), *estimated)
    assert found["as_was", ""] == found["restated", ""] == (Decimal("53.36"), *estimated)
    assert found["restated", "AO"] == (Decimal("40.02"), *estimated)
    assert found["restated", "RS"] == (Decimal("13.34"), *estimated)
    assert found["as_was", "RS"][:2] == (0, "actual")


def test_what_is_estimated_for_a_unit_that_moved_goes_where_its_months_are_missing(given, closing, build) -> None:
    """Moved on 1 May; March, July and August are missing: a third of the estimate is the old area's, as it was."""
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        register(
            """
            | unit | ansvar | area | from       | to         | successor | share |
            | M    | 101    | AO   | 2019-01-01 | 2021-04-30 |           |       |
            | M    | 101    | RS   | 2021-05-01 |            |           |       |
            """
        ),
    )
    given(
        "staging.expected_delivery",
        "| extract | activity_type | valid_from |\n| treserva_hemtjanst | HEMTJANST | 2019-01-01 |",
    )
    given(
        "staging.home_care",
        """
        | month   | unit_code | care_kind | performed_hours | delivery_status |
        | 2021-01 | M         | SERVICE   | 10              | DEF             |
        | 2021-02 | M         | SERVICE   | 20              | DEF             |
        | 2021-04 | M         | SERVICE   | 30              | PREL            |
        | 2021-05 | M         | SERVICE   | 40              | DEF             |
        | 2021-06 | M         | SERVICE   | 50              | DEF             |
        """,
    )
    closing("2021-08")
    made = build("core.figure_volume")
    at = {name: index for index, name in enumerate(made.types)}
    found = {
        (row[at["organisation_view"]], row[at["area_code"]]): row[at["figure_value"]]
        for row in made.rows
        if row[at["subject_id"]] == "home_care_hours" and row[at["year_offset"]] == 0
    }
    # 150 in five months at hand: 240 in eight, of which 90 are estimated.
    assert found == {
        ("as_was", "AO"): 60 + 30,
        ("as_was", "RS"): 90 + 60,
        ("as_was", ""): 240,
        ("restated", "AO"): 0,
        ("restated", "RS"): 240,
        ("restated", ""): 240,
    }


def test_places_follow_their_units_into_the_closed_organisation(given, closing, build) -> None:
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        register(
            """
            | unit | ansvar | area | from       | to         | successor | share |
            | A    | 101    | AO   | 2019-01-01 | 2020-12-31 | B         |       |
            | B    | 102    | RS   | 2019-01-01 |            |           |       |
            | G    | 103    | RS   | 2019-01-01 | 2021-03-31 |           |       |
            """
        ),
    )
    given(
        "staging.place",
        """
        | unit_code | place_kind | places | valid_from | valid_to   |
        | A         | BOENDE_RS  | 12     | 2019-01-01 | 2020-12-31 |
        | B         | BOENDE_RS  | 17     | 2019-01-01 | 2020-12-31 |
        | B         | BOENDE_RS  | 29     | 2021-01-01 |            |
        | G         | BOENDE_RS  | 6      | 2019-01-01 | 2021-03-31 |
        """,
    )
    closing("2021-08")
    made = build("core.figure_volume")
    at = {name: index for index, name in enumerate(made.types)}
    found = {
        (row[at["organisation_view"]], row[at["year_offset"]], row[at["area_code"]]): row[at["figure_value"]]
        for row in made.rows
        if row[at["subject_id"]] == "places_housing"
    }
    areas = ("AO", "RS", "")
    assert [found["as_was", -1, area] for area in areas] == [12, 23, 35]
    assert [found["restated", -1, area] for area in areas] == [0, 29, 29]
    assert [found["restated", 0, area] for area in areas] == [0, 29, 29]


def test_who_is_handed_over_owes_nothing_from_that_day_on(given, closing, build, expect) -> None:
    """H leaves on 1 April: what the others performed after that is whole without it, and no estimate waits for its months."""
    given("staging.edition_area", AREAS)
    given(
        "staging.unit",
        """
        | unit_code | ansvar | area | activity_type | district | valid_from | valid_to   |
        | H         | 101    | AO   | HEMTJANST     | TATORT   | 2019-01-01 | 2021-03-31 |
        | U         | 102    | AO   | HEMTJANST     | TATORT   | 2019-01-01 |            |
        """,
    )
    given(
        "staging.expected_delivery",
        "| extract | activity_type | valid_from |\n| treserva_hemtjanst | HEMTJANST | 2021-01-01 |",
    )
    counted = [("H", month, 8) for month in range(1, 4)] + [("U", month, 5) for month in range(1, 9)]
    rows = [f"| 2021-{month:02d} | {unit} | SERVICE | {hours} | DEF |" for unit, month, hours in counted]
    given(
        "staging.home_care",
        "\n".join(["| month | unit_code | care_kind | performed_hours | delivery_status |", *rows]),
    )
    shifts = [f"| 2021-{month:02d} | {unit} | {unit}{month} | 10 |" for unit, month, _ in counted]
    given("staging.shift", "\n".join(["| month | unit_code | shift_id | performed_hours |", *shifts]))
    closing("2021-08")
    expect(
        build("marts.volume_to_date"),
        "\n".join(
            [
                "| year_offset | unit_code | method | is_chosen | value_status | volume |",
                *(f"| 0 | H | {method} | {chosen} | actual | 24 |" for method, chosen in METHODS.items()),
                *(f"| 0 | U | {method} | {chosen} | actual | 40 |" for method, chosen in METHODS.items()),
            ]
        ),
    )
    made = build("marts.home_care_utilisation")
    at = {name: index for index, name in enumerate(made.types)}
    (urban,) = (
        row
        for row in made.rows
        if (row[at["year_offset"]], row[at["measure_id"]]) == (0, "home_care_utilisation_urban")
    )
    assert (urban[at["numerator"]], urban[at["denominator"]]) == (24 + 40, 30 + 80)
    assert str(urban[at["months"]]).count(",") == 7
