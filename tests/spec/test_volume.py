"""Volumes and their estimates: what is counted, what is missing, and what stands in for it."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

AREAS = "| area_code | area_name | order_number |\n| AO | Äldreomsorg | 1 |\n| RS | Stöd | 2 |"

UNIT_HEAD = "| unit_code | area | activity_type | district | valid_from | valid_to |"

EXPECTED = """
| extract            | activity_type | working_day | valid_from |
| treserva_hemtjanst | HEMTJANST     | 5           | 2020-01-01 |
| treserva_boende    | VARDBOENDE    | 5           | 2020-01-01 |
| treserva_assistans | ASSISTANS     | 5           | 2020-01-01 |
| kost_maltider      | KOST          | 5           | 2020-01-01 |
"""

GAP = """
| extract            | unit_code | gap_from | gap_to  | gap_reason | case_number |
| treserva_hemtjanst |           | 2021-04  | 2021-08 | systemfel  | INC-7       |
"""

CARE_HEAD = "| month | unit_code | care_kind | performed_hours | delivery_status |"


def care(unit: str, hours: dict[str, str], kind: str = "SERVICE", status: str = "DEF") -> list[str]:
    """Rows of home care: month → hours."""
    return [f"| {month} | {unit} | {kind} | {amount} | {status} |" for month, amount in hours.items()]


def months(year: int, last: int, amount: str = "10") -> dict[str, str]:
    return {f"{year}-{month:02d}": amount for month in range(1, last + 1)}


@pytest.fixture
def organisation(given, closing):
    """Draw one area, the units given and what they owe, for a close of August 2021."""

    def draw(*units: str) -> None:
        given("staging.edition_area", AREAS)
        given("staging.unit", "\n".join([UNIT_HEAD, *units]))
        given("staging.expected_delivery", EXPECTED)
        given("staging.gap", GAP)
        closing("2021-08")

    return draw


def figure(
    made,
    measure_id: str,
    column: str = "figure_value",
    *,
    area_code: str = "",
    year_offset: int = 0,
    view: str = "as_was",
):
    """One value of a table of figures, in one view of the organisation."""
    at = {name: index for index, name in enumerate(made.types)}
    found = [
        row[at[column]]
        for row in made.rows
        if (row[at["subject_id"]], row[at["area_code"]], row[at["year_offset"]]) == (measure_id, area_code, year_offset)
        and row[at["organisation_view"]] in ("", view)
    ]
    assert len(found) == 1
    return found[0]


U1 = "| U1 | AO | HEMTJANST | TATORT | 2020-01-01 | |"


def test_three_months_of_eight_make_the_estimate_exactly(organisation, given, build, expect) -> None:
    organisation(
        U1, "| U2 | AO | HEMTJANST | TATORT | 2020-01-01 | |", "| U3 | AO | HEMTJANST | TATORT | 2020-01-01 | |"
    )
    rows = [
        *care("U1", {"2021-01": "10000.01", "2021-02": "9999.33", "2021-03": "10000.02"}),
        *care("U2", {"2021-01": "10000.25", "2021-02": "9999.33", "2021-03": "10000.08"}),
        *care("U3", {"2021-01": "10000", "2021-02": "9999.98", "2021-03": "6080"}),
    ]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") == Decimal(229544)
    assert figure(made, "home_care_hours", "value_status") == "estimated"
    assert figure(made, "home_care_hours", "method") == "months"
    assert figure(made, "home_care_hours", "months") == "2021-01,2021-02,2021-03"
    assert figure(made, "home_care_hours", "reason") == "systemfel (ärende INC-7)"
    expect(
        build("core.estimate_days"),
        """
        | year_offset | unit_code | factor_numerator | factor_denominator | estimated_volume |
        | 0           | U1        | 243              | 90                 | 80998.272000     |
        | 0           | U2        | 243              | 90                 | 80999.082000     |
        | 0           | U3        | 243              | 90                 | 70415.946000     |
        """,
    )


def test_every_method_stands_beside_the_others_and_the_catalogue_chooses(organisation, given, build, expect) -> None:
    organisation(U1)
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", months(2021, 3)), *care("U1", months(2020, 8, "20"))]))
    expect(
        build("marts.volume_to_date"),
        """
        | year_offset | unit_code | method               | is_chosen | volume     | value_status | months_not_at_hand                      |
        | 0           | U1        | months               | true      | 80.000000  | estimated    | 2021-04,2021-05,2021-06,2021-07,2021-08 |
        | 0           | U1        | days                 | false     | 81.000000  | estimated    | 2021-04,2021-05,2021-06,2021-07,2021-08 |
        | 0           | U1        | budget_profile       | false     |            | missing      | 2021-04,2021-05,2021-06,2021-07,2021-08 |
        | 0           | U1        | same_share_last_year | false     | 80.000000  | estimated    | 2021-04,2021-05,2021-06,2021-07,2021-08 |
        | -1          | U1        | months               | true      | 160.000000 | actual       |                                         |
        | -1          | U1        | days                 | false     | 160.000000 | actual       |                                         |
        | -1          | U1        | budget_profile       | false     | 160.000000 | actual       |                                         |
        | -1          | U1        | same_share_last_year | false     | 160.000000 | actual       |                                         |
        """,
    )


def test_the_method_in_force_on_the_periods_last_day_is_used(organisation, given, build) -> None:
    organisation(U1)
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", months(2021, 3))]))
    given(
        "reference.measure_method",
        """
        | measure_id      | method | valid_from | valid_to   |
        | home_care_hours | months | 2000-01-01 | 2021-08-30 |
        | home_care_hours | days   | 2021-08-31 |            |
        """,
    )
    assert figure(build("core.figure_volume"), "home_care_hours") == 81


def test_a_missing_month_is_missing_and_never_zero(organisation, given, build, expect) -> None:
    organisation(U1)
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", {"2021-01": "10", "2021-03": "12"})]))
    given("build.closing_deliveries", "| extract | period |\n")
    made = build("marts.volume")
    at = {name: index for index, name in enumerate(made.types)}
    this_year = {row[at["month"]]: row for row in made.rows if row[at["year_offset"]] == 0}
    assert this_year[date(2021, 2, 1)][at["volume"]] is None
    assert this_year[date(2021, 2, 1)][at["reason"]] == "saknas utan rad i luckregistret"
    assert this_year[date(2021, 4, 1)][at["reason"]] == "systemfel (ärende INC-7)"
    assert this_year[date(2021, 3, 1)][at["volume"]] == 12
    assert this_year[date(2021, 4, 1)][at["value_status"]] == "missing"


def test_a_kind_without_a_row_in_a_month_with_rows_is_none(organisation, given, build, expect) -> None:
    organisation(U1)
    rows = [*care("U1", months(2021, 8)), *care("U1", {"2021-02": "5"}, kind="OMSORG")]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    made = build("marts.volume")
    at = {name: index for index, name in enumerate(made.types)}
    kinds = [row[at["volume"]] for row in made.rows if row[at["volume_kind"]] == "OMSORG"]
    assert sorted(kinds) == [0, 0, 0, 0, 0, 0, 0, 5]
    assert figure(build("core.figure_volume"), "home_care_hours") == 85


def test_only_months_in_which_the_unit_is_in_force_count(organisation, given, build, expect) -> None:
    organisation(U1, "| U2 | AO | HEMTJANST | TATORT | 2021-02-15 | 2021-06-03 |")
    rows = [*care("U1", months(2021, 8)), *care("U2", {"2021-02": "6", "2021-03": "6", "2021-07": "1"})]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    expect(
        build("core.estimate_months"),
        """
        | unit_code | factor_numerator | factor_denominator | estimated_volume |
        | U2        | 5                | 2                  | 30               |
        """,
    )
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") == 80 + 30 + 1
    # Some unit has every month: no single factor describes the figure.
    assert figure(made, "home_care_hours", "months").count(",") == 7


def test_one_unit_with_no_month_at_hand_makes_the_figure_missing(organisation, given, build) -> None:
    organisation(U1, "| U2 | RS | HEMTJANST | TATORT | 2021-07-01 | |")
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", months(2021, 8))]))
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") is None
    assert figure(made, "home_care_hours", "value_status") == "missing"
    assert figure(made, "home_care_hours", "reason") == "systemfel (ärende INC-7)"
    assert figure(made, "home_care_hours", area_code="AO") == 80


def test_a_reason_is_said_once_however_many_share_it(organisation, given, build) -> None:
    organisation(U1, "| U2 | RS | HEMTJANST | TATORT | 2020-01-01 | |")
    rows = [*care("U1", months(2021, 3)), *care("U2", {"2021-01": "1"})]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours", "reason") == "saknas utan rad i luckregistret; systemfel (ärende INC-7)"


def test_a_word_in_a_numbers_place_makes_its_own_kind_missing_and_leaves_the_others(
    organisation, given, build, expect
) -> None:
    organisation(U1)
    rows = [*care("U1", {**months(2021, 7), "2021-08": ""}), *care("U1", {"2021-08": "3"}, kind="OMSORG")]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    expect(
        build("core.estimate_months"),
        """
        | unit_code | volume_kind | factor_numerator | factor_denominator | estimated_volume |
        | U1        | SERVICE     | 8                | 7                  | 80               |
        """,
    )
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") == 80 + 3
    assert figure(made, "home_care_hours", "value_status") == "estimated"
    assert {row[-1] for row in build("reconciliations.volume_total").rows} == {0}


def test_each_kind_has_its_own_months_at_hand(organisation, given, build, expect) -> None:
    organisation(U1)
    rows = [
        *care("U1", {"2021-01": "10", "2021-02": "10", "2021-03": ""}),
        *care("U1", {"2021-01": "", "2021-02": "", "2021-03": "7"}, kind="OMSORG"),
    ]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    expect(
        build("core.estimate_months"),
        """
        | volume_kind | factor_numerator | factor_denominator | estimated_volume |
        | SERVICE     | 8                | 2                  | 80               |
        | OMSORG      | 8                | 1                  | 56               |
        """,
    )
    assert figure(build("core.figure_volume"), "home_care_hours") == 136


def test_a_kind_with_no_month_at_hand_makes_the_figure_missing(organisation, given, build) -> None:
    organisation("| U1 | AO | HEMTJANST | TATORT | 2021-08-01 | |")
    rows = [*care("U1", {"2021-08": "10"}), *care("U1", {"2021-08": ""}, kind="OMSORG")]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    assert figure(build("core.figure_volume"), "home_care_hours") is None


def test_a_month_without_rows_is_missing_for_meals_too(organisation, given, build, expect) -> None:
    organisation("| K1 | AO | KOST | | 2021-07-01 | |")
    given("staging.meal", "| month | unit_code | portions |\n| 2021-07 | K1 | 500 |")
    expect(
        build("marts.volume"),
        """
        | measure_id | unit_code | month   | volume_kind | value_status | volume |
        | meals      | K1        | 2021-07 | ''          | actual       | 500    |
        | meals      | K1        | 2021-08 | ''          | missing      |        |
        """,
    )


@pytest.mark.parametrize("hours", ["0.000001", "100000000000.000001", "-7.000004", "123456.789"])
def test_an_estimate_is_exact_to_the_millionth_also_when_it_is_large(organisation, given, build, hours) -> None:
    organisation(U1)
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", {"2021-01": hours, "2021-02": "0", "2021-03": "0"})]))
    exact = Decimal(hours) * 8 / 3
    rounded = exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert build("core.estimate_months").rows[0][-1] == rounded
    assert figure(build("core.figure_volume"), "home_care_hours") == rounded


def test_what_is_preliminary_is_in_the_sum_and_said(organisation, given, build) -> None:
    organisation(U1)
    rows = [*care("U1", months(2021, 7)), *care("U1", {"2021-08": "10"}, status="PREL")]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") == 80
    assert figure(made, "home_care_hours", "value_status") == "preliminary"
    assert figure(made, "home_care_hours", "reason") == "avser 2021-08"


def test_data_win_over_a_gap_row(organisation, given, build) -> None:
    organisation(U1)
    given("staging.home_care", "\n".join([CARE_HEAD, *care("U1", months(2021, 8))]))
    assert figure(build("core.figure_volume"), "home_care_hours", "value_status") == "actual"


def test_nothing_is_owed_before_the_extract_existed(organisation, given, build, expect) -> None:
    organisation(U1)
    given("reference.extracts", "| extract | needed | first_period |\n| treserva_hemtjanst | history | 2021-06-01 |")
    expect(
        build("core.owed_month"),
        """
        | extract            | unit_code | month   |
        | treserva_hemtjanst | U1        | 2021-06 |
        | treserva_hemtjanst | U1        | 2021-07 |
        | treserva_hemtjanst | U1        | 2021-08 |
        """,
    )


def test_a_file_that_never_came_is_missing_also_where_no_type_owes_it(organisation, given, build) -> None:
    organisation("| K1 | AO | KOST | | 2020-01-01 | |")
    given("staging.expected_delivery", "| extract | working_day | valid_from |\n| kost_maltider | 5 | 2020-01-01 |")
    given("staging.gap", "| extract | gap_from | gap_to | gap_reason |\n| kost_maltider | 2021-08 | 2021-08 | flytt |")
    came = "".join(f"| kost_maltider | {month} |\n" for month in months(2021, 7))
    given("build.closing_deliveries", f"| extract | period |\n{came}")
    portions = "".join(f"| {month} | K1 | 100 |\n" for month in months(2021, 6))
    given("staging.meal", f"| month | unit_code | portions |\n{portions}")
    made = build("core.figure_volume")
    # July's file came and has no row: that is 0, since nobody owes one. August's never came.
    assert figure(made, "meals", "value_status") == "estimated"
    assert figure(made, "meals", "reason") == "flytt"


def test_none_delivered_and_none_owed_is_zero_and_no_file_is_missing(organisation, given, build) -> None:
    organisation("| U1 | AO | KOST | | 2020-01-01 | |")
    rows = "".join(f"| treserva_hemtjanst | {month} |\n" for month in months(2021, 8))
    given("build.closing_deliveries", f"| extract | period |\n{rows}")
    made = build("core.figure_volume")
    assert figure(made, "home_care_hours") == 0
    assert figure(made, "care_days") is None
    assert figure(made, "care_days", "reason") == "inga uppgifter levererade"


def test_assistance_is_split_by_law_and_care_days_are_both_forms(organisation, given, build) -> None:
    organisation("| A1 | RS | ASSISTANS | | 2021-08-01 | |", "| V1 | AO | VARDBOENDE | | 2021-08-01 | |")
    given(
        "staging.assistance",
        "| month | unit_code | lagrum | assistance_hours | delivery_status |\n"
        "| 2021-08 | A1 | SFB | 7.5 | DEF |\n| 2021-08 | A1 | LSS | 2.5 | DEF |",
    )
    given(
        "staging.housing",
        "| month | unit_code | housing_form | occupied_days | delivery_status |\n"
        "| 2021-08 | V1 | VARDBOENDE | 30 | DEF |\n| 2021-08 | V1 | KORTTID | 4 | DEF |",
    )
    made = build("core.figure_volume")
    assert figure(made, "assistance_hours_sfb") == Decimal("7.5")
    assert figure(made, "assistance_hours_lss") == Decimal("2.5")
    assert figure(made, "care_days") == 34
    assert figure(made, "care_days", area_code="AO") == 34


def test_places_are_those_in_force_on_the_last_day(organisation, given, build) -> None:
    organisation("| B1 | RS | LSS_BOSTAD | | 2020-01-01 | |")
    given(
        "staging.place",
        """
        | unit_code | place_kind    | places | valid_from | valid_to   |
        | B1        | BOENDE_RS     | 25     | 2020-01-01 | 2021-06-30 |
        | B1        | BOENDE_RS     | 10     | 2021-07-01 |            |
        | B2        | BOENDE_RS     | 6      | 2020-01-01 |            |
        | B2        | BOENDE_RS     | 0      | 2021-04-01 |            |
        | B3        | BOENDE_RS     | 12     | 2021-09-01 |            |
        | B1        | ARBETSMARKNAD | 4      | 2020-01-01 |            |
        """,
    )
    made = build("core.figure_volume")
    assert figure(made, "places_housing") == 10
    assert figure(made, "places_housing", year_offset=-1) == 31
    assert figure(made, "places_labour_market") == 4
    assert figure(made, "places_housing", "value_status") == "actual"


def test_a_stock_with_a_gap_row_and_no_register_is_missing_never_estimated(organisation, given, build) -> None:
    organisation("| B1 | RS | LSS_BOSTAD | | 2020-01-01 | |")
    given("staging.place", "| unit_code | place_kind | places | valid_from |\n| B1 | BOENDE_RS | 25 | 2020-01-01 |")
    given("staging.gap", "| extract | gap_from | gap_reason |\n| platser_register | 2021-08 | ombyggnad |")
    made = build("core.figure_volume")
    assert figure(made, "places_housing") is None
    assert figure(made, "places_housing", "reason") == "ombyggnad"
    given("build.closing_deliveries", "| extract | period |\n| platser_register | 2021-08 |")
    assert figure(build("core.figure_volume"), "places_housing") == 25


def test_every_delivered_hour_is_in_the_mart(organisation, given, build) -> None:
    organisation(U1)
    rows = [*care("U1", months(2021, 8, "1.25")), *care("UNKNOWN", {"2021-02": "5"})]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    made = build("reconciliations.volume_total")
    at = {name: index for index, name in enumerate(made.types)}
    assert sum(row[at["expected"]] for row in made.rows) == 15
    assert {row[at["difference"]] for row in made.rows} == {0}


def test_utilisation_stands_on_months_that_both_sources_have_for_every_unit(organisation, given, build, expect) -> None:
    organisation(
        U1, "| U2 | AO | HEMTJANST | TATORT | 2020-01-01 | |", "| U3 | AO | HEMTJANST | GLESBYGD | 2020-01-01 | |"
    )
    rows = [
        *care("U1", {"2021-01": "50", "2021-02": "60", "2021-03": "70"}),
        *care("U2", {"2021-01": "40", "2021-03": "1"}),
        *care("U3", {"2021-02": "9"}),
        # Preliminary hours are not actual, however whole the shifts are.
        *care("U1", {"2021-04": "30"}, status="PREL"),
        *care("U2", {"2021-04": "30"}),
    ]
    given("staging.home_care", "\n".join([CARE_HEAD, *rows]))
    given(
        "staging.shift",
        """
        | month   | unit_code | shift_id | performed_hours |
        | 2021-01 | U1        | 1        | 80              |
        | 2021-01 | U2        | 2        | 10              |
        | 2021-01 | U2        | 3        | 10              |
        | 2021-02 | U1        | 4        | 100             |
        | 2021-02 | U2        | 5        | 100             |
        | 2021-03 | U1        | 6        | 100             |
        | 2021-04 | U1        | 7        | 100             |
        | 2021-04 | U2        | 8        | 100             |
        """,
    )
    expect(
        build("marts.home_care_utilisation"),
        """
        | year_offset | measure_id                  | numerator | denominator | months  | value_status |
        | 0           | home_care_utilisation_urban | 90        | 100         | 2021-01 | actual       |
        | 0           | home_care_utilisation_rural |           |             |         | missing      |
        | -1          | home_care_utilisation_urban |           |             |         | missing      |
        | -1          | home_care_utilisation_rural |           |             |         | missing      |
        """,
    )
