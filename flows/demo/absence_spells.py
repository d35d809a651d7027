"""Spells of absence as columns: segments of one extent, spread over months, that never overlap in an employment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from flows.demo.staff_months import StaffMonths

#: `code` of a spell, as delivered.
CODES = ("SJK", "VAB", "FL", "TJL", "SEM", "OVR")
SJK, VAB, FL, TJL, SEM, OVR = range(6)


@dataclass(frozen=True, slots=True)
class Worktime:
    """Employments with ordinary hours, one an index; `daily` is employment × month, hundredths of an hour a day."""

    start: np.ndarray
    end: np.ndarray
    is_male: np.ndarray
    birth: np.ndarray
    daily: np.ndarray


def ordinary_hours(months: StaffMonths, work: Worktime) -> np.ndarray:
    """Ordinary hours in hundredths, month × sex (women, men)."""
    in_force = np.minimum(work.end[:, None], months.last) - np.maximum(work.start[:, None], months.first) + 1
    hours = np.maximum(in_force, 0) * work.daily
    return np.stack([hours[~work.is_male].sum(axis=0), hours[work.is_male].sum(axis=0)], axis=1)


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells of one extent, days inclusive. Segments of one spell share `spell` and follow day on day."""

    spell: np.ndarray
    employment: np.ndarray
    code: np.ndarray
    first: np.ndarray
    last: np.ndarray
    extent: np.ndarray

    def __len__(self) -> int:
        return len(self.spell)

    def only(self, which: np.ndarray) -> Spells:
        """Those of a mask or an index."""
        return Spells(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def together(cls, parts: Sequence[Spells]) -> Spells:
        """One list of several."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


@dataclass(frozen=True, slots=True)
class SpellMonths:
    """One row a segment and month it touches; `hours` in hundredths, extent applied."""

    segment: np.ndarray
    month: np.ndarray
    hours: np.ndarray


def candidates(
    work: Worktime, employment: np.ndarray, code: int, first: np.ndarray, days: np.ndarray, extent: np.ndarray
) -> Spells:
    """Spells drawn for employments in force when they begin, cut where the employment ends."""
    held = (work.start[employment] <= first) & (work.end[employment] >= first)
    employment, first, days, extent = employment[held], first[held], days[held], extent[held]
    return Spells(
        np.arange(len(first)),
        employment,
        np.full(len(first), code, dtype=np.int8),
        first,
        np.minimum(first + days - 1, work.end[employment]),
        extent,
    )


def without_overlap(spells: Spells, blocking: Spells | None = None) -> Spells:
    """Those that begin two days or more after all earlier ones of their employment ended, cut before a blocking one.

    Whether a spell stays depends on where it begins, not on how long it is: lengths keep their distribution.
    """
    everything = spells if blocking is None else Spells.together([spells, blocking])
    is_blocking = np.arange(len(everything)) >= len(spells)
    order = np.lexsort((everything.first, everything.employment))
    far = int(everything.last.max(initial=0)) + 10
    lane = everything.employment[order] * far
    ends = np.maximum.accumulate(lane + everything.last[order])
    before = np.append(-1, ends[:-1])
    free = (lane + everything.first[order] > before + 1) & ~is_blocking[order]
    kept = np.sort(order[free])
    result = everything.only(kept)
    if blocking is None or len(blocking) == 0:
        return result
    lanes = np.sort(blocking.employment * far + blocking.first)
    following = np.searchsorted(lanes, result.employment * far + result.first, side="left")
    next_first = np.append(lanes, np.iinfo(np.int64).max)[following] - result.employment * far
    last = np.minimum(result.last, next_first - 1)
    cut = Spells(result.spell, result.employment, result.code, result.first, last, result.extent)
    return cut.only(cut.last >= cut.first)


def by_month(spells: Spells, work: Worktime, months: StaffMonths) -> SpellMonths:
    """Each segment's months within those drawn, and its hours in each."""
    begins = np.maximum(months.index_of(spells.first), 0)
    ends = np.minimum(months.index_of(spells.last), months.closing)
    is_within = (spells.last >= months.first[0]) & (spells.first <= months.last[-1])
    touched = np.where(is_within, ends - begins + 1, 0)
    segment = np.repeat(np.arange(len(spells)), touched)
    month = begins[segment] + np.arange(len(segment)) - np.repeat(np.cumsum(touched) - touched, touched)
    days = (
        np.minimum(spells.last[segment], months.last[month])
        - np.maximum(spells.first[segment], months.first[month])
        + 1
    )
    hours = days * work.daily[spells.employment[segment], month] * spells.extent[segment] // 100
    return SpellMonths(segment, month, hours)
