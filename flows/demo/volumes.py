"""Care statistics and meals by unit and month, drawn and then brought to the published sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.timeline import Timeline
from flows.demo.volume_windows import known_windows
from flows.domain.period import Period
from flows.errors import Refusal

#: Kinds of home care and their part of the hours.
_HOME_CARE = (("Omvårdnad", 0.60), ("Service", 0.20), ("Ledsagning", 0.06), ("Nattinsats", 0.14))
#: Meals follow the schools and the summer.
_MEAL_SEASON = np.array([1.05, 0.98, 1.06, 1.0, 1.02, 0.9, 0.7, 0.95, 1.06, 1.06, 1.06, 1.0])
CARE_SEASON = np.array([1.01, 1.0, 1.0, 1.0, 1.0, 0.99, 0.97, 0.98, 1.0, 1.01, 1.01, 1.02])
#: Hours, days and portions of an average unit and day where no target says.
_USUAL_PER_DAY = {"home_care_hours": 70.0, "care_days": 45.0, "assistance_hours": 80.0, "meals": 3300.0}


@dataclass(frozen=True, slots=True)
class Volumes:
    """Extract → rows with `period`; months that were never delivered are left out and stand in `missing`."""

    tables: Mapping[str, pa.Table]
    missing: Mapping[str, tuple[Period, ...]]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The months of an extract that are delivered, and the units of its kind that are there in each (month × unit)."""

    timeline: Timeline
    months: tuple[Period, ...]
    days: np.ndarray
    units: np.ndarray
    is_there: np.ndarray

    def table(self, rows_per_unit: int, columns: Mapping[str, np.ndarray | pa.Array]) -> pa.Table:
        """Rows of month, unit and kind as one table, without those of units that are not there."""
        first_days = np.array([month.first_day for month in self.months], dtype="datetime64[D]")
        period = pa.array(np.repeat(first_days, len(self.units) * rows_per_unit))
        rows = pa.table({"period": period, **columns})
        return rows.filter(pa.array(np.repeat(self.is_there.ravel(), rows_per_unit)))

    def of_unit(self, values: np.ndarray, rows_per_unit: int = 1) -> np.ndarray:
        """What holds of a unit, on each of its rows."""
        return np.tile(np.repeat(values[self.units], rows_per_unit), len(self.months))

    def of_kind(self, values: list[str]) -> np.ndarray:
        """What holds of a kind, on each row."""
        return np.tile(values, len(self.months) * len(self.units))


def draw_volumes(random: np.random.Generator, units: Units, timeline: Timeline) -> Volumes:
    """The four monthly extracts of volumes, from the first month of the timeline to its last."""
    missing = {
        "treserva_hemtjanst": _missing(timeline, "home_care_hours"),
        "treserva_boende": _missing(timeline, "care_days"),
        "treserva_assistans": _missing(timeline, "assistance_hours_sfb", "assistance_hours_lss"),
        "kost_maltider": _missing(timeline, "meals"),
    }
    drawn = {
        "treserva_hemtjanst": (_home_care, "HEMTJANST"),
        "treserva_boende": (_housing, "VARDBOENDE"),
        "treserva_assistans": (_assistance, "ASSISTANS"),
        "kost_maltider": (_meals, "KOST"),
    }
    # A stream an extract, and one a draw within it: what was drawn stays as it is when months are added.
    tables = {
        extract: draw(stream, units, _calendar(timeline, units, kind, missing[extract]))
        for (extract, (draw, kind)), stream in zip(drawn.items(), random.spawn(len(drawn)), strict=True)
    }
    return Volumes(tables, {extract: months for extract, months in missing.items() if months})


def _missing(timeline: Timeline, *measures: str) -> tuple[Period, ...]:
    """The months that any report was made without; measures of one extract lack the same ones."""
    of_measure: dict[str, tuple[Period, ...]] = {}
    for measure in measures:
        published = [targets.figure(measure, year_offset=offset) for targets in timeline.closings for offset in (-1, 0)]
        if any(published):
            lacked = {month for figure in published if figure for month in figure.missing_months}
            of_measure[measure] = tuple(sorted(lacked))
    if len(set(of_measure.values())) > 1:
        raise Refusal(
            f"{' and '.join(of_measure)} come in one file, so they lack the same months.", "Let their notes agree."
        )
    return next(iter(of_measure.values()), ())


def _calendar(timeline: Timeline, units: Units, activity_type: str, missing: tuple[Period, ...]) -> _Calendar:
    place = units.of_type(activity_type)
    if not len(place):
        raise Refusal(f"No unit does {activity_type}.", "Give an area such units in enheter.csv beside the targets.")
    months = tuple(month for month in timeline.months if month not in missing)
    days = np.array([month.days for month in months], dtype=float)
    return _Calendar(timeline, months, days, place, np.array([units.in_force(month)[place] for month in months]))


def _brought(raw: np.ndarray, calendar: _Calendar, measure: str, parts_per_unit: int) -> np.ndarray:
    """Raw amounts (month first) as whole parts: known windows sum to their amounts, other months keep the level."""
    windows = known_windows(calendar.timeline.closings, measure, calendar.months, parts_per_unit)
    of_month = raw.reshape(len(calendar.months), -1).sum(axis=1)
    #: The window of each month; a month that none speaks of is one of its own.
    group = np.arange(len(windows), len(windows) + len(calendar.months))
    level = np.full(len(calendar.months), np.nan)
    amounts = np.zeros(len(windows) + len(calendar.months))
    for number, window in enumerate(windows):
        inside = np.array([month in window.months for month in calendar.months])
        drawn = float(of_month[inside].sum())
        if window.amount and not drawn:
            raise Refusal(f"No unit is there for the {measure} of {min(window.months)}.", "Correct the targets.")
        group[inside] = number
        amounts[number] = window.amount
        level[inside] = window.amount / drawn if drawn else np.nan
    for place in np.flatnonzero(group >= len(windows)):
        amounts[group[place]] = np.rint(of_month[place] * _nearest(level, place, float(parts_per_unit)))
    spread = np.broadcast_to(group.reshape(-1, *([1] * (raw.ndim - 1))), raw.shape).ravel()
    return apportion(raw.ravel(), spread, amounts).reshape(raw.shape)


def _nearest(level: np.ndarray, place: int, otherwise: float) -> float:
    known = np.flatnonzero(~np.isnan(level))
    return float(level[known[np.argmin(np.abs(known - place))]]) if len(known) else otherwise


def _raw(
    random: np.random.Generator, size: np.ndarray, calendar: _Calendar, season: np.ndarray, per_day: float
) -> np.ndarray:
    """Month × unit (× kind): per day × days × size × season × chance; nothing where the unit is not there."""
    of_month = calendar.days * season[[month.month - 1 for month in calendar.months]]
    shape = (len(calendar.months), *size.shape)
    chance = random.spawn(1)[0].lognormal(0.0, 0.04, shape)
    is_there = calendar.is_there.reshape(*calendar.is_there.shape, *([1] * (size.ndim - 1)))
    return per_day * of_month.reshape(-1, *([1] * size.ndim)) * (size / size.mean())[None] * chance * is_there


def _home_care(random: np.random.Generator, units: Units, calendar: _Calendar) -> pa.Table:
    part = np.array([share for _, share in _HOME_CARE])
    size = units.turnover_weight[calendar.units][:, None] * part[None, :]
    raw = _raw(random, size, calendar, CARE_SEASON, _USUAL_PER_DAY["home_care_hours"] / len(part))
    performed = _brought(raw, calendar, "home_care_hours", 100)
    of_planned, of_granted, of_charged, of_clients = random.spawn(4)
    planned = np.rint(performed * of_planned.normal(1.03, 0.01, performed.shape)).astype(np.int64)
    granted = np.rint(planned * of_granted.normal(1.06, 0.02, performed.shape)).astype(np.int64)
    charged = np.rint(performed * of_charged.normal(0.91, 0.02, performed.shape)).astype(np.int64)
    clients = np.maximum(1, np.rint(performed / 100 / of_clients.normal(24, 2, performed.shape))).astype(np.int64)
    return calendar.table(
        len(part),
        {
            "enhet_kod": calendar.of_unit(units.unit_code, len(part)),
            "omrade": calendar.of_unit(units.district, len(part)),
            "insats": calendar.of_kind([name for name, _ in _HOME_CARE]),
            "beviljade_timmar": hundredths(granted),
            "planerade_timmar": hundredths(planned),
            "utforda_timmar": hundredths(performed),
            "debiterbara_timmar": hundredths(charged),
            "brukare_antal": clients.ravel(),
            "status": np.full(performed.size, "DEF"),
        },
    )


def _housing(random: np.random.Generator, units: Units, calendar: _Calendar) -> pa.Table:
    """Nursing homes; the last two are short-term. A month that is closed on is delivered as preliminary."""
    raw = _raw(random, units.turnover_weight[calendar.units], calendar, CARE_SEASON, _USUAL_PER_DAY["care_days"])
    occupied = _brought(raw, calendar, "care_days", 1)
    # Room for the fullest month up to the next closing, and a little more: no unit is ever fuller than its places.
    fullest = np.maximum.accumulate(occupied / calendar.days[:, None], axis=0)
    closings = [calendar.timeline.closing_of(month).period for month in calendar.months]
    last_known = [max(at for at, month in enumerate(calendar.months) if month <= closing) for closing in closings]
    places = np.ceil(fullest[last_known] * 1.02).astype(np.int64)
    count = len(calendar.units)
    forms = np.where(np.arange(count) < max(1, count - 2), "VARDBOENDE", "KORTTID")
    closed_on = {targets.period for targets in calendar.timeline.closings}
    is_closed_on = np.repeat(np.array([month in closed_on for month in calendar.months]), count)
    return calendar.table(
        1,
        {
            "enhet_kod": calendar.of_unit(units.unit_code),
            "boendeform": np.tile(forms, len(calendar.months)),
            "platser": places.ravel(),
            "belagda_dygn": occupied.ravel(),
            "status": np.where(is_closed_on, "PREL", "DEF"),
        },
    )


def _assistance(random: np.random.Generator, units: Units, calendar: _Calendar) -> pa.Table:
    hours = []
    for measure, part in (("assistance_hours_sfb", 0.73), ("assistance_hours_lss", 0.27)):
        per_day = _USUAL_PER_DAY["assistance_hours"] * part
        raw = _raw(random, units.turnover_weight[calendar.units], calendar, CARE_SEASON, per_day)
        hours.append(_brought(raw, calendar, measure, 100))
    performed = np.stack(hours, axis=2)
    clients = np.maximum(1, np.rint(performed / 100 / random.normal(420, 20, performed.shape))).astype(np.int64)
    return calendar.table(
        2,
        {
            "enhet_kod": calendar.of_unit(units.unit_code, 2),
            "lagrum": calendar.of_kind(["SFB", "LSS"]),
            "timmar": hundredths(performed),
            "brukare_antal": clients.ravel(),
            "status": np.full(performed.size, "DEF"),
        },
    )


def _meals(random: np.random.Generator, units: Units, calendar: _Calendar) -> pa.Table:
    raw = _raw(random, units.turnover_weight[calendar.units], calendar, _MEAL_SEASON, _USUAL_PER_DAY["meals"])
    portions = _brought(raw, calendar, "meals", 1)
    return calendar.table(1, {"enhet_kod": calendar.of_unit(units.unit_code), "portioner": portions.ravel()})


def hundredths(whole: np.ndarray) -> pa.Array:
    """Whole hundredths as decimals."""
    scaled = pa.array(whole.ravel()).cast(pa.decimal128(19, 0)).cast(pa.decimal128(21, 2))
    return pa.compute.multiply(scaled, pa.scalar(Decimal("0.01"))).cast(pa.decimal128(18, 2))
