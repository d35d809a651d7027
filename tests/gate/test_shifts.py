"""Shifts that cannot have been, that are there twice, or that stop before the month does."""

from __future__ import annotations

from decimal import Decimal

from tests.gate.conftest import House, messages

HEAD = (
    "month | shift_id | unit_code | dated_on | starts_at | ends_at | break_minutes | planned_hours | performed_hours"
    " | staffed_by | is_vacant\n"
)


def shifts(house: House, rows: str) -> None:
    house.given("staging.shift", HEAD + rows)


def test_a_shift_of_a_day_passes_and_one_longer_does_not(house: House) -> None:
    shifts(
        house,
        """ 2021-04-01 | P1 | 1101 | 2021-04-01 | 07:00 | 07:00 | 0 | 24 | 24   | ORD | false
            2021-04-01 | P2 | 1102 | 2021-04-01 | 07:00 | 16:00 | 0 | 9  | 24.5 | ORD | false""",
    )
    assert messages(house.findings("quality.shift_hours", "shift_over_24_hours")) == [
        "Enhet 1102 apr 2021: 1 pass är längre än ett dygn"
    ]


def test_a_shift_belongs_to_the_month_it_is_dated_in(house: House) -> None:
    shifts(
        house,
        """ 2021-04-01 | P1 | 1101 | 2021-04-30 | 22:00 | 06:00 | 0 | 8 | 8 | ORD | false
            2021-04-01 | P2 | 1102 | 2021-05-01 | 07:00 | 15:00 | 0 | 8 | 8 | ORD | false""",
    )
    (found,) = house.findings("quality.shift_hours")
    assert found.rule_id == "shift_outside_month"
    assert found.keys == {"month": "2021-04-01", "unit_code": "1102"}


def test_planned_hours_are_the_clocks_less_the_break(house: House) -> None:
    shifts(
        house,
        """ 2021-04-01 | P1 | 1101 | 2021-04-01 | 07:00 | 16:20 | 30 | 8.83 | 8 | ORD | false
            2021-04-01 | P2 | 1102 | 2021-04-01 | 07:00 | 16:00 | 30 | 9    | 9 | ORD | false""",
    )
    (found,) = house.findings("quality.shift_hours")
    assert found.rule_id == "shift_hours_not_clock"
    assert found.message == "Enhet 1102 apr 2021: 1 av 1 pass har planerade timmar som inte är klockans"


def test_over_a_change_of_clock_the_hours_that_passed_count(house: House) -> None:
    """Saturday night to 28 March 2021 lost an hour; before midnight or after three nothing is lost."""
    shifts(
        house,
        """ 2021-03-01 | P1 | 1101 | 2021-03-27 | 21:00 | 07:00 | 0 | 9  | 9  | ORD | false
            2021-03-01 | P2 | 1101 | 2021-03-28 | 00:00 | 07:00 | 0 | 6  | 6  | ORD | false
            2021-03-01 | P3 | 1101 | 2021-03-28 | 07:00 | 15:00 | 0 | 8  | 8  | ORD | false
            2021-03-01 | P4 | 1101 | 2021-03-28 | 21:00 | 07:00 | 0 | 10 | 10 | ORD | false
            2021-03-01 | P5 | 1102 | 2021-03-27 | 21:00 | 07:00 | 0 | 10 | 10 | ORD | false""",
    )
    (found,) = house.findings("quality.shift_hours")
    assert found.rule_id == "clock_change_night"
    assert found.message == "Enhet 1102 mars 2021: 1 pass över klockbytet har inte de timmar som gått"


def test_in_october_an_hour_is_gained(house: House) -> None:
    house.closes("2021-10")
    shifts(
        house,
        """ 2021-10-01 | P1 | 1101 | 2021-10-30 | 21:00 | 07:00 | 0 | 11 | 11 | ORD | false
            2021-10-01 | P2 | 1102 | 2021-10-30 | 21:00 | 07:00 | 0 | 10 | 10 | ORD | false""",
    )
    assert [one.keys["unit_code"] for one in house.findings("quality.shift_hours", "clock_change_night")] == ["1102"]


def test_half_of_the_shifts_may_have_a_twin_and_not_more(house: House) -> None:
    alone = [
        f"2021-04-01 | P{number} | 1101 | 2021-04-{number + 1:02} | 07:00 | 15:00 | 0 | 8 | 8 | ORD | false"
        for number in range(10)
    ]
    twins = [line.replace("| P", "| Q") for line in alone]
    others = [line.replace("| P", "| R").replace("| ORD", "| TIM").replace("| 8 |", "| 7 |", 1) for line in alone]
    house.given("staging.shift", HEAD + "\n".join([*alone, *twins[:5], *others]))
    assert house.findings("quality.shift_twins", "shifts_doubled") == []
    house.given("staging.shift", HEAD + "\n".join(line.replace("1101", "1102") for line in [*alone, *twins]))
    (found,) = house.findings("quality.shift_twins", "shifts_doubled")
    assert found.message == "Enhet 1102 apr 2021: 20 av 20 pass är lika ett annat i allt utom numret"


def test_a_month_may_be_silent_for_five_days_at_its_end(house: House) -> None:
    shifts(
        house,
        """ 2021-04-01 | P1 | 1101 | 2021-04-25 | 07:00 | 15:00 | 0 | 8 | 8 | ORD | false
            2021-04-01 | P2 | 1102 | 2021-04-23 | 07:00 | 15:00 | 0 | 8 | 8 | ORD | false
            2021-04-01 | P3 | 1103 | 2021-04-23 | 07:00 | 15:00 | 0 | 8 | 8 | ORD | false""",
    )
    (found,) = house.findings("quality.last_shift_day", "month_cut_short")
    assert found.message == "TimeCare apr 2021: sista passet är 2021-04-23 för 2 enheter (1102, 1103); 7 dagar saknas"


def test_own_shifts_may_differ_from_payroll_by_a_fifth_and_hired_staff_is_in_no_payroll(house: House) -> None:
    house.given(
        "staging.working_time",
        """
        month      | employment_id | unit_code | worked_hours
        2021-04-01 | A-1           | 1101      | 10
        2021-04-01 | A-2           | 1102      | 10
        """,
    )
    shifts(
        house,
        """ 2021-04-01 | P1 | 1101 | 2021-04-01 | 07:00 | 15:00 | 0 | 8   | 8   | ORD    | false
            2021-04-01 | P2 | 1101 | 2021-04-02 | 07:00 | 15:00 | 0 | 8   | 8   | INHYRD | false
            2021-04-01 | P3 | 1102 | 2021-04-01 | 07:00 | 15:00 | 0 | 8   | 7.9 | ORD    | false""",
    )
    (found,) = house.findings("reconciliations.shift_hours", "shifts_not_worked_hours")
    assert found.message == "Enhet 1102 apr 2021: passen är 8 timmar men lönen 10 arbetade (−2)"
    assert house.rows("reconciliations.shift_hours", "difference, unit_code") == [
        (Decimal("-2.1"), "1102"),
        (-2, "1101"),
    ]
