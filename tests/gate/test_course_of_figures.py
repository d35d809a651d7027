"""Figures against their own history, their parts and what was decided: likely or not."""

from __future__ import annotations

from tests.gate.conftest import House, messages

VOLUMES = "measure_id | unit_code | month | extract | year_offset | volume\n"


def volumes(house: House, unit: str, rows: dict[str, int], measure: str = "meals") -> None:
    lines = [
        f"{measure} | {unit} | {month}-01 | kost_maltider | {0 if month.startswith('2021') else -1} | {volume}"
        for month, volume in rows.items()
    ]
    house.given("core.volume_month", VOLUMES + "\n".join(lines))


def test_a_month_falls_against_what_came_before_and_against_last_year(house: House) -> None:
    half, last_year = {"2021-05": 100, "2021-06": 100, "2021-07": 100}, {"2020-08": 100}
    volumes(house, "1101", {**half, **last_year, "2021-08": 50})
    volumes(house, "1102", {**half, **last_year, "2021-08": 49})
    volumes(house, "1103", {**half, "2020-08": 40, "2021-08": 30})
    volumes(house, "1104", {**half, "2021-08": 49})
    volumes(house, "1105", {"2021-07": 100, "2021-08": 1})
    found = house.findings("quality.volume_fall", "volume_falls")
    assert [one.keys["unit_code"] for one in found] == ["1102", "1104"]
    assert found[0].message == (
        "Måltider, portioner för enhet 1102 aug 2021 är 49, under hälften mot de 3 månaderna före (300 tillsammans)"
    )


def test_shifts_are_a_measure_of_their_own(house: House) -> None:
    house.given(
        "core.shift_month",
        """
        unit_code | month      | performed_hours
        1101      | 2021-05-01 | 100
        1101      | 2021-06-01 | 100
        1101      | 2021-07-01 | 49
        """,
    )
    (found,) = house.findings("quality.volume_fall", "volume_falls")
    assert found.ask == "systemförvaltaren för TimeCare"


def test_half_of_the_units_may_have_last_years_value(house: House) -> None:
    volumes(house, "1101", {"2020-07": 10, "2021-07": 10, "2020-08": 10, "2021-08": 10})
    volumes(house, "1102", {"2020-07": 20, "2021-07": 20, "2020-08": 20, "2021-08": 21})
    volumes(house, "1103", {"2020-07": 0, "2021-07": 0})
    (found,) = house.findings("quality.unchanged_volume", "volume_as_last_year")
    assert found.message == "Måltider, portioner juli 2021: 2 av 2 enheter har exakt fjolårets värde"


def test_an_indicator_with_last_years_value_is_noted(house: House) -> None:
    house.given(
        "marts.indicator",
        """
        indicator_id | sex | observation_period | year_offset | observed_value
        noterad      | T   | 2021-08            | 0           | 64.5
        noterad      | T   | 2020               | -1          | 64.5
        ny           | T   | 2021-08            | 0           | 64.6
        ny           | T   | 2020               | -1          | 64.5
        """,
    )
    assert messages(house.findings("quality.unchanged_indicator", "indicator_as_last_year")) == [
        "Indikatorn noterad (T) har samma värde som året före: 64,5"
    ]


def test_a_sum_to_date_may_stand_still_and_not_fall(house: House) -> None:
    volumes(house, "1101", {"2021-06": 10, "2021-07": 0, "2021-08": -1})
    house.given(
        "core.ledger_entry",
        """
        delivery_id | line | month      | ledger_part | area_code | amount_sek
        1           | 1    | 2021-07-01 | revenue     | RS        | -100
        1           | 2    | 2021-08-01 | revenue     | RS        | 20
        1           | 3    | 2021-08-01 | cost        | RS        | 5
        """,
    )
    assert messages(house.findings("quality.year_to_date", "year_to_date_falls")) == [
        "Måltider, portioner faller aug 2021 för 1101: månaden är −1",
        "Intäkter faller aug 2021 för RS: månaden är −20",
    ]


def figures(house: House, rows: str) -> None:
    house.given(
        "marts.figure",
        "subject_id | area_code | sex | quantity | year_offset | figure_value | numerator | denominator | figure_unit\n"
        + rows,
    )
    house.connection.execute("update marts.figure set organisation_view = ''")


def test_a_forecast_may_leave_half_the_pace_or_double_it(house: House) -> None:
    """August: a pace of 10 a month leaves 20 to 80 for the four months left."""
    figures(
        house,
        """ cost | RS | T | actual             | 0 | 80  | | | sek
            cost | RS | T | forecast_full_year | 0 | 160 | | | sek
            cost | AO | T | actual             | 0 | 80  | | | sek
            cost | AO | T | forecast_full_year | 0 | 161 | | | sek
            cost | IA | T | actual             | 0 | 80  | | | sek
            cost | IA | T | forecast_full_year | 0 | 99  | | | sek
            result | RS | T | actual             | 0 | 1  | | | sek
            result | RS | T | forecast_full_year | 0 | 99  | | | sek""",
    )
    house.given(
        "marts.forecast_method",
        """
        measure_id | area_code | method          | forecast_value
        cost       | AO        | run_rate_months | 150
        cost       | AO        | share_last_year | 140
        """,
    )
    found = house.findings("quality.forecast_pace", "forecast_pace_unlikely")
    assert [one.keys["area_code"] for one in found] == ["AO", "IA"]
    assert found[0].message == (
        "Prognosen 161 för Kostnader AO lämnar till de sista 4 månaderna en takt långt från årets hittills:"
        " månadstakten ger 150, fjolårets andel 140, återstående budget okänt"
    )


def test_a_printed_forecast_is_compared_in_its_unit(house: House) -> None:
    house.given("staging.edition_row", "table_id | row_id | measure_id | print_unit\n t1 | r1 | meals | tusen st")
    figures(
        house,
        """ meals |  | T | actual             | 0 | 80000 | | | portions
            meals |  | T | forecast_full_year | 0 | 161   | | | printed""".replace("|  |", "| '' |"),
    )
    house.connection.execute("update marts.figure set area_code = ''")
    assert len(house.findings("quality.forecast_pace", "forecast_pace_unlikely")) == 1
    house.connection.execute("update marts.figure set figure_value = 160 where figure_unit = 'printed'")
    assert house.findings("quality.forecast_pace", "forecast_pace_unlikely") == []


def test_a_persons_forecast_says_who_when_and_why(house: House) -> None:
    house.given(
        "staging.measure_forecast",
        """
        month      | measure_id | measure_forecast | responsible | dated_on   | reason_words
        2021-08-01 | meals      | 6735             | controller  | 2021-09-07 | Beslut
        2021-08-01 | care_days  | 1                |             | 2021-09-07 | Beslut
        2021-08-01 | sick_leave |                  |             |            |
        2021-07-01 | home_care_hours | 1           |             |            |
        """,
    )
    house.given(
        "staging.economic_forecast",
        """
        month      | area | forecast_kind | forecast_sek | responsible | dated_on | reason_words
        2021-08-01 | AO   | KOSTNAD       | 10           | controller  |          |
        """,
    )
    assert set(messages(house.findings("quality.forecast_statement", "forecast_not_accounted_for"))) == {
        "Prognosen för Kostnader AO saknar datum, motivering",
        "Prognosen för Vårddygn saknar ansvarig",
    }


def test_a_total_lies_between_the_sexes_or_is_their_sum(house: House) -> None:
    figures(
        house,
        """ inom  | RS | T | observation | 0 | 64.5 | | | printed
            inom  | RS | K | observation | 0 | 64.5 | | | printed
            inom  | RS | M | observation | 0 | 67   | | | printed
            utom  | RS | T | observation | 0 | 64.4 | | | printed
            utom  | RS | K | observation | 0 | 64.5 | | | printed
            utom  | RS | M | observation | 0 | 67   | | | printed
            antal | RS | T | actual      | 0 | 30   | | | persons
            antal | RS | K | actual      | 0 | 20   | | | persons
            antal | RS | M | actual      | 0 | 10   | | | persons
            andel | RS | T | actual      | 0 | | 3 | 10 | ratio
            andel | RS | K | actual      | 0 | | 1 | 4  | ratio
            andel | RS | M | actual      | 0 | | 2 | 6  | ratio
            kvot  | RS | T | actual      | 0 | | 9 | 10 | ratio
            kvot  | RS | K | actual      | 0 | | 1 | 4  | ratio
            kvot  | RS | M | actual      | 0 | | 2 | 6  | ratio""",
    )
    found = house.findings("quality.total_between_sexes", "total_outside_sexes")
    assert [one.keys["subject_id"] for one in found] == ["kvot", "utom"]


def test_a_unit_that_sends_what_nobody_expects_of_it(house: House) -> None:
    house.given(
        "staging.expected_delivery",
        "extract | activity_type | valid_from\n kost_maltider | | 2015-01-01\n kost_maltider | KOST | 2015-01-01",
    )
    house.given(
        "core.unit_month",
        "unit_code | month | activity_type\n 1101 | 2021-08-01 | KOST\n 1102 | 2021-08-01 | STOD",
    )
    house.given(
        "staging.meal",
        "month | unit_code | portions\n 2021-08-01 | 1101 | 10\n 2021-08-01 | 1102 | 10",
    )
    assert messages(house.findings("quality.unit_expectation", "unit_without_expected_delivery")) == [
        "Måltider kommer från enhet 1102 (STOD), men väntas inte från den"
    ]


def test_personnel_cost_may_be_two_fifths_from_the_years_price_an_hour(house: House) -> None:
    house.given(
        "core.hourly_work_month",
        "month | employment_id | area_code | worked_hours\n 2021-01-01 | A-1 | RS | 100\n 2021-02-01 | A-1 | RS | 100\n"
        " 2021-01-01 | A-2 | AO | 100\n 2021-02-01 | A-2 | AO | 100",
    )
    ledger(house, "PERSONAL", {("RS", "01"): 14000, ("RS", "02"): 6000, ("AO", "01"): 14001, ("AO", "02"): 5999})
    found = house.findings("reconciliations.personnel_cost", "personnel_cost_not_hours")
    assert [one.keys for one in found] == [
        {"area_code": "AO", "month": "2021-01-01"},
        {"area_code": "AO", "month": "2021-02-01"},
    ]
    assert "personalkostnaden är 14\u00a0001,00 kr, men timmarna motsvarar 10\u00a0000,00 kr" in found[0].message


def test_hired_staff_costs_what_its_shifts_say(house: House) -> None:
    house.given("core.unit_month", "unit_code | month | area_code\n 1101 | 2021-01-01 | RS\n 1101 | 2021-02-01 | RS")
    house.given(
        "staging.shift",
        "month | shift_id | unit_code | performed_hours | staffed_by\n 2021-01-01 | P1 | 1101 | 10 | INHYRD\n"
        " 2021-02-01 | P2 | 1101 | 10 | INHYRD\n 2021-02-01 | P3 | 1101 | 900 | ORD",
    )
    ledger(house, "INHYRD", {("RS", "01"): 1600, ("RS", "02"): 400})
    assert house.findings("reconciliations.hired_cost", "hired_cost_not_hours") == []
    house.connection.execute("update core.ledger_entry set amount_sek = 399 where amount_sek = 400")
    house.connection.execute("update core.ledger_entry set amount_sek = 1601 where amount_sek = 1600")
    assert len(house.findings("reconciliations.hired_cost", "hired_cost_not_hours")) == 2


def ledger(house: House, group: str, amounts: dict[tuple[str, str], int]) -> None:
    lines = [
        f"1 | {line} | 2021-{month}-01 | cost | {group} | {area} | {amount}"
        for line, ((area, month), amount) in enumerate(amounts.items(), 1)
    ]
    head = "delivery_id | line | month | ledger_part | account_group | area_code | amount_sek\n"
    house.given("core.ledger_entry", head + "\n".join(lines))


def test_the_budget_sums_to_the_frame_where_one_is_decided(house: House) -> None:
    house.given(
        "reference.decided_frames",
        """
        year | area_code | measure_id | decided_sek | valid_from | source
        2021 | RS        | cost       | 100         | 2021-01-01 | beslut
        2021 | AO        | cost       | 100         | 2021-01-01 | beslut
        2020 | IA        | cost       | 100         | 2020-01-01 | beslut
        """,
    )
    figures(
        house,
        """ cost | RS | T | budget_full_year | 0 | 100.5 | | | sek
            cost | AO | T | budget_full_year | 0 | 99.4  | | | sek
            cost | IA | T | budget_full_year | 0 | 7     | | | sek""",
    )
    (found,) = house.findings("reconciliations.budget_frame", "budget_not_decided_frame")
    assert found.message == "Budgeten för Kostnader AO är 99,40 kr men ramen 100,00 kr (−0,60 kr)"
