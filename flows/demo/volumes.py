"""Care statistics and meals by unit and month, drawn and then brought to the published sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.domain.period import Period
from flows.errors import Refusal

#: Kinds of home care and their part of the hours.
_HOME_CARE = (("Omvårdnad", 0.60), ("Service", 0.20), ("Ledsagning", 0.06), ("Nattinsats", 0.14))
#: Meals follow the schools and the summer.
_MEAL_SEASON = np.array([1.05, 0.98, 1.06, 1.0, 1.02, 0.9, 0.7, 0.95, 1.06, 1.06, 1.06, 1.0])
_CARE_SEASON = np.array([1.01, 1.0, 1.0, 1.0, 1.0, 0.99, 0.97, 0.98, 1.0, 1.01, 1.01, 1.02])
#: Hours, days and portions of an average unit and day where no target says.
_USUAL_PER_DAY = {"home_care_hours": 70.0, "care_days": 45.0, "assistance_hours": 80.0, "meals": 3300.0}


@dataclass(frozen=True, slots=True)
class Volumes:
    """Extract → rows with `period`; months that were never delivered are left out and stand in `missing`."""

    tables: Mapping[str, pa.Table]
    missing: Mapping[str, tuple[Period, ...]]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The months that are delivered; `window` is 0 January…period of the year before, 1 its rest, 2 the closed year."""

    months: tuple[Period, ...]
    window: np.ndarray
    days: np.ndarray
    at_hand: tuple[Period, ...]

    def column(self, rows_per_month: int) -> pa.Array:
        first_days = np.array([month.first_day for month in self.months], dtype="datetime64[D]")
        return pa.array(np.repeat(first_days, rows_per_month))


def draw_volumes(random: np.random.Generator, units: Units, targets: Targets) -> Volumes:
    """The four monthly extracts of volumes from January of the year before to the period."""
    missing = {
        "treserva_hemtjanst": _missing(targets, "home_care_hours"),
        "treserva_boende": _missing(targets, "care_days"),
        "treserva_assistans": _missing(targets, "assistance_hours_sfb", "assistance_hours_lss"),
        "kost_maltider": _missing(targets, "meals"),
    }
    calendars = {extract: _calendar(targets.period, months) for extract, months in missing.items()}
    tables = {
        "treserva_hemtjanst": _home_care(random, units, targets, calendars["treserva_hemtjanst"]),
        "treserva_boende": _housing(random, units, targets, calendars["treserva_boende"]),
        "treserva_assistans": _assistance(random, units, targets, calendars["treserva_assistans"]),
        "kost_maltider": _meals(random, units, targets, calendars["kost_maltider"]),
    }
    return Volumes(tables, {extract: months for extract, months in missing.items() if months})


def _missing(targets: Targets, *measures: str) -> tuple[Period, ...]:
    """The months that an extract lacks; measures of one extract lack the same ones."""
    of_measure = {}
    for measure in measures:
        published = [targets.figure(measure, year_offset=offset) for offset in (-1, 0)]
        if any(published):
            of_measure[measure] = tuple(month for figure in published if figure for month in figure.missing_months)
    if len(set(of_measure.values())) > 1:
        raise Refusal(
            f"{' and '.join(of_measure)} come in one file, so they lack the same months.", "Let their notes agree."
        )
    return next(iter(of_measure.values()), ())


def _calendar(period: Period, missing: tuple[Period, ...]) -> _Calendar:
    months = tuple(month for month in period.year_before.january.through(period) if month not in missing)
    window = [2 if month.year == period.year else int(month > period.year_before) for month in months]
    if {0, 2} - set(window):
        raise Refusal("A volume is estimated from no month at all.", "Leave at least one month of the year at hand.")
    return _Calendar(months, np.array(window), np.array([month.days for month in months], dtype=float), months)


def _brought(raw: np.ndarray, targets: Targets, measure: str, calendar: _Calendar, per_unit: int) -> np.ndarray:
    """Raw amounts (month first) as whole `1/per_unit` parts; each window sums to its target, or keeps the raw level."""
    group = np.broadcast_to(calendar.window.reshape(-1, *([1] * (raw.ndim - 1))), raw.shape).ravel()
    sums = np.bincount(group, weights=raw.ravel(), minlength=3)
    wanted: dict[int, float] = {}
    for window, offset in ((2, 0), (0, -1)):
        figure = targets.figure(measure, year_offset=offset)
        if figure is not None:
            at_hand = int((calendar.window == window).sum())
            part = figure.value * per_unit * at_hand / targets.period.month
            whole = part.to_integral_value(ROUND_HALF_UP)
            if abs(whole * targets.period.month / at_hand / per_unit - figure.value) >= figure.half_step:
                raise Refusal(f"No count of {at_hand} months makes the estimate of {measure}.", "Correct the target.")
            wanted[window] = float(whole)
    known = [wanted[window] / sums[window] for window in (2, 0) if window in wanted and sums[window]]
    level = known[0] if known else float(per_unit)
    totals = np.array([wanted.get(window, float(np.rint(sums[window] * level))) for window in range(3)])
    return apportion(raw.ravel(), group, totals).reshape(raw.shape)


def _raw(
    random: np.random.Generator, size: np.ndarray, calendar: _Calendar, season: np.ndarray, per_day: float
) -> np.ndarray:
    """Month × unit (× kind): per day × days × size × season × chance."""
    of_month = calendar.days * season[[month.month - 1 for month in calendar.months]]
    shape = (len(calendar.months), *size.shape)
    chance = random.lognormal(0.0, 0.04, shape)
    return per_day * of_month.reshape(-1, *([1] * size.ndim)) * (size / size.mean())[None] * chance


def _home_care(random: np.random.Generator, units: Units, targets: Targets, calendar: _Calendar) -> pa.Table:
    place = _units_of(units, "HEMTJANST")
    part = np.array([share for _, share in _HOME_CARE])
    size = units.turnover_weight[place][:, None] * part[None, :]
    per_day = _USUAL_PER_DAY["home_care_hours"] / len(part)
    raw = _raw(random, size, calendar, _CARE_SEASON, per_day)
    performed = _brought(raw, targets, "home_care_hours", calendar, 100)
    planned = np.rint(performed * random.normal(1.03, 0.01, performed.shape)).astype(np.int64)
    granted = np.rint(planned * random.normal(1.06, 0.02, performed.shape)).astype(np.int64)
    charged = np.rint(performed * random.normal(0.91, 0.02, performed.shape)).astype(np.int64)
    clients = np.maximum(1, np.rint(performed / 100 / random.normal(24, 2, performed.shape))).astype(np.int64)
    months = len(calendar.months)
    return pa.table(
        {
            "period": calendar.column(len(place) * len(part)),
            "enhet_kod": np.tile(np.repeat(units.unit_code[place], len(part)), months),
            "omrade": np.tile(np.repeat(units.district[place], len(part)), months),
            "insats": np.tile([name for name, _ in _HOME_CARE], months * len(place)),
            "beviljade_timmar": hundredths(granted),
            "planerade_timmar": hundredths(planned),
            "utforda_timmar": hundredths(performed),
            "debiterbara_timmar": hundredths(charged),
            "brukare_antal": clients.ravel(),
            "status": np.full(performed.size, "DEF"),
        }
    )


def _housing(random: np.random.Generator, units: Units, targets: Targets, calendar: _Calendar) -> pa.Table:
    """Nursing homes; the last two are short-term. The last month is preliminary, as the system delivers it."""
    place = _units_of(units, "VARDBOENDE")
    raw = _raw(random, units.turnover_weight[place], calendar, _CARE_SEASON, _USUAL_PER_DAY["care_days"])
    occupied = _brought(raw, targets, "care_days", calendar, 1)
    # Room for the fullest month, and a little more: no unit is ever fuller than its places.
    places = np.ceil((occupied / calendar.days[:, None]).max(axis=0) * 1.02).astype(np.int64)
    forms = np.where(np.arange(len(place)) < max(1, len(place) - 2), "VARDBOENDE", "KORTTID")
    months = len(calendar.months)
    is_last = np.repeat(np.array([month == targets.period for month in calendar.months]), len(place))
    return pa.table(
        {
            "period": calendar.column(len(place)),
            "enhet_kod": np.tile(units.unit_code[place], months),
            "boendeform": np.tile(forms, months),
            "platser": np.tile(places, months),
            "belagda_dygn": occupied.ravel(),
            "status": np.where(is_last, "PREL", "DEF"),
        }
    )


def _assistance(random: np.random.Generator, units: Units, targets: Targets, calendar: _Calendar) -> pa.Table:
    place = _units_of(units, "ASSISTANS")
    hours = []
    for measure, part in (("assistance_hours_sfb", 0.73), ("assistance_hours_lss", 0.27)):
        per_day = _USUAL_PER_DAY["assistance_hours"] * part
        raw = _raw(random, units.turnover_weight[place], calendar, _CARE_SEASON, per_day)
        hours.append(_brought(raw, targets, measure, calendar, 100))
    performed = np.stack(hours, axis=2)
    months = len(calendar.months)
    clients = np.maximum(1, np.rint(performed / 100 / random.normal(420, 20, performed.shape))).astype(np.int64)
    return pa.table(
        {
            "period": calendar.column(2 * len(place)),
            "enhet_kod": np.tile(np.repeat(units.unit_code[place], 2), months),
            "lagrum": np.tile(["SFB", "LSS"], months * len(place)),
            "timmar": hundredths(performed),
            "brukare_antal": clients.ravel(),
            "status": np.full(performed.size, "DEF"),
        }
    )


def _meals(random: np.random.Generator, units: Units, targets: Targets, calendar: _Calendar) -> pa.Table:
    place = _units_of(units, "KOST")
    raw = _raw(random, units.turnover_weight[place], calendar, _MEAL_SEASON, _USUAL_PER_DAY["meals"])
    portions = _brought(raw, targets, "meals", calendar, 1)
    return pa.table(
        {
            "period": calendar.column(len(place)),
            "enhet_kod": np.tile(units.unit_code[place], len(calendar.months)),
            "portioner": portions.ravel(),
        }
    )


def _units_of(units: Units, activity_type: str) -> np.ndarray:
    place = units.of_type(activity_type)
    if not len(place):
        raise Refusal(f"No unit does {activity_type}.", "Give an area such units in enheter.csv beside the targets.")
    return place


def hundredths(whole: np.ndarray) -> pa.Array:
    """Whole hundredths as decimals."""
    scaled = pa.array(whole.ravel()).cast(pa.decimal128(19, 0)).cast(pa.decimal128(21, 2))
    return pa.compute.multiply(scaled, pa.scalar(Decimal("0.01"))).cast(pa.decimal128(18, 2))
