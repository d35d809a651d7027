"""The drawn shifts hold together row by row, and come to the hours that were asked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from flows.demo.organisation import Units, draw_units, usual_groups
from flows.demo.shift_patterns import CARE_TYPES
from flows.demo.shifts import draw_shifts
from flows.domain.period import Period
from flows.errors import Refusal

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONTHS = (Period(2021, 2), Period(2021, 3), Period(2021, 10))
AREAS = ["A1", "A2"]
UNITS = draw_units(np.random.default_rng(1), AREAS, usual_groups(AREAS))


def asked_of(units: Units) -> dict[tuple[str, Period], Decimal]:
    care = [code for code, kind in zip(units.unit_code, units.activity_type, strict=True) if kind in CARE_TYPES][::8]
    return {
        (str(code), month): Decimal(400 + 37 * place + 11 * month.month) + Decimal("0.37")
        for place, code in enumerate(care)
        for month in MONTHS
    }


ASKED = asked_of(UNITS)


@pytest.fixture(scope="module", params=[1, 4, 30])
def shifts(request: pytest.FixtureRequest) -> pa.Table:
    return draw_shifts(np.random.default_rng(5), UNITS, ASKED, request.param)


def test_performed_hours_come_to_the_hours_asked_for(shifts: pa.Table) -> None:
    came: dict[tuple[str, Period], Decimal] = defaultdict(Decimal)
    columns = (shifts.column(name).to_pylist() for name in ("enhet_kod", "period", "utforda_timmar"))
    for unit, period, hours in zip(*columns, strict=True):
        came[unit, Period.of(period)] += hours
    assert came == ASKED


def test_scale_multiplies_the_shifts_and_not_the_hours() -> None:
    one, four = (draw_shifts(np.random.default_rng(2), UNITS, ASKED, scale) for scale in (1, 4))
    assert four.num_rows == pytest.approx(4 * one.num_rows, rel=0.01)
    hours = [float(pc.sum(table.column("planerade_timmar")).as_py()) for table in (one, four)]
    assert hours[1] == pytest.approx(hours[0], rel=0.02)


def test_planned_hours_are_what_passes_between_start_and_end_net_of_the_break(shifts: pa.Table) -> None:
    for row in shifts.to_pylist():
        starts, ends = (
            datetime.combine(row["datum"], time.fromisoformat(row[name]), STOCKHOLM) for name in ("start", "slut")
        )
        if row["slut"] <= row["start"]:
            ends += timedelta(days=1)
        # Times of one zone are subtracted as the clock shows them: elapsed time needs UTC.
        passed = (ends.timestamp() - starts.timestamp()) / 60
        assert Decimal(round(passed) - row["rast_min"]) / 60 == row["planerade_timmar"]


def test_a_night_over_the_change_of_clock_counts_elapsed_hours() -> None:
    rows = draw_shifts(np.random.default_rng(5), UNITS, ASKED).to_pylist()

    def extra(day: date) -> set[Decimal]:
        nights = [row for row in rows if row["datum"] == day and row["slut"] < row["start"] and row["slut"] > "03:00"]
        shown = [
            Decimal(
                (int(row["slut"][:2]) + 24 - int(row["start"][:2])) * 60 + int(row["slut"][3:]) - int(row["start"][3:])
            )
            for row in nights
        ]
        assert nights
        return {row["planerade_timmar"] * 60 - minutes for row, minutes in zip(nights, shown, strict=True)}

    assert extra(date(2021, 3, 27)) == {-60}
    assert extra(date(2021, 10, 30)) == {60}
    assert extra(date(2021, 10, 23)) == {0}


def test_nobody_works_a_vacant_shift_and_somebody_every_other(shifts: pa.Table) -> None:
    rows = shifts.to_pylist()
    assert {row["vakant"] for row in rows} == {0, 1}
    for row in rows:
        assert (row["vakant"] == 1) == (row["bemannad_av"] is None)
        if row["vakant"]:
            assert row["utforda_timmar"] == 0
        assert row["planerade_timmar"] > 0
        assert row["datum"].replace(day=1) == row["period"]
    names = shifts.column("pass_id").to_pylist()
    assert len(set(names)) == len(names)


def test_home_care_hours_that_the_caller_gives_are_kept() -> None:
    unit = str(UNITS.unit_code[UNITS.of_type("HEMTJANST")[0]])
    table = draw_shifts(np.random.default_rng(3), UNITS, {(unit, Period(2022, 2)): Decimal("12345.67")})
    assert pc.sum(table.column("utforda_timmar")).as_py() == Decimal("12345.67")
    # So near before the last adjustment that no shift is stretched by more than its own chance.
    ratio = Decimal("12345.67") / pc.sum(table.filter(pc.equal(table["vakant"], 0)).column("planerade_timmar")).as_py()
    assert Decimal("0.97") < ratio < Decimal("1.03")


def test_a_kitchen_plans_no_shifts() -> None:
    unit = str(UNITS.unit_code[UNITS.of_type("KOST")[0]])
    with pytest.raises(Refusal, match=unit):
        draw_shifts(np.random.default_rng(3), UNITS, {(unit, Period(2022, 2)): Decimal(100)})


def test_the_same_seed_draws_the_same_shifts() -> None:
    first, second = (draw_shifts(np.random.default_rng(8), UNITS, ASKED) for _ in range(2))
    assert first.equals(second)
