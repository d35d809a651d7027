"""The drawn organisation behaves as declared: each distribution, by name, tested on the delivered rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from flows.demo import absence_sickness, shift_patterns, staff_hours, staff_persons
from flows.demo.organisation import Units, draw_units, usual_groups
from flows.demo.shifts import draw_shifts, hours_worked
from flows.demo.staff import draw_staff, draw_staff_over
from flows.demo.staff_months import day_weights
from flows.demo.targets import StaffTargets
from flows.domain.period import Period

PERIOD = Period(2021, 8)
FIRST, LAST = PERIOD.year_before.january.first_day, PERIOD.last_day
#: A true draw fails one of these once in a thousand times; the seeds are fixed, so that none of them does by chance.
UNLIKELY = 0.001


@dataclass(frozen=True)
class Organisation:
    """Staff that nobody has published anything of, and their shifts."""

    units: Units
    employments: list[dict[str, object]]
    absence: list[dict[str, object]]
    working_time: list[dict[str, object]]
    leavers: list[dict[str, object]]
    shifts: pa.Table

    def lasting(self) -> set[str]:
        """Permanent employments that last from before the first month and have no known end."""
        rows = [row for row in self.employments if row["anst_form"] == "TV" and row["anst_from"] < FIRST]
        return {row["anst_id"] for row in rows if row["period"] == PERIOD.first_day and row["anst_tom"] is None}

    def sick_spells(self) -> list[tuple[str, date, date]]:
        """Employment, first and last day of each spell: segments that follow day on day are one."""
        last_known: dict[tuple[str, date], date] = {}
        for row in sorted(self.absence, key=lambda row: row["period"]):
            if row["orsak_kod"] == "SJK":
                last_known[row["anst_id"], row["from"]] = row["tom"] or date.max
        spells: list[tuple[str, date, date]] = []
        for (employment, first), last in sorted(last_known.items()):
            if spells and spells[-1][0] == employment and spells[-1][2] == first - timedelta(1):
                spells[-1] = (employment, spells[-1][1], last)
            else:
                spells.append((employment, first, last))
        return spells


@pytest.fixture(scope="module", params=[11, 12])
def organisation(request: pytest.FixtureRequest) -> Organisation:
    random = np.random.default_rng(request.param)
    areas = ["A1", "A2", "A3", "A4"]
    units = draw_units(random, areas, usual_groups(areas))
    staff = draw_staff(random, units, StaffTargets(PERIOD), PERIOD)
    hours = {key: value for key, value in hours_worked(staff["heroma_arbetstid"], units).items() if key[1].year == 2021}
    return Organisation(
        units,
        staff["heroma_anstallning"].to_pylist(),
        staff["heroma_franvaro"].to_pylist(),
        staff["heroma_arbetstid"].to_pylist(),
        staff["heroma_avgang"].to_pylist(),
        draw_shifts(random, units, hours),
    )


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def assert_counts(observed: np.ndarray, expected_shares: np.ndarray) -> None:
    """Pearson's chi² of counts against shares."""
    expected = expected_shares / expected_shares.sum() * observed.sum()
    assert stats.chisquare(observed, expected).pvalue > UNLIKELY, (observed, expected.round(1))


def test_spell_lengths_are_the_declared_mixture_of_lognormals(organisation: Organisation) -> None:
    # Early enough that nearly every spell has ended, of employments whose end cuts none of them.
    lasting = organisation.lasting()
    until = FIRST + timedelta(200)
    days = [
        (last - first).days + 1 if last < date.max else absence_sickness.LONGEST
        for employment, first, last in organisation.sick_spells()
        if employment in lasting and FIRST <= first < until
    ]
    edges = np.array([1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 60, 90, 150, 300])
    cumulative = sum(
        share * stats.norm.cdf((np.log(edges) - np.log(median)) / deviation)
        for share, median, deviation in absence_sickness.LENGTHS
    )
    observed = np.histogram(days, bins=[0.5, *(edges + 0.5), 10_000])[0]
    assert_counts(observed, np.diff([0.0, *cumulative, 1.0]))


def test_long_spells_carry_a_large_part_of_sick_hours(organisation: Organisation) -> None:
    days = np.array([(min(last, LAST) - max(first, FIRST)).days + 1 for _, first, last in organisation.sick_spells()])
    share = days[days >= 60].sum() / days.sum()
    assert 0.25 < share < 0.6
    assert {row["omfattning"] for row in organisation.absence if row["orsak_kod"] == "SJK"} == {25, 50, 75, 100}


def test_sick_spells_begin_by_the_declared_weekdays(organisation: Organisation) -> None:
    begun = [first for _, first, _ in organisation.sick_spells() if FIRST <= first <= LAST]
    weights = day_weights(day_number(FIRST), day_number(LAST), absence_sickness.SEASON, absence_sickness.WEEKDAYS)
    weekday = (np.arange(day_number(FIRST), day_number(LAST) + 1) + 3) % 7
    observed = np.bincount([day.weekday() for day in begun], minlength=7)
    assert_counts(observed, np.bincount(weekday, weights=weights))


@pytest.mark.parametrize("year", [2020, 2021])
def test_sick_spells_begin_by_the_declared_season(organisation: Organisation, year: int) -> None:
    first, last = date(year, 1, 1), date(year, 8, 31)
    begun = [day for _, day, _ in organisation.sick_spells() if first <= day <= last]
    weights = day_weights(day_number(first), day_number(last), absence_sickness.SEASON, absence_sickness.WEEKDAYS)
    month = np.array([(first + timedelta(days)).month for days in range((last - first).days + 1)])
    observed = np.bincount([day.month for day in begun], minlength=9)[1:]
    assert_counts(observed, np.bincount(month, weights=weights)[1:])
    assert observed[:3].sum() > 1.4 * observed[4:7].sum()


def test_ages_of_the_permanent_are_the_declared_beta(organisation: Organisation) -> None:
    retired = {row["anst_id"] for row in organisation.leavers if row["avgang_typ"] == "PENSION"}
    births = {
        row["personnummer"]: row["fodelsedatum"]
        for row in organisation.employments
        if row["period"] == FIRST and row["anst_form"] == "TV" and row["anst_from"] < FIRST
        if row["anst_id"] not in retired
    }
    ages = [(FIRST - birth).days / 365.25 for birth in births.values()]
    low, span, a, b = staff_persons.AGE_OF_PERMANENT
    assert len(ages) > 2000
    assert stats.kstest(ages, stats.beta(a, b, loc=low, scale=span).cdf).pvalue > UNLIKELY


def test_pension_ages_lie_about_their_mean(organisation: Organisation) -> None:
    ages = [float(row["alder"]) for row in organisation.leavers if row["avgang_typ"] == "PENSION"]
    assert len(ages) > 50
    assert stats.shapiro(ages).pvalue > UNLIKELY
    assert 1.0 < np.std(ages) < 2.0


def test_units_have_staff_by_their_weight(organisation: Organisation) -> None:
    counted = Counter(
        row["enhet_kod"] for row in organisation.employments if row["period"] == FIRST and row["anst_form"] == "TV"
    )
    observed = np.array([counted[code] for code in organisation.units.unit_code.tolist()])
    assert_counts(observed, organisation.units.staff_weight)


def test_hourly_staff_work_by_the_declared_gamma(organisation: Organisation) -> None:
    form = {row["anst_id"]: row for row in organisation.employments if row["period"] == date(2021, 2, 1)}
    hours = np.array(
        [
            float(row["timlon_timmar"])
            for row in organisation.working_time
            if row["period"] == date(2021, 2, 1)
            and row["timlon_timmar"] > 0
            and form[row["anst_id"]]["anst_from"] < date(2021, 2, 1)
            and (form[row["anst_id"]]["anst_tom"] or LAST) > date(2021, 2, 28)
        ]
    )
    mean = staff_hours.HOURLY_MEAN * staff_hours.HOURLY_SEASON[1]
    # Written in quarters rounded up: half a quarter off at most one way.
    gamma = stats.gamma(staff_hours.HOURLY_SHAPE, scale=mean / staff_hours.HOURLY_SHAPE)
    assert len(hours) > 400
    assert stats.kstest(hours - 0.125, gamma.cdf).pvalue > UNLIKELY


def test_hourly_staff_work_most_in_summer(organisation: Organisation) -> None:
    by_month: Counter[int] = Counter()
    for row in organisation.working_time:
        if row["period"].year == 2020:
            by_month[row["period"].month] += row["timlon_timmar"]
    assert by_month[7] == max(by_month.values())
    assert 2 * by_month[7] > 3 * by_month[2]


@pytest.mark.parametrize("kind", shift_patterns.CARE_TYPES)
def test_shifts_lie_over_the_week_as_declared(organisation: Organisation, kind: str) -> None:
    days = of_kind(organisation, kind, "datum").astype("datetime64[D]").astype(np.int64)
    observed = np.bincount((days + 3) % 7, minlength=7)
    # Each month's hours are given, so that each month is a draw of its own.
    expected = np.zeros(7)
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    for each in np.unique(month):
        calendar = np.arange(each.astype("datetime64[D]"), (each + 1).astype("datetime64[D]")).astype(np.int64)
        weights = np.bincount(
            (calendar + 3) % 7, weights=shift_patterns.WEEKDAYS[kind][(calendar + 3) % 7], minlength=7
        )
        expected += weights / weights.sum() * (month == each).sum()
    open_days = expected > 0
    assert observed[~open_days].sum() == 0
    assert_counts(observed[open_days], expected[open_days])


@pytest.mark.parametrize("kind", shift_patterns.CARE_TYPES)
def test_shift_lengths_are_the_declared_mixture(organisation: Organisation, kind: str) -> None:
    net = np.rint(of_kind(organisation, kind, "planerade_timmar").astype(float) * 60).astype(np.int64)
    changes = np.isin(of_kind(organisation, kind, "datum").astype("datetime64[D]"), np.array(["2021-03-27"], "M8[D]"))
    shares: dict[int, float] = {}
    for share, pattern in zip(shift_patterns.MIX[kind], shift_patterns.PATTERNS, strict=True):
        lengths = range(pattern.length[0], pattern.length[1] + 1, 15)
        for length in lengths:
            shares[length - pattern.rest] = shares.get(length - pattern.rest, 0) + share / len(lengths)
    possible = sorted(length for length, share in shares.items() if share > 0)
    counted = Counter(net[~changes].tolist())
    assert set(counted) <= set(possible)
    assert_counts(np.array([counted[length] for length in possible]), np.array([shares[length] for length in possible]))


def test_shifts_are_staffed_as_declared(organisation: Organisation) -> None:
    staffed = Counter(organisation.shifts.column("bemannad_av").to_pylist())
    vacant = shift_patterns.VACANT_SHARE
    observed = np.array([staffed[None], *(staffed[word] for word in shift_patterns.STAFFED_BY)])
    assert_counts(observed, np.array([vacant, *((1 - vacant) * shift_patterns.STAFFED_SHARES)]))


def of_kind(organisation: Organisation, kind: str, column: str) -> np.ndarray:
    """A column of the shifts of one kind of unit."""
    codes = organisation.units.unit_code[organisation.units.of_type(kind)]
    which = np.isin(organisation.shifts.column("enhet_kod").to_numpy(zero_copy_only=False).astype(str), codes)
    return organisation.shifts.column(column).to_numpy(zero_copy_only=False)[which]


# After a report the organisation lives on ---------------------------------------------------------------------------

LATER = Period(2022, 8)


@pytest.fixture(scope="module")
def lived_on() -> Organisation:
    """The same organisation a year after its first report, of which nothing was published either."""
    random = np.random.default_rng(13)
    areas = ["A1", "A2", "A3", "A4"]
    units = draw_units(random, areas, usual_groups(areas))
    parts = list(draw_staff_over(random, units, [StaffTargets(PERIOD), StaffTargets(LATER)]))
    hours = hours_worked(parts[1]["heroma_arbetstid"], units)
    shifts = draw_shifts(random, units, {key: value for key, value in hours.items() if key[1] == LATER})
    rows = {name: [row for part in parts for row in part[name].to_pylist()] for name in parts[0]}
    return Organisation(
        units,
        rows["heroma_anstallning"],
        rows["heroma_franvaro"],
        rows["heroma_arbetstid"],
        rows["heroma_avgang"],
        shifts,
    )


def test_sick_spells_begin_by_weekday_and_season_after_a_report(lived_on: Organisation) -> None:
    first, last = LAST + timedelta(1), LATER.last_day
    begun = [day for _, day, _ in lived_on.sick_spells() if first <= day <= last]
    weights = day_weights(day_number(first), day_number(last), absence_sickness.SEASON, absence_sickness.WEEKDAYS)
    days = np.arange(day_number(first), day_number(last) + 1)
    assert_counts(np.bincount([day.weekday() for day in begun], minlength=7), np.bincount((days + 3) % 7, weights))
    # A stretch that reaches its sum has its own level: the season is tested within January…August.
    of_year = [day for day in begun if day.year == LATER.year]
    in_year = days >= day_number(date(LATER.year, 1, 1))
    month = days[in_year].astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    assert_counts(
        np.bincount([day.month - 1 for day in of_year], minlength=8), np.bincount(month, weights[in_year], minlength=8)
    )


def test_leave_and_hourly_work_have_their_seasons_after_a_report(lived_on: Organisation) -> None:
    leave: Counter[date] = Counter()
    for row in lived_on.absence:
        if row["orsak_kod"] != "SJK":
            leave[row["period"]] += row["timmar_period"]
    hourly: Counter[date] = Counter()
    for row in lived_on.working_time:
        hourly[row["period"]] += row["timlon_timmar"]
    for month in PERIOD.plus(1).through(LATER):
        before = month.year_before.first_day
        assert 0.75 < leave[month.first_day] / leave[before] < 1.33, month
        assert 0.75 < hourly[month.first_day] / hourly[before] < 1.33, month


def test_units_keep_their_weight_and_pensioners_their_age_after_a_report(lived_on: Organisation) -> None:
    counted = Counter(
        row["enhet_kod"]
        for row in lived_on.employments
        if row["period"] == LATER.first_day and row["anst_form"] == "TV" and row["anst_from"] > LAST
    )
    observed = np.array([counted[code] for code in lived_on.units.unit_code.tolist()])
    assert observed.sum() > 100
    assert_counts(observed, lived_on.units.staff_weight)
    ages = [
        float(row["alder"]) for row in lived_on.leavers if row["avgang_typ"] == "PENSION" and row["avgang_datum"] > LAST
    ]
    assert len(ages) > 40
    assert min(ages) > 60
    assert max(ages) < 70
    assert 63 < np.mean(ages) < 66.5
