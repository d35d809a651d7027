"""The registers against their own rules, and the codes that the extracts name against the registers."""

from __future__ import annotations

from flows.domain.finding import Effect, Severity
from tests.gate.conftest import House, messages

EDITION = "area_code | area_name | order_number\n RS | Råd och Stöd | 1\n AO | Äldreomsorg | 2"


def units(house: House, rows: str) -> None:
    house.given("staging.edition_area", EDITION)
    head = (
        "unit_code | unit_name | ansvar | area | activity_type | valid_from | valid_to | successor_code | share_percent"
    )
    house.given("staging.unit", f"{head}\n{rows}")


def test_shares_that_sum_to_100_pass_and_a_lone_successor_is_the_whole(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | 1102 | 60
            1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | 1103 | 40
            1104 | Väst | 44 | RS | STOD | 2019-01-01 | 2020-12-31 | 1103 |
            1102 | Söder | 42 | RS | STOD | 2021-01-01 | | |
            1103 | Öster | 43 | Äldreomsorg | STOD | 2021-01-01 | | |""",
    )
    assert house.findings("quality.unit_register") == []


def test_shares_that_do_not_sum_to_100_are_named(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | 1102 | 60
            1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | 1103 | 39,5
            1102 | Söder | 42 | RS | STOD | 2021-01-01 | | |
            1103 | Öster | 43 | RS | STOD | 2021-01-01 | | |""".replace("39,5", "39.5"),
    )
    (found,) = house.findings("quality.unit_register")
    assert found.rule_id == "share_not_100"
    assert found.message == (
        "Enhet 1101 från 2019-01-01: andelarna till efterföljarna summerar till 99,5 %, inte 100 (rad 2, 3)"
    )
    assert found.keys == {"unit_code": "1101", "valid_from": "2019-01-01"}


def test_one_ansvar_in_two_units_on_a_day_is_caught_and_the_day_after_passes(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | |
            1102 | Söder | 41 | RS | STOD | 2020-12-31 | | |
            1103 | Väst | 43 | RS | STOD | 2019-01-01 | 2020-12-31 | |
            1104 | Öster | 43 | RS | STOD | 2021-01-01 | | |""",
    )
    assert messages(house.findings("quality.unit_register", "ansvar_in_two_units")) == [
        "Ansvar 41 hör samma dag till både enhet 1101 och 1102 (rad 2 och 3)",
        "Ansvar 41 hör samma dag till både enhet 1102 och 1101 (rad 3 och 2)",
    ]


def test_a_unit_that_is_itself_twice_on_a_day(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | |
            1101 | Norr | 41 | AO | STOD | 2020-12-31 | | |""",
    )
    assert {one.rule_id for one in house.findings("quality.unit_register")} == {"unit_overlaps_itself"}


def test_rows_of_one_validity_that_disagree(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | 1102 | 60
            1101 | Norr | 41 | AO | STOD | 2019-01-01 | 2020-12-31 | 1103 | 40
            1102 | Söder | 42 | RS | STOD | 2021-01-01 | | |
            1103 | Öster | 43 | RS | STOD | 2021-01-01 | | |""",
    )
    assert {one.rule_id for one in house.findings("quality.unit_register")} == {"unit_rows_disagree"}


def test_unknown_area_unknown_successor_and_an_end_before_the_beginning(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | XX | STOD | 2019-01-01 | | |
            1102 | Söder | 42 | RS | STOD | 2019-01-01 | 2020-12-31 | 9999 |
            1103 | Öster | 43 | RS | STOD | 2021-01-01 | 2020-12-31 | |""",
    )
    assert [one.rule_id for one in house.findings("quality.unit_register")] == [
        "unknown_successor",
        "unit_in_unknown_area",
        "unit_ended_before_begun",
    ]


def test_account_ranges_overlap_by_the_shorter_bound(house: House) -> None:
    house.given(
        "staging.account_group",
        """
        account_from | account_to | account_group | valid_from | valid_to
        30           | 39         | INTAKT        | 2019-01-01 |
        40           | 40         | INVESTERING   | 2019-01-01 | 2020-12-31
        40           | 40         | OVRIGT        | 2021-01-01 |
        50           | 57         | PERSONAL      | 2019-01-01 |
        5701         | 5809       | OVRIGT        | 2019-01-01 |
        """,
    )
    found = house.findings("quality.account_range", "account_ranges_overlap")
    assert {one.keys["account_from"] for one in found} == {"50", "5701"}
    assert found[0].message == "Kontointervallet 50–57 (PERSONAL) från 2019-01-01 överlappar 5701"


def test_an_unknown_unit_lands_and_is_named_with_its_months(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | | |
            1102 | Söder | 42 | RS | STOD | 2019-01-01 | 2021-03-31 | |""",
    )
    house.given(
        "staging.meal",
        """
        month      | unit_code | portions
        2021-03-01 | 1101      | 10
        2021-03-01 | 1102      | 10
        2021-04-01 | 1102      | 10
        2021-04-01 | 9999      | 10
        2021-05-01 | 9999      | 10
        """,
    )
    unknown, closed = house.findings("quality.unit_reference")
    assert unknown.message == "Måltider nämner enhet 9999, som inte finns i enhetsregistret (apr–maj 2021)"
    assert (unknown.severity, unknown.rule_id) == (Severity.CRITICAL, "unknown_unit")
    assert closed.message == "Måltider nämner enhet 1102 i månader då den inte är i drift (apr 2021)"
    assert (closed.rule_id, closed.effect) == ("unit_out_of_force", Effect.BARS_LOCK)


def test_occupied_days_may_fill_every_place_and_no_more(house: House) -> None:
    house.delivered("extract | period\n treserva_boende | 2021-04")
    house.given(
        "staging.housing",
        """
        month      | unit_code | housing_form | places | occupied_days | delivery_status
        2021-04-01 | 1101      | VARDBOENDE   | 10     | 300           | DEF
        2021-04-01 | 1102      | KORTTID      | 10     | 301           | DEF
        2021-04-01 | 1103      | VARDBOENDE   |        | 99            | DEF
        """,
    )
    (found,) = house.findings("quality.occupied_days", "occupied_days_over_capacity")
    assert found.message == "Enhet 1102 (KORTTID) har 301 belagda dygn apr 2021, 1 fler än 10 platser rymmer"
    assert (found.file_name, found.line) == ("treserva_boende_202104.csv", 3)


def test_absence_without_employment_names_lines_and_never_the_employment(house: House) -> None:
    house.delivered("extract | period\n heroma_franvaro | 2021-04")
    house.given(
        "staging.employment",
        "month | employment_id | unit_code\n 2021-04-01 | A-1 | 1101\n 2021-04-01 | A-2 | 1101",
    )
    house.given(
        "staging.absence",
        """
        month      | employment_id | absence_code | absence_hours
        2021-04-01 | A-1           | SJK          | 8
        2021-04-01 | A-77          | SJK          | 8
        2021-04-01 | A-78          | VAB          | 8
        """,
    )
    (found,) = house.findings("quality.absence_reference", "absence_without_employment")
    assert found.message == (
        "heroma_franvaro_202104.csv: 2 av 3 frånvarorader saknar anställning samma månad (rad 3, 4)"
    )
    assert found.line == 3
    assert "A-7" not in repr(found)


def test_absence_is_not_blamed_for_employments_that_never_came(house: House) -> None:
    house.delivered("extract | period\n heroma_franvaro | 2021-04")
    house.given("staging.absence", "month | employment_id | absence_code\n 2021-04-01 | A-1 | SJK")
    assert house.findings("quality.absence_reference") == []


def test_a_promise_in_a_delivery_is_passed_the_day_after_it(house: House) -> None:
    house.delivered("extract | period\n indikatorer_manuell | 2021-08")
    house.given(
        "raw.missing_value",
        """
        delivery_id | line | column_name | word          | expected_day
        1           | 4    | varde       | resultat v 35 | 2021-09-07
        1           | 5    | varde       | resultat v 36 | 2021-09-08
        """,
    )
    (found,) = house.findings("quality.promise", "promise_passed")
    assert found.message == "Indikatorer aug 2021: varde skulle ha kommit 2021-09-07 (1 värden)"
    assert found.line == 4


def test_one_ansvar_in_units_of_two_areas_on_a_day(house: House) -> None:
    units(
        house,
        """ 1101 | Norr | 41 | RS | STOD | 2019-01-01 | 2020-12-31 | |
            1102 | Söder | 41 | AO | STOD | 2020-12-31 | | |
            1103 | Väst | 43 | RS | STOD | 2019-01-01 | 2020-12-31 | |
            1104 | Öster | 43 | AO | STOD | 2021-01-01 | | |""",
    )
    assert messages(house.findings("quality.unit_register", "ansvar_in_two_areas")) == [
        "Ansvar 41 hör samma dag till enheter i två områden, 1101 och 1102 (rad 2 och 3)",
        "Ansvar 41 hör samma dag till enheter i två områden, 1102 och 1101 (rad 3 och 2)",
    ]
