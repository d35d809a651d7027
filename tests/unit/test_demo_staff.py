"""The drawn staff come to every published figure: each recomputed here from the tables, by the definitions alone."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from flows.demo.organisation import Units, draw_units, usual_groups
from flows.demo.staff import draw_staff
from flows.demo.targets import Figure, FigureKey, StaffTargets
from flows.domain.period import Period
from flows.errors import Refusal

Published = Mapping[tuple[str, str, int], str]
Row = dict[str, object]

#: The figures of a report of the kind that the demo is for, and others that ask for other people.
PUBLISHED: Published = {
    ("permanent_headcount", "T", 0): "2556",
    ("permanent_headcount", "T", -1): "2546",
    ("sick_leave", "T", 0): "9.3",
    ("sick_leave", "K", 0): "9.6",
    ("sick_leave", "M", 0): "8.5",
    ("sick_leave", "T", -1): "10.0",
    ("external_turnover", "T", 0): "7.0",
    ("external_turnover", "T", -1): "6.8",
    ("full_time_share", "T", 0): "58.9",
    ("full_time_share", "K", 0): "56.0",
    ("full_time_share", "M", 0): "70.6",
    ("pension_age", "T", 0): "64.5",
    ("pension_age", "K", 0): "64.5",
    ("pension_age", "M", 0): "67.0",
}
SMALL: Published = {
    ("permanent_headcount", "T", 0): "310",
    ("permanent_headcount", "T", -1): "295",
    ("sick_leave", "T", 0): "5.1",
    ("sick_leave", "T", -1): "6.3",
    ("external_turnover", "T", 0): "4.2",
    ("full_time_share", "T", 0): "71.3",
    ("pension_age", "T", -1): "65.2",
}
BOTH_YEARS: Published = {
    ("permanent_headcount", "T", 0): "1204",
    ("permanent_headcount", "T", -1): "1391",
    ("sick_leave", "T", 0): "6.2",
    ("sick_leave", "K", 0): "6.9",
    ("sick_leave", "M", 0): "4.8",
    ("sick_leave", "T", -1): "7.4",
    ("sick_leave", "K", -1): "8.1",
    ("sick_leave", "M", -1): "5.6",
    ("external_turnover", "T", 0): "11.3",
    ("external_turnover", "T", -1): "9.9",
    ("full_time_share", "T", 0): "62.4",
    ("full_time_share", "K", 0): "58.0",
    ("full_time_share", "M", 0): "72.5",
    ("full_time_share", "T", -1): "60.1",
    ("full_time_share", "K", -1): "56.0",
    ("full_time_share", "M", -1): "70.3",
    ("hourly_staff_share", "T", 0): "10.0",
}
CASES = {
    "published": (PUBLISHED, Period(2021, 8), 1),
    "published, another seed": (PUBLISHED, Period(2021, 8), 77),
    "small and sparse": (SMALL, Period(2022, 3), 3),
    "two full years": (BOTH_YEARS, Period(2023, 12), 4),
    "one month of a leap year": (SMALL, Period(2024, 1), 5),
    "nothing published": ({}, Period(2021, 5), 6),
}
IN_WHOLE_NUMBERS = ("permanent_headcount", "pension_age")


def targets_of(published: Published, period: Period) -> StaffTargets:
    """Figures as the pipeline's own reader of targets makes them: per cent become ratios."""
    figures: dict[FigureKey, Figure] = {}
    for (measure, sex, offset), text in published.items():
        digits = len(text.partition(".")[2])
        half, scale = Decimal(5).scaleb(-digits - 1), 1 if measure in IN_WHOLE_NUMBERS else 100
        figures[FigureKey(measure, "", sex, "actual", offset)] = Figure(Decimal(text) / scale, half / scale)
    return StaffTargets(period, figures)


def units_of(seed: int) -> Units:
    areas = ["A1", "A2", "A3", "A4", "A5", "A6"]
    return draw_units(np.random.default_rng(seed), areas, usual_groups(areas))


@dataclass(frozen=True)
class Drawn:
    """One drawn organisation, its tables as rows."""

    published: Published
    period: Period
    tables: dict[str, pa.Table]
    rows: dict[str, list[Row]]

    def window(self, offset: int) -> tuple[date, date]:
        last = self.period if offset == 0 else self.period.year_before
        return last.january.first_day, last.last_day

    def months_of(self, offset: int) -> tuple[Period, ...]:
        return (self.period if offset == 0 else self.period.year_before).to_date()


@pytest.fixture(scope="module", params=CASES, ids=lambda name: name.replace(" ", "-"))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    published, period, seed = CASES[request.param]
    tables = draw_staff(np.random.default_rng(seed), units_of(seed), targets_of(published, period), period)
    return Drawn(published, period, tables, {name: table.to_pylist() for name, table in tables.items()})


# The definitions, in plain Python from the rows -----------------------------------------------------------------


def in_force(row: Row, day: date) -> bool:
    return row["anst_from"] <= day and (row["anst_tom"] is None or row["anst_tom"] >= day)


def rows_of_month(rows: Iterable[Row], month: Period) -> list[Row]:
    return [row for row in rows if row["period"] == month.first_day]


def person_of(drawn: Drawn) -> dict[str, str]:
    """The newest personnummer of each employment."""
    return {
        row["anst_id"]: row["personnummer"]
        for row in sorted(drawn.rows["heroma_anstallning"], key=lambda r: r["period"])
    }


def permanent_headcount(drawn: Drawn, month: Period) -> int:
    person = person_of(drawn)
    rows = rows_of_month(drawn.rows["heroma_anstallning"], month)
    return len({person[row["anst_id"]] for row in rows if row["anst_form"] == "TV" and in_force(row, month.last_day)})


def sick_leave(drawn: Drawn, sex: str, offset: int) -> Fraction:
    first, last = drawn.window(offset)
    sex_of = {row["anst_id"]: row["kon"] for row in drawn.rows["heroma_anstallning"] if first <= row["period"] <= last}
    ordinary: dict[str, Decimal] = defaultdict(Decimal)
    for row in drawn.rows["heroma_arbetstid"]:
        if first <= row["period"] <= last and sex in ("T", sex_of[row["anst_id"]]):
            ordinary[row["anst_id"]] += row["ordinarie_timmar"]
    counted = {employment for employment, hours in ordinary.items() if hours > 0}
    sick = sum(
        row["timmar_period"]
        for row in drawn.rows["heroma_franvaro"]
        if row["orsak_kod"] == "SJK" and first <= row["period"] <= last and row["anst_id"] in counted
    )
    return Fraction(sick) / Fraction(sum(ordinary[employment] for employment in counted))


def external_turnover(drawn: Drawn, offset: int) -> Fraction:
    first, last = drawn.window(offset)
    person = person_of(drawn)
    permanent: dict[str, list[Row]] = defaultdict(list)
    newest: dict[str, Row] = {}
    for row in sorted(drawn.rows["heroma_anstallning"], key=lambda r: r["period"]):
        newest[row["anst_id"]] = row
    for employment, row in newest.items():
        if row["anst_form"] == "TV":
            permanent[person[employment]].append(row)
    gone = {
        person[row["anst_id"]]
        for row in drawn.rows["heroma_avgang"]
        if first <= row["period"] <= last
        and row["anst_form"] == "TV"
        and row["extern"] == 1
        and not any(in_force(other, row["avgang_datum"] + timedelta(1)) for other in permanent[person[row["anst_id"]]])
    }
    heads = [permanent_headcount(drawn, month) for month in drawn.months_of(offset)]
    return Fraction(len(gone) * len(heads), sum(heads))


def full_time_share(drawn: Drawn, sex: str, offset: int) -> Fraction:
    month = drawn.months_of(offset)[-1]
    paid = [
        row
        for row in rows_of_month(drawn.rows["heroma_anstallning"], month)
        if row["loneform"] == "MAN" and in_force(row, month.last_day) and sex in ("T", row["kon"])
    ]
    return Fraction(sum(row["sysselsattningsgrad"] >= 100 for row in paid), len(paid))


def pension_age(drawn: Drawn, sex: str, offset: int) -> Fraction:
    first, last = drawn.window(offset)
    ages = [
        row["alder"]
        for row in drawn.rows["heroma_avgang"]
        if row["avgang_typ"] == "PENSION" and first <= row["period"] <= last and sex in ("T", row["kon"])
    ]
    return Fraction(sum(ages)) / len(ages)


def hourly_staff_share(drawn: Drawn, offset: int) -> Fraction:
    first, last = drawn.window(offset)
    rows = [row for row in drawn.rows["heroma_arbetstid"] if first <= row["period"] <= last]
    return Fraction(sum(row["timlon_timmar"] for row in rows)) / Fraction(sum(row["arbetade_timmar"] for row in rows))


def recomputed(drawn: Drawn, measure: str, sex: str, offset: int) -> Fraction:
    match measure:
        case "permanent_headcount":
            return Fraction(permanent_headcount(drawn, drawn.months_of(offset)[-1]))
        case "sick_leave":
            return 100 * sick_leave(drawn, sex, offset)
        case "external_turnover":
            return 100 * external_turnover(drawn, offset)
        case "full_time_share":
            return 100 * full_time_share(drawn, sex, offset)
        case "hourly_staff_share":
            return 100 * hourly_staff_share(drawn, offset)
        case "pension_age":
            return pension_age(drawn, sex, offset)
    raise AssertionError(measure)


def printed(value: Fraction, decimals: int) -> str:
    """Rounded half away from zero."""
    units = (abs(value) * 10**decimals + Fraction(1, 2)).__floor__()
    return str(Decimal(units).scaleb(-decimals))


# The tests -----------------------------------------------------------------------------------------------------


def test_every_published_figure_comes_out(drawn: Drawn) -> None:
    came = {key: printed(recomputed(drawn, *key), len(text.partition(".")[2])) for key, text in drawn.published.items()}
    assert came == dict(drawn.published)


def test_an_unpublished_figure_is_plausible(drawn: Drawn) -> None:
    for sex in "TKM":
        for offset in (0, -1):
            assert Fraction(3, 100) < sick_leave(drawn, sex, offset) < Fraction(14, 100)
            assert Fraction(45, 100) < full_time_share(drawn, sex, offset) < Fraction(85, 100)
    for offset in (0, -1):
        if ("external_turnover", "T", offset) not in drawn.published:
            monthly = external_turnover(drawn, offset) / len(drawn.months_of(offset))
            assert Fraction(5, 1000) < monthly < Fraction(2, 100)
        assert Fraction(3, 100) < hourly_staff_share(drawn, offset) < Fraction(25, 100)


def test_hours_add_up_and_absence_stays_within_the_ordinary(drawn: Drawn) -> None:
    absent: dict[tuple[object, object], Decimal] = defaultdict(Decimal)
    for row in drawn.rows["heroma_franvaro"]:
        absent[row["period"], row["anst_id"]] += row["timmar_period"]
        assert row["timmar_period"] > 0
    form = {row["anst_id"]: row["anst_form"] for row in drawn.rows["heroma_anstallning"]}
    for row in drawn.rows["heroma_arbetstid"]:
        away = absent.pop((row["period"], row["anst_id"]), Decimal(0))
        assert 0 <= away <= row["ordinarie_timmar"]
        extra = row["mertid_timmar"] + row["overtid_timmar"] + row["timlon_timmar"]
        assert row["arbetade_timmar"] == row["ordinarie_timmar"] - away + extra
        if form[row["anst_id"]] == "TIM":
            assert row["ordinarie_timmar"] == row["mertid_timmar"] == row["overtid_timmar"] == 0
        else:
            assert row["timlon_timmar"] == 0
    assert not absent, "absence without working time"


def test_keys_are_unique_and_every_month_is_there(drawn: Drawn) -> None:
    keys = {
        "heroma_anstallning": ("period", "anst_id"),
        "heroma_franvaro": ("period", "anst_id", "orsak_kod", "from"),
        "heroma_arbetstid": ("period", "anst_id"),
        "heroma_avgang": ("anst_id", "avgang_datum"),
    }
    months = {month.first_day for month in drawn.period.year_before.january.through(drawn.period)}
    for name, columns in keys.items():
        counted = Counter(tuple(row[column] for column in columns) for row in drawn.rows[name])
        assert max(counted.values()) == 1, name
        assert {row["period"] for row in drawn.rows[name]} == months, name


def test_an_employment_is_delivered_in_the_months_in_which_it_existed(drawn: Drawn) -> None:
    for row in drawn.rows["heroma_anstallning"]:
        month = Period.of(row["period"])
        assert row["anst_from"] <= month.last_day
        assert row["anst_tom"] is None or row["anst_tom"] >= month.first_day
        if row["anst_form"] == "TIM":
            assert (row["loneform"], row["sysselsattningsgrad"]) == ("TIM", 0)
        else:
            assert row["loneform"] == "MAN"
            assert 0 < row["sysselsattningsgrad"] <= 100
    delivered = {(row["period"], row["anst_id"]) for row in drawn.rows["heroma_anstallning"]}
    assert {(row["period"], row["anst_id"]) for row in drawn.rows["heroma_arbetstid"]} == delivered
    assert {(row["period"], row["anst_id"]) for row in drawn.rows["heroma_franvaro"]} <= delivered


def test_spells_of_one_employment_never_overlap_and_lie_within_it(drawn: Drawn) -> None:
    employed: dict[str, tuple[date, date | None]] = {}
    for row in sorted(drawn.rows["heroma_anstallning"], key=lambda r: r["period"]):
        employed[row["anst_id"]] = (row["anst_from"], row["anst_tom"])
    newest: dict[tuple[str, date], Row] = {}
    for row in sorted(drawn.rows["heroma_franvaro"], key=lambda r: r["period"]):
        assert row["from"] <= Period.of(row["period"]).last_day
        assert row["tom"] is None or row["tom"] >= row["period"]
        newest[row["anst_id"], row["from"]] = row
    spells: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for (employment, first), row in newest.items():
        spells[employment].append((first, row["tom"] or date.max))
    for employment, of_employment in spells.items():
        of_employment.sort()
        for earlier, later in itertools.pairwise(of_employment):
            assert earlier[1] < later[0]
        started, ended = employed[employment]
        assert of_employment[0][0] >= started
        assert ended is None or of_employment[-1][1] in (date.max, min(of_employment[-1][1], ended))


def test_leavers_left_on_the_day_their_employment_ended(drawn: Drawn) -> None:
    rows = {(row["period"], row["anst_id"]): row for row in drawn.rows["heroma_anstallning"]}
    for leaver in drawn.rows["heroma_avgang"]:
        employment = rows[leaver["period"], leaver["anst_id"]]
        assert employment["anst_tom"] == leaver["avgang_datum"]
        assert Period.of(leaver["avgang_datum"]).first_day == leaver["period"]
        assert (employment["kon"], employment["anst_form"], employment["enhet_kod"]) == (
            leaver["kon"],
            leaver["anst_form"],
            leaver["enhet_kod"],
        )
        years = (leaver["avgang_datum"] - employment["fodelsedatum"]).days / 365.25
        assert abs(years - float(leaver["alder"])) <= 0.0501
    ended = {
        (row["anst_id"], row["anst_tom"])
        for row in drawn.rows["heroma_anstallning"]
        if row["anst_tom"] and Period.of(row["anst_tom"]).first_day == row["period"]
    }
    assert ended == {(row["anst_id"], row["avgang_datum"]) for row in drawn.rows["heroma_avgang"]}


def test_personnummer_are_invented_and_one_a_person(drawn: Drawn) -> None:
    numbers: dict[str, set[tuple[object, object]]] = defaultdict(set)
    for row in drawn.rows["heroma_anstallning"]:
        number = row["personnummer"]
        assert re.fullmatch(r"\d{12}", number)
        day = int(number[6:8])
        assert date(int(number[:4]), int(number[4:6]), day - 60 if day > 60 else day) == row["fodelsedatum"]
        assert 980 <= int(number[8:11]) <= 999
        assert (int(number[10]) % 2 == 1) == (row["kon"] == "M")
        digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(number[2:11])]
        assert (sum(digit // 10 + digit % 10 for digit in digits) + int(number[11])) % 10 != 0, "could be somebody's"
        numbers[number].add((row["kon"], row["fodelsedatum"]))
    assert all(len(persons) == 1 for persons in numbers.values())
    assert any(int(number[6:8]) > 60 for number in numbers)


def test_some_have_two_employments_a_new_number_or_protection(drawn: Drawn) -> None:
    rows = drawn.rows["heroma_anstallning"]
    last = rows_of_month(rows, drawn.period)
    two = Counter(
        row["personnummer"] for row in last if row["anst_form"] == "TV" and in_force(row, drawn.period.last_day)
    )
    assert sum(count == 2 for count in two.values()) >= 2
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: r["period"]):
        if row["personnummer"] not in numbers[row["anst_id"]]:
            numbers[row["anst_id"]].append(row["personnummer"])
    changed = [of_employment for of_employment in numbers.values() if len(of_employment) > 1]
    assert len(changed) >= 3
    assert all(len(pair) == 2 and int(pair[0][6:8]) - int(pair[1][6:8]) == 60 for pair in changed)
    areas = Counter(row["enhet_kod"][:2] for row in last if row["skyddad"] == 1 and row["anst_form"] == "TV")
    assert all(count >= 5 for count in areas.values())
    if permanent_headcount(drawn, drawn.period) > 2000:
        assert areas


def test_every_kind_of_employment_leave_and_leaving_occurs(drawn: Drawn) -> None:
    assert {row["anst_form"] for row in drawn.rows["heroma_anstallning"]} == {"TV", "VIK", "VISS", "TIM"}
    assert {row["orsak_kod"] for row in drawn.rows["heroma_franvaro"]} == {"SJK", "VAB", "FL", "TJL", "SEM", "OVR"}
    assert {row["omfattning"] for row in drawn.rows["heroma_franvaro"]} == {25, 50, 75, 100}
    assert {row["avgang_typ"] for row in drawn.rows["heroma_avgang"]} == {"EGEN", "PENSION", "OMPLACERING", "ANNAN"}
    assert {row["extern"] for row in drawn.rows["heroma_avgang"]} == {0, 1}
    columns = {name: table.column_names for name, table in drawn.tables.items()}
    assert columns["heroma_avgang"][-1] == "alder"
    assert all(table.column("period").type == pa.date32() for table in drawn.tables.values())


def test_the_same_seed_draws_the_same_staff() -> None:
    period = Period(2021, 8)
    first, second, other = (
        draw_staff(np.random.default_rng(seed), units_of(0), targets_of(PUBLISHED, period), period)
        for seed in (9, 9, 10)
    )
    assert all(first[name].equals(second[name]) for name in first)
    assert not first["heroma_franvaro"].equals(other["heroma_franvaro"])


@pytest.mark.parametrize(
    ("changed", "measure"),
    [
        ({("sick_leave", "T", 0): "9.8"}, "sick_leave"),
        ({("full_time_share", "T", 0): "50.0"}, "full_time_share"),
        ({("full_time_share", "T", 0): "68.0", ("sick_leave", "T", 0): "9.5"}, "sick_leave"),
        ({("pension_age", "T", 0): "64.4"}, "pension_age"),
        ({("permanent_headcount", "T", 0): "30", ("permanent_headcount", "T", -1): "30"}, "external_turnover"),
    ],
)
def test_figures_that_contradict_each_other_are_refused_by_name(changed: Published, measure: str) -> None:
    period = Period(2021, 1) if measure == "external_turnover" else Period(2021, 8)
    with pytest.raises(Refusal, match=measure):
        draw_staff(np.random.default_rng(1), units_of(0), targets_of({**PUBLISHED, **changed}, period), period)


def test_a_total_that_men_and_women_only_just_allow_comes_out() -> None:
    published = {**PUBLISHED, ("pension_age", "T", 0): "64.5", ("pension_age", "K", 0): "64.4"}
    period = Period(2021, 8)
    tables = draw_staff(np.random.default_rng(2), units_of(0), targets_of(published, period), period)
    drawn = Drawn(published, period, tables, {"heroma_avgang": tables["heroma_avgang"].to_pylist()})
    assert [printed(pension_age(drawn, sex, 0), 1) for sex in "TKM"] == ["64.5", "64.4", "67.0"]
