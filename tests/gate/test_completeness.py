"""Which months are missing, known to be missing, preliminary or withheld."""

from __future__ import annotations

from flows.domain.finding import Effect, Severity
from flows.domain.verdict import verdict
from tests.gate.conftest import House, messages

REGISTERS = """
    unit_code | activity_type | valid_from | valid_to
    1101      | HEMTJANST     | 2019-01-01 |
    1102      | HEMTJANST     | 2019-01-01 |
"""


def home_care(house: House, months: dict[str, list[int]], state: str = "DEF") -> None:
    """Rows of the units in the months that are named, and the files they came in."""
    rows = ["month | unit_code | care_kind | performed_hours | delivery_status"]
    files = ["extract | period"]
    for unit, numbers in months.items():
        for year in (2020, 2021):
            rows += [f"{year}-{number:02d}-01 | {unit} | OMV | 100 | {state}" for number in numbers]
    for year in (2020, 2021):
        for number in sorted({number for numbers in months.values() for number in numbers}):
            files.append(f"treserva_hemtjanst | {year}-{number:02d}")
    if len(rows) > 1:
        house.given("staging.home_care", "\n".join(rows))
    house.delivered("\n".join(files))


def owed(house: House) -> None:
    house.given("staging.unit", REGISTERS)
    house.given(
        "staging.expected_delivery",
        """
        extract            | activity_type | working_day | valid_from
        treserva_hemtjanst | HEMTJANST     | 5           | 2021-01-01
        """,
    )


TO_DATE = [1, 2, 3, 4, 5, 6, 7, 8]
TO_MARCH = [1, 2, 3]


def test_five_months_without_a_gap_row_stop_the_gate_in_one_sentence(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_MARCH, "1102": TO_MARCH})
    (found,) = house.findings("quality.missing_months")
    assert found.message == "Hemtjänst saknas apr–aug 2021 (5 av 8 månader)"
    assert found.severity is Severity.CRITICAL
    assert found.effect is Effect.BARS_PUBLICATION
    assert found.ask == "systemförvaltaren för Treserva"
    assert found.extract == "treserva_hemtjanst"
    assert found.keys["month_list"] == "2021-04,2021-05,2021-06,2021-07,2021-08"
    assert verdict([found]).is_barred


def test_every_month_at_hand_says_nothing(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE, "1102": TO_DATE})
    assert house.findings("quality.missing_months") == []
    assert house.findings("quality.completeness") == []


def test_a_gap_row_makes_it_a_known_gap(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_MARCH, "1102": TO_MARCH})
    house.given(
        "staging.gap",
        """
        extract            | gap_from   | gap_to     | case_number | expected_day
        treserva_hemtjanst | 2021-04-01 | 2021-08-01 | INC-1       | 2021-10-15
        """,
    )
    (found,) = house.findings("quality.missing_months")
    assert found.rule_id == "known_gap"
    assert found.effect is Effect.BARS_LOCK
    assert "apr–aug 2021 (5 av 8 månader): känd lucka, ärende INC-1, väntas 2021-10-15" in found.message
    assert not verdict([found]).is_barred


def test_a_gap_row_that_is_too_short_leaves_the_rest_unexplained(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_MARCH, "1102": TO_MARCH})
    house.given(
        "staging.gap",
        """
        extract            | gap_from   | gap_to
        treserva_hemtjanst | 2021-04-01 | 2021-07-01
        """,
    )
    assert messages(house.findings("quality.missing_months", "missing_month")) == [
        "Hemtjänst saknas aug 2021 (1 av 8 månader)"
    ]


def test_one_unit_missing_in_a_file_that_came_is_named(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE, "1102": [1, 2, 3, 5, 6, 8]})
    (found,) = house.findings("quality.missing_months")
    assert found.rule_id == "missing_unit_month"
    assert found.message == "Hemtjänst saknas för enhet 1102 apr, juli 2021 (2 av 8 månader)"


def test_a_unit_owes_only_the_months_in_which_it_is_in_force(house: House) -> None:
    house.given(
        "staging.unit",
        """
        unit_code | activity_type | valid_from | valid_to
        1101      | HEMTJANST     | 2019-01-01 |
        1102      | HEMTJANST     | 2019-01-01 | 2021-06-01
        1103      | KOST          | 2019-01-01 |
        """,
    )
    house.given(
        "staging.expected_delivery",
        """
        extract            | activity_type | working_day | valid_from
        treserva_hemtjanst | HEMTJANST     | 5           | 2021-01-01
        """,
    )
    home_care(house, {"1101": TO_DATE, "1102": [1, 2, 3, 4, 5]})
    # In force on the first of June alone: June is owed, July is not.
    assert messages(house.findings("quality.missing_months")) == [
        "Hemtjänst saknas för enhet 1102 juni 2021 (1 av 6 månader)"
    ]


def test_a_file_of_headers_alone_is_a_missing_month_where_units_owe_it(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE[:-1], "1102": TO_DATE[:-1]})
    house.delivered("extract | period\n treserva_hemtjanst | 2021-08")
    assert messages(house.findings("quality.missing_months", "missing_month")) == [
        "Hemtjänst saknas aug 2021 (1 av 8 månader)"
    ]


def test_a_file_of_headers_alone_is_complete_where_no_unit_owes_it(house: House) -> None:
    house.given("staging.expected_delivery", "extract | working_day | valid_from\n heroma_avgang | 5 | 2021-08-01")
    house.delivered("extract | period\n heroma_avgang | 2021-08")
    assert house.findings("quality.missing_months") == []


def test_a_measure_given_as_a_word_makes_the_month_missing(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE, "1102": TO_DATE})
    house.connection.execute(
        "update staging.home_care set performed_hours = null where month = '2021-08-01' and unit_code = '1102'"
    )
    assert messages(house.findings("quality.missing_months")) == [
        "Hemtjänst saknas för enhet 1102 aug 2021 (1 av 8 månader)"
    ]
    (noted,) = house.findings("quality.delivered_month")
    assert (noted.rule_id, noted.effect) == ("measure_given_as_word", Effect.NONE)


def test_months_before_the_extract_began_are_not_owed(house: House) -> None:
    house.given("staging.expected_delivery", "extract | working_day | valid_from\n timecare_pass | 5 | 2019-01-01")
    assert messages(house.findings("quality.missing_months")) == ["Pass saknas jan–aug 2021 (8 av 8 månader)"]


def test_an_input_of_the_period_is_owed_for_the_period_alone(house: House) -> None:
    house.given("staging.expected_delivery", "extract | working_day | valid_from\n ekonomi_prognos | 5 | 2019-01-01")
    assert messages(house.findings("quality.missing_months")) == ["Ekonomisk prognos saknas aug 2021 (1 av 1 månader)"]


def test_what_nobody_expects_is_not_missed(house: House) -> None:
    house.given("staging.unit", REGISTERS)
    assert house.findings("quality.missing_months") == []


def test_a_withheld_month_is_not_also_missing_and_hides_no_other(house: House) -> None:
    owed(house)
    home_care(house, {"1101": [1, 2, 3, 4, 5, 6], "1102": [1, 2, 3, 4, 5, 6]})
    house.given(
        "build.withheld_extract", "extract | period | reason\n treserva_hemtjanst | 2021-08-01 | kolumnen timmar saknas"
    )
    assert messages(house.findings("quality.missing_months")) == ["Hemtjänst saknas juli 2021 (1 av 8 månader)"]
    (withheld,) = house.findings("quality.withheld_delivery")
    assert withheld.message == "Hemtjänst aug 2021 är ej tillgängligt: kolumnen timmar saknas"
    assert (withheld.rule_id, withheld.effect) == ("withheld_delivery", Effect.WITHHOLDS)
    assert verdict([withheld]).is_withheld


def test_a_withheld_ledger_bars_publication(house: House) -> None:
    house.given("build.withheld_extract", "extract | period | reason\n ekonomi_sie | 2021-08-01 | filen är avhuggen")
    (found,) = house.findings("quality.withheld_delivery")
    assert (found.rule_id, found.effect) == ("withheld_ledger", Effect.BARS_PUBLICATION)


def test_preliminary_months_bar_the_lock_alone(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE, "1102": TO_DATE})
    assert house.findings("quality.preliminary_months") == []
    house.connection.execute("update staging.home_care set delivery_status = 'PREL' where month = '2021-08-01'")
    (found,) = house.findings("quality.preliminary_months")
    assert found.message == "Hemtjänst är preliminär aug 2021 (som mest 2 enheter)"
    assert (found.rule_id, found.effect) == ("preliminary_month", Effect.BARS_LOCK)
    assert house.findings("quality.missing_months") == []


def test_registers_and_ledgers_are_required_whatever_the_gap_register_says(house: House) -> None:
    rules = {one.rule_id for one in house.findings("quality.required_delivery")}
    assert rules == {"missing_register", "missing_ledger"}
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n ekonomi_sie | 2020-12\n organisation_enhet | 2021-03")
    left = house.findings("quality.required_delivery")
    assert "missing_ledger" not in {one.rule_id for one in left}
    assert "organisation_enhet" not in {one.extract for one in left}
    assert "platser_register" in {one.extract for one in left}


def test_a_ledger_of_another_month_does_not_serve_the_period(house: House) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-07\n ekonomi_sie | 2020-12")
    assert messages(house.findings("quality.required_delivery", "missing_ledger")) == ["Huvudbok saknas för aug 2021"]


def test_a_gap_row_whose_data_came_is_noted(house: House) -> None:
    owed(house)
    home_care(house, {"1101": [1, 2, 3, 4], "1102": [1, 2, 3, 4]})
    house.given(
        "staging.gap",
        """
        extract            | gap_from   | gap_to     | expected_day
        treserva_hemtjanst | 2021-04-01 | 2021-08-01 | 2021-10-15
        """,
    )
    (found,) = house.findings("quality.gap_row")
    assert (found.rule_id, found.effect) == ("gap_with_data", Effect.NONE)
    assert found.message == "Luckan för Hemtjänst från apr 2021 kan stängas: data har kommit för apr 2021"


def test_a_promise_is_passed_the_day_after_it(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_MARCH, "1102": TO_MARCH})
    house.given(
        "staging.gap",
        """
        extract            | gap_from   | gap_to     | expected_day
        treserva_hemtjanst | 2021-04-01 | 2021-08-01 | 2021-09-08
        """,
    )
    assert house.findings("quality.gap_row", "gap_promise_passed") == []
    house.closes("2021-08", as_of="2021-09-09")
    assert messages(house.findings("quality.gap_row", "gap_promise_passed")) == [
        "Hemtjänst skulle ha kommit 2021-09-08 men saknas fortfarande"
    ]


def test_a_gap_row_that_covers_nothing_real_is_named(house: House) -> None:
    house.given("staging.unit", REGISTERS)
    house.given(
        "staging.gap",
        """
        extract            | unit_code | gap_from   | gap_to
        hemtjanst          |           | 2021-04-01 | 2021-08-01
        treserva_hemtjanst | 9999      | 2021-04-01 | 2021-08-01
        """,
    )
    assert {one.rule_id for one in house.findings("quality.gap_row")} == {
        "gap_of_unknown_extract",
        "gap_of_unknown_unit",
    }


def test_a_unit_whose_missing_month_is_in_the_gap_register(house: House) -> None:
    owed(house)
    home_care(house, {"1101": TO_DATE, "1102": TO_DATE[:-1]})
    house.given(
        "staging.gap",
        """
        extract            | unit_code | gap_from   | gap_to     | case_number
        treserva_hemtjanst | 1102      | 2021-08-01 | 2021-08-01 | INC-2
        """,
    )
    (found,) = house.findings("quality.missing_months")
    assert found.rule_id == "known_unit_gap"
    assert found.message == (
        "Hemtjänst saknas för enhet 1102 aug 2021 (1 av 8 månader): känd lucka, ärende INC-2, väntas okänt"
    )


def test_a_state_that_nobody_knows_is_not_taken_for_an_actual(house: House) -> None:
    house.given(
        "quality.completeness", "extract | unit_code | month | delivery_state\n kost_maltider | | 2021-08-01 | ok"
    )
    assert [one.rule_id for one in house.findings("quality.completeness")] == ["delivery_state_known"]


def test_absence_counts_for_the_unit_of_its_employment_and_hourly_staff_owes_no_grade(house: House) -> None:
    house.given("staging.unit", REGISTERS)
    house.given(
        "staging.expected_delivery",
        """
        extract            | activity_type | working_day | valid_from
        heroma_franvaro    | HEMTJANST     | 5           | 2021-08-01
        heroma_anstallning | HEMTJANST     | 5           | 2021-08-01
        """,
    )
    house.delivered("extract | period\n heroma_franvaro | 2021-08\n heroma_anstallning | 2021-08")
    house.given(
        "staging.employment",
        """
        month      | employment_id | unit_code | pay_form | grade_percent
        2021-08-01 | A-1           | 1101      | MAN      | 75
        2021-08-01 | A-2           | 1102      | TIM      |
        """,
    )
    house.given("staging.absence", "month | employment_id | absence_hours\n 2021-08-01 | A-1 | 8")
    assert messages(house.findings("quality.missing_months")) == [
        "Frånvaro saknas för enhet 1102 aug 2021 (1 av 1 månader)"
    ]


def test_a_word_makes_the_month_missing_for_a_unit_that_owes_no_rows_of_its_own(house: House) -> None:
    house.given("staging.expected_delivery", "extract | working_day | valid_from\n heroma_arbetstid | 5 | 2021-08-01")
    house.delivered("extract | period\n heroma_arbetstid | 2021-08")
    house.given(
        "staging.working_time",
        """
        month      | employment_id | unit_code | ordinary_hours | worked_hours | hourly_paid_hours
        2021-08-01 | A-1           | 1101      | 160            | 150          | 0
        2021-08-01 | A-2           | 1102      |                | 150          | 0
        """,
    )
    assert messages(house.findings("quality.missing_months")) == [
        "Arbetstid saknas för enhet 1102 aug 2021 (1 av 1 månader)"
    ]
