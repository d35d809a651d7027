"""Thresholds against what they have judged: the counts are those of the gate's own SQL."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from flows.declarations.calibration import Observed, calibration
from flows.domain.learned_limit import JudgedValue, findings_beyond
from flows.steps.calibrate import calibrated, judged_values
from tests.gate.conftest import House

PROFILE = "unit_code | month | expected | actual | difference\n"


def place(threshold_id: str) -> Observed:
    found = calibration().thresholds[threshold_id]
    assert isinstance(found, Observed)
    return found


def sizes(house: House, threshold_id: str) -> list[JudgedValue]:
    return judged_values(house.connection, place(threshold_id))


def test_a_share_is_exact_and_one_of_nothing_is_beyond_any_limit(house: House) -> None:
    house.given(
        "reconciliations.shift_hours",
        PROFILE
        + """1101 | 2021-08-01 | 3   | 2 | -1
             1102 | 2021-08-01 | 0   | 2 | 2
             1103 | 2021-08-01 | 0   | 0 | 0
             1104 | 2021-08-01 | 10  |   | """,
    )
    found = sizes(house, "shift_against_worked")
    assert {one.size for one in found} == {Fraction(100, 3), None}
    assert len(found) == 2


VOLUMES = """
    measure_id | unit_code | month      | extract       | year_offset | volume
    meals      | {unit}    | 2021-05-01 | kost_maltider | 0           | 100
    meals      | {unit}    | 2021-06-01 | kost_maltider | 0           | 100
    meals      | {unit}    | 2021-07-01 | kost_maltider | 0           | 100
    meals      | {unit}    | 2021-08-01 | kost_maltider | 0           | {now}
    meals      | {unit}    | 2020-08-01 | kost_maltider | -1          | {before}
"""


@pytest.mark.parametrize("threshold_id", ["volume_fall_trailing", "volume_fall_year_before"])
def test_a_fall_is_counted_where_both_comparisons_say_so(house: House, threshold_id: str) -> None:
    for unit, now, before in (("1101", 50, 100), ("1102", 49, 100), ("1103", 30, 40), ("1104", 10, 100)):
        house.given("core.volume_month", VOLUMES.format(unit=unit, now=now, before=before))
    (told,) = house.findings("quality.volume_fall")[:1]
    assert told.keys["unit_code"] == "1102"
    falls = house.connection.execute("select count(*) from quality.volume_fall where is_fall").fetchall()[0][0]
    in_force = house.connection.execute(
        "select threshold_value from core.threshold where threshold_id = ?", [threshold_id]
    ).fetchall()[0][0]
    assert falls == 2
    assert findings_beyond(sizes(house, threshold_id), in_force) == falls


def test_few_values_teach_nothing_and_many_teach_their_highest(house: House) -> None:
    months = "".join(f"{1000 + unit} | 2021-08-01 | 100 | {100 + unit % 7} | {unit % 7}\n" for unit in range(30))
    house.given("reconciliations.shift_hours", PROFILE + months)
    for table in {one.table for one in calibration().thresholds.values() if isinstance(one, Observed)}:
        house.findings(table)
    by_id = {one.threshold_id: one for one in calibrated(house.connection, calibration())}
    hours = by_id["shift_against_worked"]
    assert (hours.values, hours.findings, hours.learned, hours.findings_learned) == (30, 0, Decimal(6), 0)
    assert by_id["hired_cost_per_hour"].learned is None
    assert "för få värden" in by_id["hired_cost_per_hour"].because
    assert by_id["absence_extent_most"].findings is None
