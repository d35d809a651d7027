"""The shifts of the care units, as TimeCare delivers them: as many as the hours that the units worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.shift_patterns import (
    CARE_TYPES,
    MIX,
    PATTERNS,
    PERFORMED,
    STAFFED_BY,
    STAFFED_SHARES,
    VACANT_SHARE,
    WEEKDAYS,
)
from flows.demo.staff_columns import days, decimals, flags, words
from flows.domain.period import Period
from flows.errors import Refusal

#: Who lives by the clock that changes.
ZONE = ZoneInfo("Europe/Stockholm")
#: A quarter is the finest step of a schedule; three minutes are the finest whole hundredths of an hour.
QUARTER, FINEST = 15, 3
#: Shorter than this there is no break.
BREAK_FROM = 330
#: The longest shift that is moved from the hour that the clock skips or repeats.
_SMALL = 330

UnitHours = Mapping[tuple[str, Period], Decimal]


@dataclass(frozen=True, slots=True)
class _UnitMonths:
    """One unit and month an index; `hours` are those to be performed, in hundredths."""

    unit: np.ndarray
    month: np.ndarray
    hours: np.ndarray


def hours_worked(working_time: pa.Table, units: Units) -> dict[tuple[str, Period], Decimal]:
    """Hours worked by care unit and month, from heroma_arbetstid."""
    care = set(units.unit_code[np.isin(units.activity_type, CARE_TYPES)].tolist())
    summed = working_time.group_by(["enhet_kod", "period"], use_threads=False).aggregate([("arbetade_timmar", "sum")])
    return {
        (unit, Period.of(month)): hours
        for unit, month, hours in zip(*(summed.column(name).to_pylist() for name in summed.column_names), strict=True)
        if unit in care
    }


def draw_shifts(random: np.random.Generator, units: Units, hours: UnitHours, scale: int = 1) -> pa.Table:
    """timecare_pass for the given units and months: performed hours of each come to the given hours, to the hundredth.

    `scale` draws so many times as many shifts, each so many times shorter. Raises Refusal for a unit without shifts.
    """
    asked = _unit_months(units, hours)
    months = sorted({month for _, month in hours})
    kinds = [kind for kind in CARE_TYPES if (units.activity_type[asked.unit] == kind).any()]
    drawn = [_draw_kind(random, units, asked, months, kind, scale) for kind in kinds]
    index, day, start, elapsed, rest = (np.concatenate(columns) for columns in zip(*drawn, strict=True))
    order = np.argsort((index * 40_000 + day) * 1440 + start, kind="stable")
    index, day, start, elapsed, rest = (column[order] for column in (index, day, start, elapsed, rest))
    start, end = _around_clock_changes(months, day, start, elapsed)

    minutes = elapsed - rest
    planned = minutes * 100 // 60
    count = len(index)
    vacant = random.random(count) < VACANT_SHARE
    raw = np.where(vacant, 0.0, planned * np.maximum(random.normal(*PERFORMED, count), 0.5))
    # Somebody works wherever hours are asked for.
    for unit_month in np.flatnonzero(np.bincount(index, weights=raw, minlength=len(asked.hours)) == 0):
        of_month = np.flatnonzero(index == unit_month)
        vacant[of_month], raw[of_month] = False, planned[of_month]
    performed = apportion(raw, index, asked.hours)
    staffed = np.searchsorted(np.cumsum(STAFFED_SHARES), random.random(count), side="right").clip(
        0, len(STAFFED_BY) - 1
    )
    month_number = np.array([month.year * 100 + month.month for month in months])[asked.month[index]]
    return pa.table(
        {
            "period": days(_first_days(months)[asked.month[index]]),
            "pass_id": _shift_ids(month_number),
            "enhet_kod": words(asked.unit[index], units.unit_code),
            "datum": days(day),
            "start": _clock(start),
            "slut": _clock(end),
            "rast_min": pa.array(rest.astype(np.int32)),
            "planerade_timmar": decimals(planned, 2),
            "utforda_timmar": decimals(performed, 2),
            "bemannad_av": words(np.where(vacant, -1, staffed), STAFFED_BY),
            "vakant": flags(vacant),
        }
    )


def _unit_months(units: Units, hours: UnitHours) -> _UnitMonths:
    """Sorted by month, then unit; refuses a unit that plans no shifts."""
    index = {code: at for at, code in enumerate(units.unit_code.tolist())}
    without = sorted({unit for unit, _ in hours if unit not in index or units.activity_type[index[unit]] not in MIX})
    if without:
        raise Refusal(
            f"Units that plan no shifts have hours of shifts: {', '.join(without)}.",
            f"Shifts are drawn for {', '.join(CARE_TYPES)}.",
        )
    place = {month: at for at, month in enumerate(sorted({month for _, month in hours}))}
    rows = sorted((place[month], index[unit], value) for (unit, month), value in hours.items() if value > 0)
    return _UnitMonths(
        np.array([unit for _, unit, _ in rows], dtype=np.int64),
        np.array([month for month, _, _ in rows], dtype=np.int64),
        np.array([round(100 * value) for _, _, value in rows], dtype=np.int64),
    )


def _draw_kind(
    random: np.random.Generator, units: Units, asked: _UnitMonths, months: list[Period], kind: str, scale: int
) -> tuple[np.ndarray, ...]:
    """Shifts of one kind of unit: unit-month, day, start, minutes from start to end, break."""
    of_kind = np.flatnonzero(units.activity_type[asked.unit] == kind)
    shares = np.array(MIX[kind])
    # The mean of the net hours: a quarter's rounding up and the vacant ones are in the count that follows from it.
    net = np.array([sum(pattern.length) / 2 - pattern.rest for pattern in PATTERNS])
    mean = float((shares * net).sum()) / 60 / scale * (1 - VACANT_SHARE) * PERFORMED[0]
    count = np.maximum(np.rint(asked.hours[of_kind] / 100 / mean).astype(np.int64), 1)
    index = np.repeat(of_kind, count)
    day = np.empty(len(index), dtype=np.int64)
    for at, month in enumerate(months):
        in_month = np.flatnonzero(asked.month[index] == at)
        first = _first_days(months)[at]
        weights = WEEKDAYS[kind][(first + np.arange(month.days) + 3) % 7]  # 1970-01-01 was a Thursday
        cumulative = np.cumsum(weights)
        drawn = np.searchsorted(cumulative, random.random(len(in_month)) * cumulative[-1], side="right")
        day[in_month] = first + drawn
    pattern = random.choice(len(PATTERNS), len(index), p=shares)
    bounds = np.array([(*each.start, *each.length, each.rest) for each in PATTERNS])[pattern]
    step = QUARTER if scale == 1 else FINEST
    start = _evenly(random, bounds[:, 0], bounds[:, 1], step)
    whole = _evenly(random, bounds[:, 2], bounds[:, 3], step)
    if scale == 1:
        return index, day, start, whole, bounds[:, 4]
    # A shift cut in pieces: one of them, somewhere within the whole one.
    piece = np.maximum(np.rint((whole - bounds[:, 4]) / scale / FINEST).astype(np.int64), 1) * FINEST
    rest = np.where(piece >= BREAK_FROM, bounds[:, 4], 0)
    elapsed = piece + rest
    within = np.maximum(whole - elapsed, 0)
    begins = start + (random.random(len(index)) * (within // FINEST + 1)).astype(np.int64) * FINEST
    # What begins after midnight belongs to the evening's date no longer, but a month keeps its shifts.
    begins = np.where(begins >= 1440, begins - 1440, begins)
    return index, day, begins, elapsed, rest


def _evenly(random: np.random.Generator, low: np.ndarray, high: np.ndarray, step: int) -> np.ndarray:
    """Multiples of the step between the bounds, both included, all alike."""
    return low + (random.random(len(low)) * ((high - low) // step + 1)).astype(np.int64) * step


def _around_clock_changes(
    months: list[Period], day: np.ndarray, start: np.ndarray, elapsed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end as the clock shows them, minutes after the date's midnight (the end may pass 1440).

    `elapsed` is what passes; over a change the clock shows an hour more or less. Small shifts that would begin or end
    in the hour that is skipped or repeated begin after it, so that the times are told in one way.
    """
    start, end = start.copy(), start + elapsed
    for change, hour, gained in _clock_changes(months):
        # On the day itself, and from the evening before, the change comes so many minutes after midnight.
        for since, at in ((change, hour), (change - 1, hour + 1440)):
            on_day = day == since
            in_hour = on_day & (elapsed <= _SMALL) & (end > at - 60) & (start < at + 120)
            start[in_hour] = (at + 120) % 1440 if since != change else at + 120
            end[in_hour] = start[in_hour] + elapsed[in_hour]
            crosses = on_day & ~in_hour & (start < at) & (end > at)
            end[crosses] += gained
    return start, end


def _clock_changes(months: list[Period]) -> list[tuple[int, int, int]]:
    """Days on which the clock changes: the day, the minute that the change comes at, minutes that the clock gains."""
    found: list[tuple[int, int, int]] = []
    for month in months:
        midnight = datetime(month.year, month.month, 1, tzinfo=ZONE)
        for number in range(month.days):
            today = midnight + timedelta(days=number)
            gained = (today + timedelta(days=1)).utcoffset() - today.utcoffset()  # type: ignore[operator]
            if gained:
                found.append(((today.date() - date(1970, 1, 1)).days, 120, int(gained.total_seconds()) // 60))
    return found


def _first_days(months: list[Period]) -> np.ndarray:
    return np.array([month.first_day for month in months], dtype="datetime64[D]").astype(np.int64)


def _shift_ids(month_number: np.ndarray) -> pa.Array:
    """P, month, running number: the key that the rows are found by."""
    number = pa.array(month_number * 100_000_000 + np.arange(1, len(month_number) + 1))
    return pc.binary_join_element_wise("P", number.cast(pa.string()), "")


def _clock(minutes: np.ndarray) -> pa.Array:
    """HH:MM of minutes after midnight."""
    table = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)]
    return words(minutes % 1440, table)
