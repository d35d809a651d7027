"""The drawn staff come to every published figure: each recomputed here from the tables, by the definitions alone."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from flows.demo.organisation import OPEN, Move, Succession, Units, draw_units, usual_groups
from flows.demo.staff import draw_staff, draw_staff_over
from flows.demo.targets import DEFAULT_TARGETS, Figure, FigureKey, StaffTargets
from flows.demo.timeline import read_timeline
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
#: What a report after a reorganisation says, with comparatives in months that the first report speaks of.
AFTERWARDS: Published = {
    ("permanent_headcount", "T", 0): "2270",
    ("permanent_headcount", "T", -1): "2539",
    ("sick_leave", "T", 0): "10.4",
    ("sick_leave", "K", 0): "10.7",
    ("sick_leave", "M", 0): "9.2",
    ("sick_leave", "T", -1): "9.8",
    ("external_turnover", "T", 0): "2.7",
    ("external_turnover", "T", -1): "2.4",
    ("full_time_share", "T", 0): "60.8",
    ("full_time_share", "K", 0): "58.0",
    ("full_time_share", "M", 0): "71.6",
    ("pension_age", "T", 0): "64.9",
    ("hourly_staff_share", "T", 0): "8.5",
}
#: A later report of the same year, whose first months the earlier one has settled.
LATER_THAT_YEAR: Published = {
    ("permanent_headcount", "T", 0): "322",
    ("permanent_headcount", "T", -1): "301",
    ("sick_leave", "T", 0): "5.4",
    ("sick_leave", "T", -1): "6.1",
    ("external_turnover", "T", 0): "9.6",
    ("full_time_share", "T", 0): "71.9",
    ("pension_age", "T", 0): "64.8",
    ("hourly_staff_share", "T", 0): "8.9",
}
#: A later report whose comparatives begin in settled months and end in those between the two.
WHOLE_YEAR: Published = {
    ("permanent_headcount", "T", 0): "2580",
    ("permanent_headcount", "T", -1): "2561",
    ("sick_leave", "T", 0): "8.8",
    ("sick_leave", "K", 0): "9.1",
    ("sick_leave", "M", 0): "7.9",
    ("sick_leave", "T", -1): "9.2",
    ("external_turnover", "T", 0): "10.1",
    ("external_turnover", "T", -1): "10.6",
    ("full_time_share", "T", 0): "60.2",
    ("full_time_share", "T", -1): "59.4",
    ("pension_age", "K", 0): "64.6",
    ("pension_age", "M", 0): "65.4",
}
#: The reports of one organisation in their order, the seed, and whether its units change.
CASES = {
    "published": ([(PUBLISHED, Period(2021, 8))], 1, False),
    "published, another seed": ([(PUBLISHED, Period(2021, 8))], 77, False),
    "small and sparse": ([(SMALL, Period(2022, 3))], 3, False),
    "two full years": ([(BOTH_YEARS, Period(2023, 12))], 4, False),
    "one month of a leap year": ([(SMALL, Period(2024, 1))], 5, False),
    "nothing published": ([({}, Period(2021, 5))], 6, False),
    "a second report after a reorganisation": ([(PUBLISHED, Period(2021, 8)), (AFTERWARDS, Period(2022, 3))], 7, True),
    "two reports of one year": ([(SMALL, Period(2022, 4)), (LATER_THAT_YEAR, Period(2022, 10))], 8, False),
    "a whole year later": ([(PUBLISHED, Period(2021, 8)), (WHOLE_YEAR, Period(2022, 12))], 9, False),
    "three, the last without figures": (
        [(PUBLISHED, Period(2021, 8)), (AFTERWARDS, Period(2022, 3)), ({}, Period(2022, 7))],
        10,
        True,
    ),
}
MEASURES = (
    "permanent_headcount",
    "sick_leave",
    "external_turnover",
    "full_time_share",
    "pension_age",
    "hourly_staff_share",
)
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


def reorganised(units: Units) -> Units:
    """One unit moves, one is split in three and five eighths, one merges into another, one comes, an area leaves."""
    split, merged, into, leaving = 2, 5, 6, np.flatnonzero(units.area_code == "A5")
    days = {"comes": "2021-11-01", "parts": "2022-01-01"}
    added = 3

    def more(values: np.ndarray, new: list[object]) -> np.ndarray:
        return np.append(values, np.array(new, dtype=values.dtype))

    count = len(units)
    valid_to = units.valid_to.copy()
    valid_to[[split, *leaving]] = np.datetime64("2021-12-31")
    valid_to[merged] = np.datetime64("2021-10-31")
    kind, weight = units.activity_type, units.staff_weight
    return replace(
        units,
        unit_code=more(units.unit_code, ["E9001", "E9002", "E9003"]),
        unit_name=more(units.unit_name, ["Fiktiv"] * added),
        ansvar=more(units.ansvar, ["19001", "19002", "19003"]),
        area_code=more(units.area_code, ["A1", "A2", "A3"]),
        activity_type=more(kind, [kind[split], kind[split], "STOD"]),
        district=more(units.district, [""] * added),
        staff_weight=more(weight, [weight[split] * 3 / 8, weight[split] * 5 / 8, 0.03]),
        turnover_weight=more(units.turnover_weight, [0.01] * added),
        valid_from=more(units.valid_from, [days["parts"], days["parts"], days["comes"]]),
        valid_to=np.append(valid_to, np.full(added, OPEN)),
        moves=(Move(0, date(2021, 9, 1), "A2"),),
        successions=(
            Succession(split, count, Fraction(3, 8)),
            Succession(split, count + 1, Fraction(5, 8)),
            Succession(merged, into, Fraction(1)),
        ),
    )


@dataclass(frozen=True)
class Drawn:
    """One drawn organisation, its tables as rows; the last of its reports is the one that is asked about."""

    published: Published
    period: Period
    tables: dict[str, pa.Table]
    rows: dict[str, list[Row]]
    units: Units = field(default_factory=lambda: units_of(0))
    earlier: tuple[tuple[Published, Period], ...] = ()

    @property
    def first_period(self) -> Period:
        return self.earlier[0][1] if self.earlier else self.period

    def reports(self) -> list[Drawn]:
        """This organisation at each of its reports."""
        return [
            replace(self, published=published, period=period)
            for published, period in (*self.earlier, (self.published, self.period))
        ]

    def window(self, offset: int) -> tuple[date, date]:
        last = self.period if offset == 0 else self.period.year_before
        return last.january.first_day, last.last_day

    def months_of(self, offset: int) -> tuple[Period, ...]:
        return (self.period if offset == 0 else self.period.year_before).to_date()


@pytest.fixture(scope="module", params=CASES, ids=lambda name: name.replace(" ", "-"))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    reports, seed, changes = CASES[request.param]
    units = reorganised(units_of(seed)) if changes else units_of(seed)
    parts = list(draw_staff_over(np.random.default_rng(seed), units, [targets_of(*report) for report in reports]))
    tables = {name: pa.concat_tables([part[name] for part in parts]) for name in parts[0]}
    rows = {name: table.to_pylist() for name, table in tables.items()}
    return Drawn(*reports[-1], tables, rows, units, tuple(reports[:-1]))


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


def test_every_published_figure_of_every_report_comes_out(drawn: Drawn) -> None:
    for report in drawn.reports():
        came = {
            key: printed(recomputed(report, *key), len(text.partition(".")[2]))
            for key, text in report.published.items()
        }
        assert came == dict(report.published), report.period


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
    months = {month.first_day for month in drawn.first_period.year_before.january.through(drawn.period)}
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


# A period after the first -----------------------------------------------------------------------------------------


def unit_is_there(drawn: Drawn, code: str, day: date) -> bool:
    (place,) = np.flatnonzero(drawn.units.unit_code == code)
    return bool(drawn.units.in_force_on(day)[place])


def test_nobody_works_in_a_unit_that_is_not_there(drawn: Drawn) -> None:
    for name in ("heroma_anstallning", "heroma_arbetstid"):
        named = {(row["enhet_kod"], row["period"]) for row in drawn.rows[name]}
        assert {unit for unit in named if not unit_is_there(drawn, *unit)} == set(), name
    left = {(row["enhet_kod"], row["avgang_datum"]) for row in drawn.rows["heroma_avgang"]}
    assert {unit for unit in left if not unit_is_there(drawn, *unit)} == set()


def test_the_demos_own_reports_come_out_and_name_units_that_are_there() -> None:
    timeline = read_timeline(DEFAULT_TARGETS.parent)
    units = timeline.draw_units(np.random.default_rng([1, 0]))
    targets = [closing.staff() for closing in timeline.closings]
    parts = list(draw_staff_over(np.random.default_rng([1, 2]), units, targets))
    tables = {name: pa.concat_tables([part[name] for part in parts]) for name in parts[0]}
    rows = {name: table.to_pylist() for name, table in tables.items()}
    asked = 0
    for of_period in targets:
        drawn = Drawn({}, of_period.period, tables, rows, units)
        for key, figure in of_period.figures.items():
            if key.subject_id in MEASURES and (key.area_code, key.quantity) == ("", "actual"):
                came = recomputed(drawn, key.subject_id, key.sex, key.year_offset)
                came /= 1 if key.subject_id in IN_WHOLE_NUMBERS else 100
                assert Fraction(figure.low) <= came < Fraction(figure.high), (of_period.period, key)
                asked += 1
    assert asked >= 20
    named = {
        (row["enhet_kod"], row["period"]) for name in ("heroma_anstallning", "heroma_arbetstid") for row in rows[name]
    }
    assert {unit for unit in named if not unit_is_there(drawn, *unit)} == set()


def test_every_employment_goes_on_until_it_ends(drawn: Drawn) -> None:
    rows = drawn.rows["heroma_anstallning"]
    there = {(row["anst_id"], row["period"]) for row in rows}
    same: dict[str, tuple[object, ...]] = {}
    for row in rows:
        following = Period.of(row["period"]).plus(1)
        if (row["anst_tom"] is None or row["anst_tom"] >= following.first_day) and following <= drawn.period:
            assert (row["anst_id"], following.first_day) in there
        lasting = (row["anst_from"], row["anst_form"], row["kon"], row["fodelsedatum"])
        assert same.setdefault(row["anst_id"], lasting) == lasting


def test_a_person_has_one_main_employment_and_two_at_most(drawn: Drawn) -> None:
    person = person_of(drawn)
    for month in drawn.first_period.year_before.january.through(drawn.period):
        held = Counter(
            person[row["anst_id"]]
            for row in rows_of_month(drawn.rows["heroma_anstallning"], month)
            if row["anst_form"] == "TV" and in_force(row, month.last_day)
        )
        assert max(held.values()) <= 2
        assert sum(count == 2 for count in held.values()) <= 0.03 * len(held) + 10


@pytest.fixture(scope="module")
def reorganisation() -> Drawn:
    """The figures before and after units have moved, split, merged, come and left."""
    reports = [(PUBLISHED, Period(2021, 8)), (AFTERWARDS, Period(2022, 3))]
    units = reorganised(units_of(21))
    parts = list(draw_staff_over(np.random.default_rng(21), units, [targets_of(*report) for report in reports]))
    tables = {name: pa.concat_tables([part[name] for part in parts]) for name in parts[0]}
    return Drawn(*reports[1], tables, {name: table.to_pylist() for name, table in tables.items()}, units, (reports[0],))


def unit_of_employment(drawn: Drawn, month: Period) -> dict[str, str]:
    return {row["anst_id"]: row["enhet_kod"] for row in rows_of_month(drawn.rows["heroma_anstallning"], month)}


def test_a_unit_that_leaves_takes_its_employments_with_it(reorganisation: Drawn) -> None:
    last, gone = date(2021, 12, 31), set(reorganisation.units.unit_code[reorganisation.units.area_code == "A5"])
    staff = {
        row["anst_id"]
        for row in rows_of_month(reorganisation.rows["heroma_anstallning"], Period(2021, 12))
        if row["enhet_kod"] in gone and in_force(row, last)
    }
    assert len(staff) > 100
    ends = {
        row["anst_id"]: (row["avgang_typ"], row["extern"], row["anst_form"])
        for row in reorganisation.rows["heroma_avgang"]
        if row["avgang_datum"] == last and row["enhet_kod"] in gone
    }
    # Somebody may have moved to another unit with the new year.
    stayed = staff & unit_of_employment(reorganisation, Period(2022, 1)).keys()
    assert set(ends) == staff - stayed
    assert len(stayed) <= 3
    # A few leave by themselves on the same day.
    with_unit = [end for end in ends.values() if end[:2] in (("OMPLACERING", 0), ("ANNAN", 0))]
    assert len(with_unit) > 0.96 * len(ends)
    assert {form for _, _, form in with_unit} == {"TV", "VIK", "VISS", "TIM"}
    afterwards = set(unit_of_employment(reorganisation, Period(2022, 1)).values())
    assert not afterwards & gone


def test_the_staff_of_a_split_unit_are_in_its_successors_by_their_shares(reorganisation: Drawn) -> None:
    units = reorganisation.units
    before, after = (unit_of_employment(reorganisation, month) for month in (Period(2021, 12), Period(2022, 1)))
    parts = Counter(
        after[employment] for employment, unit in before.items() if unit == units.unit_code[2] and employment in after
    )
    assert set(parts) == {"E9001", "E9002"}
    assert 0.2 < parts["E9001"] / parts.total() < 0.55
    before, after = (unit_of_employment(reorganisation, month) for month in (Period(2021, 10), Period(2021, 11)))
    merged = {
        after[employment] for employment, unit in before.items() if unit == units.unit_code[5] and employment in after
    }
    assert merged == {units.unit_code[6]}


def test_a_unit_that_comes_brings_its_staff(reorganisation: Drawn) -> None:
    came = [
        row
        for row in rows_of_month(reorganisation.rows["heroma_anstallning"], Period(2021, 11))
        if row["enhet_kod"] == "E9003"
    ]
    first = [row for row in came if row["anst_from"] == date(2021, 11, 1)]
    assert len(first) > 0.8 * len(came)
    assert sum(row["anst_form"] == "TV" for row in first) == pytest.approx(0.03 * 2556, rel=0.1)
    heads = [permanent_headcount(reorganisation, month) for month in Period(2021, 8).through(Period(2022, 1))]
    assert heads[3] - heads[2] > 40
    assert heads[5] - heads[4] < -200


def test_nobody_is_born_again_and_absence_goes_on_over_the_reports_end(reorganisation: Drawn) -> None:
    before, after = (unit_of_employment(reorganisation, month) for month in (Period(2021, 8), Period(2021, 9)))
    assert len(before.keys() & after.keys()) > 0.93 * len(before)
    august, september = (
        {
            (row["anst_id"], row["from"])
            for row in rows_of_month(reorganisation.rows["heroma_franvaro"], month)
            if row["orsak_kod"] == "SJK" and (row["tom"] is None or row["tom"] > date(2021, 8, 31))
        }
        for month in (Period(2021, 8), Period(2021, 9))
    )
    employed = {employment for employment, _ in september | august if employment in after}
    assert len(august) > 50
    assert {spell for spell in august if spell[0] in employed} <= september


def test_what_a_report_was_drawn_to_does_not_depend_on_later_figures() -> None:
    period, later = Period(2021, 8), {key: text for key, text in AFTERWARDS.items() if key[2] == 0}
    alone = draw_staff(np.random.default_rng(3), units_of(3), targets_of(PUBLISHED, period), period)
    both = draw_staff_over(
        np.random.default_rng(3), units_of(3), [targets_of(PUBLISHED, period), targets_of(later, Period(2022, 3))]
    )
    first, second = both
    assert all(alone[name].equals(first[name]) for name in alone)
    again = list(
        draw_staff_over(
            np.random.default_rng(3), units_of(3), [targets_of(PUBLISHED, period), targets_of(later, Period(2022, 3))]
        )
    )[1]
    assert all(second[name].equals(again[name]) for name in second)


@pytest.mark.parametrize(
    ("comparative", "named"),
    [
        ({("full_time_share", "M", -1): "60.0"}, r"full_time_share \(M, 2021-03\)"),
        ({("pension_age", "T", -1): "63.0"}, r"pension_age \(T, 2021-03\)"),
        ({("sick_leave", "T", -1): "31.0", ("sick_leave", "T", 0): "10.4"}, "sick_leave"),
        ({("sick_leave", "T", 0): "0.5"}, "sick_leave"),
    ],
)
def test_a_later_figure_that_settled_months_do_not_give_is_refused_by_name(comparative: Published, named: str) -> None:
    reports = [(PUBLISHED, Period(2021, 8)), (comparative, Period(2022, 3))]
    with pytest.raises(Refusal, match=named):
        list(draw_staff_over(np.random.default_rng(4), units_of(4), [targets_of(*report) for report in reports]))
