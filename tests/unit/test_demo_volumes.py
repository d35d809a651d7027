"""Volumes over two reports: every window comes out, months that never came are left out, and so are units that left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from flows.demo.organisation import Units
from flows.demo.targets import DEFAULT_TARGETS, Figure, FigureKey, Targets, read_targets
from flows.demo.timeline import Timeline, read_timeline
from flows.demo.volume_budget import volume_budget
from flows.demo.volume_windows import Window, known_windows
from flows.demo.volumes import Volumes, draw_volumes
from flows.domain.period import Period
from flows.errors import Refusal

MEASURES = {
    "home_care_hours": ("treserva_hemtjanst", "utforda_timmar", ""),
    "care_days": ("treserva_boende", "belagda_dygn", ""),
    "assistance_hours_sfb": ("treserva_assistans", "timmar", "where lagrum = 'SFB'"),
    "assistance_hours_lss": ("treserva_assistans", "timmar", "where lagrum = 'LSS'"),
    "meals": ("kost_maltider", "portioner", ""),
}


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return read_timeline(DEFAULT_TARGETS.parent)


@pytest.fixture(scope="module", params=(1, 2, 3))
def drawn(request: pytest.FixtureRequest, timeline: Timeline) -> tuple[Units, Volumes]:
    units = timeline.draw_units(np.random.default_rng([request.param, 0]))
    return units, draw_volumes(np.random.default_rng([request.param, 1]), units, timeline)


def by_month(table: pa.Table, column: str, where: str = "") -> dict[Period, Decimal]:
    """The sums of a column by month."""
    with duckdb.connect() as connection:
        connection.register("delivered", table)
        rows = connection.sql(f"select period, sum({column}) from delivered {where} group by period").fetchall()
    return {Period.of(month): Decimal(total) for month, total in rows}


def test_the_two_reports_are_there(timeline: Timeline) -> None:
    assert [str(targets.period) for targets in timeline.closings] == ["2021-08", "2022-03"]


def test_every_window_of_every_report_comes_out(timeline: Timeline, drawn: tuple[Units, Volumes]) -> None:
    checked = 0
    for measure, (extract, column, where) in MEASURES.items():
        months = by_month(drawn[1].tables[extract], column, where)
        for targets in timeline.closings:
            for year_offset in (-1, 0):
                figure = targets.figure(measure, year_offset=year_offset)
                if figure is None:
                    continue
                period = targets.period if year_offset == 0 else targets.period.year_before
                due = period.january.through(period)
                at_hand = [months[month] for month in due if month in months]
                assert set(due) - set(months) == set(figure.missing_months)
                assert abs(sum(at_hand) * len(due) / len(at_hand) - figure.value) < figure.half_step
                checked += 1
    assert checked == 18


def test_months_that_never_came_are_in_no_file(drawn: tuple[Units, Volumes]) -> None:
    missing = drawn[1].missing
    assert missing == {
        "treserva_hemtjanst": (*Period(2021, 4).through(Period(2021, 8)), Period(2022, 3)),
        "treserva_boende": (Period(2022, 3),),
    }
    for extract, months in missing.items():
        delivered = set(by_month(drawn[1].tables[extract], "1"))
        assert not delivered & set(months)
        assert Period(2022, 2) in delivered


def test_a_unit_has_rows_in_the_months_in_which_it_is_there(drawn: tuple[Units, Volumes]) -> None:
    units, volumes = drawn
    last = {extract: max(by_month(table, "1")) for extract, table in volumes.tables.items()}
    assert last["kost_maltider"] == Period(2021, 12)
    assert last["treserva_assistans"] == Period(2022, 3)
    index = {str(code): place for place, code in enumerate(units.unit_code)}
    for table in volumes.tables.values():
        named = zip(table.column("period").to_pylist(), table.column("enhet_kod").to_pylist(), strict=True)
        assert all(units.in_force(Period.of(month))[index[code]] for month, code in set(named))


def test_a_new_unit_has_rows_from_its_first_month_and_takes_over_what_the_old_one_gave(timeline: Timeline) -> None:
    before = timeline.draw_units(np.random.default_rng([1, 0]))
    split = int(before.of_type("HEMTJANST")[0])
    old_end = before.valid_to.copy()
    old_end[split] = np.datetime64("2021-12-31")
    units = replace(
        before,
        valid_to=np.append(old_end, np.datetime64("9999-12-31")),
        valid_from=np.append(before.valid_from, np.datetime64("2022-01-01")),
        **{
            name: np.append(getattr(before, name), value)
            for name, value in {
                "unit_code": "E9999",
                "unit_name": "",
                "ansvar": "19999",
                "area_code": "AO",
                "activity_type": "HEMTJANST",
                "district": "TATORT",
                "staff_weight": before.staff_weight[split],
                "turnover_weight": before.turnover_weight[split],
            }.items()
        },
    )
    hours = draw_volumes(np.random.default_rng([1, 1]), units, timeline).tables["treserva_hemtjanst"]
    new = by_month(hours, "utforda_timmar", "where enhet_kod = 'E9999'")
    old = by_month(hours, "utforda_timmar", f"where enhet_kod = '{before.unit_code[split]}'")
    assert set(new) == {Period(2022, 1), Period(2022, 2)}
    assert max(old) == Period(2021, 12)
    assert float(new[Period(2022, 1)]) == pytest.approx(float(old[Period(2021, 12)]), rel=0.2)


def test_only_the_months_that_are_closed_on_are_preliminary(drawn: tuple[Units, Volumes]) -> None:
    preliminary = by_month(drawn[1].tables["treserva_boende"], "1", "where status = 'PREL'")
    assert set(preliminary) == {Period(2021, 8)}


def test_free_months_keep_the_level_of_their_neighbours(drawn: tuple[Units, Volumes]) -> None:
    for measure, (extract, column, where) in MEASURES.items():
        per_day = {
            month: float(total) / month.days
            for month, total in by_month(drawn[1].tables[extract], column, where).items()
        }
        for month in (Period(2020, 11), Period(2021, 10)):
            assert per_day[month] == pytest.approx(np.mean(list(per_day.values())), rel=0.2), (measure, month)


def figure(value: int, *missing: Period) -> Figure:
    return Figure(Decimal(value), Decimal("0.5"), missing, Decimal(value))


def reports(*told: tuple[Period, Mapping[int, Figure]]) -> list[Targets]:
    """Reports that say so much of one volume, by year offset."""
    empty = read_targets(None)
    return [
        replace(
            empty,
            period=period,
            figures={FigureKey("hours", year_offset=offset): one for offset, one in said.items()},
        )
        for period, said in told
    ]


def windows(told: list[Targets], first: Period, last: Period, parts: int = 1) -> dict[tuple[str, ...], int]:
    found: tuple[Window, ...] = known_windows(told, "hours", first.through(last), parts)
    return {tuple(str(month) for month in sorted(window.months)): window.amount for window in found}


def test_a_later_window_divides_an_earlier_one() -> None:
    told = reports((Period(2021, 4), {0: figure(100)}), (Period(2022, 2), {-1: figure(40)}))
    assert windows(told, Period(2020, 1), Period(2022, 2)) == {
        ("2021-01", "2021-02"): 40,
        ("2021-03", "2021-04"): 60,
    }


def test_a_longer_window_adds_the_months_that_are_free() -> None:
    told = reports((Period(2021, 2), {0: figure(40)}), (Period(2022, 4), {-1: figure(100)}))
    assert windows(told, Period(2020, 1), Period(2022, 4)) == {
        ("2021-01", "2021-02"): 40,
        ("2021-03", "2021-04"): 60,
    }


def test_an_estimate_binds_the_months_at_hand() -> None:
    missing = Period(2021, 3)
    at_hand = [Period(2021, 1), Period(2021, 2)]
    (window,) = known_windows(reports((missing, {0: figure(87_321, missing)})), "hours", at_hand, 100)
    assert (set(window.months), window.amount) == (set(at_hand), 5_821_400)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([(Period(2021, 2), {0: figure(40)}), (Period(2022, 2), {-1: figure(41)})], "two things"),
        ([(Period(2021, 4), {0: figure(40)}), (Period(2022, 2), {-1: figure(41)})], "More hours"),
        ([(Period(2020, 1), {0: figure(40)})], "no month at all"),
    ],
)
def test_reports_that_contradict_are_refused(told: list[Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        known_windows(reports(*told), "hours", Period(2021, 1).through(Period(2022, 2)), 1)


def test_the_budget_of_volumes_sums_to_its_total_over_the_units_of_the_close(
    timeline: Timeline, drawn: tuple[Units, Volumes]
) -> None:
    units, (earlier, later) = drawn[0], timeline.closings
    assert volume_budget(units, earlier) == []
    rows = volume_budget(units, later)
    totals = {row["matt_id"]: int(row["budget"]) for row in later.side_file("verksamhet_budget.csv")}
    assert totals
    for measure, total in totals.items():
        of_measure = [row for row in rows if row["matt_id"] == measure]
        assert sum(int(row["budget"]) for row in of_measure) == total
        assert {row["manad"] for row in of_measure} == {f"2022-{month:02d}" for month in range(1, 13)}
    there = {str(code) for code in units.unit_code[units.in_force_on(date(2022, 3, 31))]}
    assert {row["enhet_kod"] for row in rows} <= there
