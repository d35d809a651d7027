"""Hours of staff against each other: counted by unit and month, never naming an employment."""

from __future__ import annotations

from tests.gate.conftest import House, messages


def test_sick_hours_may_fill_the_ordinary_hours_and_half_an_hour_more(house: House) -> None:
    house.given(
        "staging.working_time",
        """
        month      | employment_id | unit_code | ordinary_hours
        2021-04-01 | A-1           | 1101      | 160
        2021-04-01 | A-2           | 1101      | 160
        2021-04-01 | A-3           | 1101      | 0
        """,
    )
    house.given(
        "staging.absence",
        """
        month      | employment_id | absence_code | absent_from | absence_hours
        2021-04-01 | A-1           | SJK          | 2021-04-01  | 160.5
        2021-04-01 | A-2           | SJK          | 2021-04-01  | 100
        2021-04-01 | A-2           | SJK          | 2021-04-20  | 60.6
        2021-04-01 | A-3           | SJK          | 2021-04-01  | 8
        """,
    )
    (found,) = house.findings("quality.sick_hours", "sick_hours_over_ordinary")
    assert found.message == "Enhet 1101 apr 2021: 1 anställningar har fler sjuktimmar än ordinarie timmar"
    assert found.keys == {"month": "2021-04-01", "unit_code": "1101", "employments_over": "1"}
    assert "A-2" not in repr(found)


def test_ordinary_hours_follow_the_grade(house: House) -> None:
    house.given(
        "staging.employment",
        """
        month      | employment_id | unit_code | pay_form | grade_percent | employed_from | employed_to
        2021-04-01 | A-1           | 1101      | MAN      | 100           | 2019-01-01    |
        2021-04-01 | A-2           | 1101      | MAN      | 50            | 2019-01-01    |
        2021-04-01 | A-3           | 1101      | MAN      | 100           | 2021-04-20    |
        2021-04-01 | A-4           | 1102      | MAN      | 100           | 2019-01-01    |
        2021-04-01 | A-5           | 1102      | TIM      |               | 2019-01-01    |
        """,
    )
    house.given(
        "staging.working_time",
        """
        month      | employment_id | unit_code | ordinary_hours
        2021-04-01 | A-1           | 1101      | 195
        2021-04-01 | A-2           | 1101      | 97.6
        2021-04-01 | A-3           | 1101      | 40
        2021-04-01 | A-4           | 1102      | 129.9
        2021-04-01 | A-5           | 1102      | 0
        """,
    )
    assert messages(house.findings("quality.ordinary_hours", "ordinary_hours_not_grade")) == [
        "Enhet 1101 apr 2021: 1 av 3 anställningar har ordinarie timmar som inte stämmer med sysselsättningsgraden",
        "Enhet 1102 apr 2021: 1 av 1 anställningar har ordinarie timmar som inte stämmer med sysselsättningsgraden",
    ]


def test_two_halves_may_overlap_and_two_wholes_may_follow_day_on_day(house: House) -> None:
    house.given(
        "staging.employment",
        """
        month      | employment_id | unit_code
        2021-04-01 | A-1           | 1101
        2021-04-01 | A-2           | 1102
        2021-04-01 | A-3           | 1103
        """,
    )
    house.given(
        "staging.absence",
        """
        month      | employment_id | absence_code | absent_from | absent_to  | extent_percent
        2021-04-01 | A-1           | SJK          | 2021-04-01  | 2021-04-10 | 50
        2021-04-01 | A-1           | FL           | 2021-04-05  |            | 50
        2021-04-01 | A-2           | SJK          | 2021-04-01  | 2021-04-10 | 100
        2021-04-01 | A-2           | VAB          | 2021-04-11  | 2021-04-12 | 100
        2021-04-01 | A-3           | SJK          | 2021-04-01  | 2021-04-10 | 100
        2021-04-01 | A-3           | SEM          | 2021-04-10  | 2021-04-12 | 25
        """,
    )
    (found,) = house.findings("quality.absence_overlap", "absence_spells_overlap")
    assert found.message == "Enhet 1103 apr 2021: 2 frånvaroperioder överlappar en annan för samma anställning"
    assert "A-3" not in repr(found)


def test_hours_below_zero_are_counted_and_zero_passes(house: House) -> None:
    house.given(
        "staging.working_time",
        """
        month      | employment_id | unit_code | ordinary_hours | worked_hours
        2021-04-01 | A-1           | 1101      | 0              | 0
        2021-04-01 | A-2           | 1101      | 160            | -0.5
        2021-04-01 | A-3           | 1101      | 160            | -8
        """,
    )
    (found,) = house.findings("quality.negative_hours", "negative_hours")
    assert found.message == "Arbetstid apr 2021, enhet 1101: 2 rader har arbetade_timmar under noll"
    assert found.ask == "systemförvaltaren för Heroma"
    assert "A-2" not in repr(found)
