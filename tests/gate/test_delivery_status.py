"""The matrix of deliveries as people are told it: ledgers, registers, reasons and due days beside the owed months."""

from __future__ import annotations

from tests.gate.conftest import House

GAP = """
    extract            | unit_code | gap_from   | gap_to     | gap_reason | case_number | expected_day
    treserva_hemtjanst |           | 2021-04-01 | 2021-08-01 | systemfel  | A-17        | 2021-10-15
    treserva_hemtjanst | 1002      | 2021-08-01 | 2021-08-01 | flytt      | A-18        |
"""
OWED = """
    extract            | unit_code | month      | year | delivery_state   | case_number | expected_day
    kost_maltider      |           | 2021-07-01 | 2021 | delivered        |             |
    treserva_hemtjanst |           | 2020-08-01 | 2020 | missing_with_gap |             |
    treserva_hemtjanst |           | 2021-08-01 | 2021 | missing_with_gap | A-17        | 2021-10-15
    treserva_hemtjanst | 1001      | 2021-08-01 | 2021 | missing_with_gap | A-17        | 2021-10-15
    treserva_hemtjanst | 1002      | 2021-08-01 | 2021 | missing_with_gap | A-18        |
"""
ESTIMATED = "year_offset | measure_id | unit_code | extract | months_missing\n"
ESTIMATED += "0 | home_care_hours | 1001 | treserva_hemtjanst | 5"
STATUS = "quality.delivery_status"


def status(house: House, extract: str, columns: str = "unit_code, month, delivery_state") -> list[tuple[object, ...]]:
    return [row[1:] for row in house.rows(STATUS, f"extract, {columns}") if row[0] == extract]


def judged(house: House, owed: str = "extract | unit_code | month") -> None:
    """Make the matrix over these owed months; a drawn row without a unit is its file's."""
    house.given("quality.completeness", owed)
    house.connection.execute("update quality.completeness set unit_code = '' where unit_code is null")
    assert house.findings(STATUS) == []


def test_a_gap_is_estimated_where_an_estimate_stands_in_and_tells_its_own_reason(house: House) -> None:
    house.given("staging.gap", GAP)
    house.given("core.volume_window", ESTIMATED)
    house.given("core.estimate", "year_offset | measure_id | unit_code | method\n0 | home_care_hours | 1001 | months")
    house.given("staging.expected_delivery", "extract | working_day | valid_from\n kost_maltider | 7 | 2020-01-01")
    judged(house, OWED)
    assert status(house, "treserva_hemtjanst", "unit_code, month, delivery_state, gap_reason, case_number") == [
        ("", "2020-08-01", "missing", None, None),
        ("", "2021-08-01", "estimated", "systemfel", "A-17"),
        ("1001", "2021-08-01", "estimated", "systemfel", "A-17"),
        ("1002", "2021-08-01", "estimated", "flytt", "A-18"),
    ]
    assert status(house, "kost_maltider", "month, delivery_state, working_day") == [("2021-07-01", "complete", 7)]


def test_a_ledger_holds_its_year_up_to_its_own_month(house: House) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2021-08\n ekonomi_sie | 2020-07")
    judged(house)
    found = {month: state for _, month, state in status(house, "ekonomi_sie")}
    assert len(found) == 16
    assert [month for month, state in found.items() if state == "missing"] == ["2020-08-01"]
    assert {state for month, state in found.items() if month > "2020-08-01"} == {"complete"}


def test_a_refused_ledger_is_withheld_in_its_own_year_alone(house: House) -> None:
    house.delivered("extract | period\n ekonomi_sie | 2020-12")
    house.given("build.withheld_extract", "extract | period | reason\n ekonomi_sie | 2021-08-01 | avklippt")
    judged(house)
    found = {month: state for _, month, state in status(house, "ekonomi_sie")}
    assert {state for month, state in found.items() if month < "2021"} == {"complete"}
    assert {state for month, state in found.items() if month > "2021"} == {"withheld"}


def test_a_register_of_an_earlier_month_serves_and_none_is_missing(house: House) -> None:
    house.delivered("extract | period\n organisation_enhet | 2021-05")
    judged(house)
    assert status(house, "organisation_enhet") == [("", "2021-08-01", "complete")]
    assert status(house, "platser_register") == [("", "2021-08-01", "missing")]


def test_a_status_without_words_is_found(house: House) -> None:
    house.given(STATUS, "extract | unit_code | month | delivery_state\n kost_maltider | | 2021-08-01 | ok")
    assert [one.rule_id for one in house.findings(STATUS)] == ["delivery_status_known"]
