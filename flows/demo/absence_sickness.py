"""Sick leave: spells of realistic length, season and weekday, thinned until they come to the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.absence_spells import SJK, Spells, Worktime, by_month, candidates, without_overlap
from flows.demo.staff_months import StaffMonths, day_weights, draw_days
from flows.errors import Refusal

#: Lengths in calendar days, rounded up: share of spells, median, deviation of the logarithm.
LENGTHS = ((0.76, 3.0, 0.65), (0.18, 13.0, 0.5), (0.06, 80.0, 0.75))
LONGEST = 900
#: How likely a spell begins in each calendar month (per day) and on each weekday, Monday first.
SEASON = np.array([1.25, 1.30, 1.20, 0.95, 0.90, 0.75, 0.65, 0.85, 1.05, 1.10, 1.15, 1.10])
WEEKDAYS = np.array([0.27, 0.19, 0.17, 0.15, 0.11, 0.06, 0.05])
#: Extents in per cent and their shares: of spells up to four weeks, of longer ones.
EXTENTS = np.array([100, 75, 50, 25])
SHORT_EXTENTS = np.array([0.96, 0.005, 0.03, 0.005])
LONG_EXTENTS = np.array([0.62, 0.08, 0.22, 0.08])
LONG_FROM = 29
#: Of the long spells at full extent, so many go over to half time when half the days have passed.
GOES_HALF = 0.35
#: How unlike each other people are: deviation of the logarithm of their own rate.
UNLIKE = 0.5
#: Spells that began so long before the first month may still last in it.
BEFORE = 400
#: So much more than a target, of the target, may those be away who fell ill before its months.
_TRIMMED = 0.1


@dataclass(frozen=True, slots=True)
class SickHours:
    """What is wanted, in hundredths of an hour by stretch of the months (`StaffMonths.stretches`) and sex (women, men).

    `share` is of the ordinary hours; `is_exact`, by stretch: the hours come out to the hundredth in the end.
    """

    wanted: np.ndarray
    share: np.ndarray
    is_exact: np.ndarray


def draw_sick_leave(
    random: np.random.Generator,
    months: StaffMonths,
    work: Worktime,
    sick: SickHours,
    ongoing: Spells | None = None,
) -> Spells:
    """New sick spells whose hours, with those of the `ongoing` absence, reach what is wanted of each stretch.

    By at most one short spell more. Where nothing is known of the time before, spells begin long before the months.
    """
    begins = int(months.first[0]) - (BEFORE if ongoing is None else 0)
    missing = sick.wanted
    if ongoing is not None:
        missing = missing - _hours_by_stretch(months, work, ongoing.only(ongoing.code == SJK))
    for surplus in (1.7, 3.0, 6.0, 12.0):
        candidates = _draw_candidates(random, months, work, float(sick.share.max()) * surplus, begins)
        whole = without_overlap(candidates, ongoing)
        segments = _with_half_time(random, whole)
        stays = _thin(random, months, work, whole, segments, missing, sick.wanted * sick.is_exact[:, None])
        if stays is not None:
            return segments.only(stays[segments.spell])
    raise Refusal(
        "The target for sick_leave is more than people who are sometimes well can reach.",
        "Correct sick_leave in the targets' folder.",
    )


def draw_lengths(random: np.random.Generator, count: int) -> np.ndarray:
    """Days of spells, of the declared mix."""
    share, median, deviation = (np.array(column) for column in zip(*LENGTHS, strict=True))
    kind = random.choice(len(LENGTHS), count, p=share)
    days = np.ceil(np.exp(np.log(median[kind]) + deviation[kind] * random.standard_normal(count)))
    return np.minimum(days, LONGEST).astype(np.int64)


def _hours_by_stretch(months: StaffMonths, work: Worktime, spells: Spells) -> np.ndarray:
    rows = by_month(spells, work, months)
    is_male = work.is_male[spells.employment[rows.segment]]
    hours = np.zeros((len(months), 2), dtype=np.int64)
    np.add.at(hours, (rows.month, is_male.astype(np.int64)), rows.hours)
    return np.array([hours[stretch].sum(axis=0) for stretch in months.stretches])


def _draw_candidates(
    random: np.random.Generator, months: StaffMonths, work: Worktime, level: float, begins: int
) -> Spells:
    days = int(months.last[-1]) - begins + 1
    lengths = draw_lengths(random, 2000)
    count = round(len(work.start) * days * level / float(lengths.mean() * 0.85))
    age = (months.first[0] - work.birth) / 365.25
    rate = np.exp(UNLIKE * random.standard_normal(len(work.start))) * np.clip(0.75 + age / 180, 0.8, 1.15)
    cumulative = np.cumsum(rate)
    employment = np.searchsorted(cumulative, random.random(count) * cumulative[-1], side="right")
    first = draw_days(random, begins, day_weights(begins, int(months.last[-1]), SEASON, WEEKDAYS), count)
    lengths = draw_lengths(random, count)
    extent = np.where(
        lengths < LONG_FROM,
        random.choice(EXTENTS, count, p=SHORT_EXTENTS),
        random.choice(EXTENTS, count, p=LONG_EXTENTS),
    )
    return candidates(work, employment, SJK, first, lengths, extent)


def _thin(
    random: np.random.Generator,
    months: StaffMonths,
    work: Worktime,
    whole: Spells,
    segments: Spells,
    missing: np.ndarray,
    exact: np.ndarray,
) -> np.ndarray | None:
    """Which spells stay, a stretch at a time: what the earlier ones carry into a stretch is in its sum.

    None where even all of them are too few. Spells leave at random, whatever their length. `exact` are the sums that
    hours are brought to in the end (0 where they are not); raises Refusal where that would take more than _TRIMMED.
    """
    rows = by_month(segments, work, months)
    spell_of_row = segments.spell[rows.segment]
    is_male = work.is_male[whole.employment]
    stays = np.zeros(len(whole), dtype=bool)
    for at, stretch in enumerate(months.stretches):
        inside = (rows.month >= stretch.start) & (rows.month < stretch.stop)
        hours = np.bincount(spell_of_row[inside], weights=rows.hours[inside], minlength=len(whole)).astype(np.int64)
        begun = (whole.first <= months.last[stretch.stop - 1]) & (
            (at == 0) | (whole.first >= months.first[stretch.start])
        )
        for sex in (0, 1):
            of_sex = is_male == bool(sex)
            wanted = int(missing[at, sex]) - int(hours[stays & of_sex].sum())
            if exact[at, sex] and -wanted > _TRIMMED * exact[at, sex]:
                raise Refusal(
                    "The target for sick_leave is less than those who are ill already will have been away.",
                    "Correct sick_leave in the targets' folder.",
                )
            chosen = _until(random, np.flatnonzero(begun & of_sex), hours, wanted)
            stays[chosen] = True
            if int(hours[chosen].sum()) < wanted:
                return None
    return stays


def _until(random: np.random.Generator, among: np.ndarray, hours: np.ndarray, wanted: int) -> np.ndarray:
    """Spells in random order until their hours reach the wanted.

    The last one is the shortest that suffices, lest one long illness overshoots; where few are left to choose from,
    some that fit below it come first.
    """
    order = random.permutation(among)
    reached = np.cumsum(hours[order])
    if wanted <= 0:
        return order[:0]
    if len(order) == 0 or reached[-1] < wanted:
        return order
    place = int(np.searchsorted(reached, wanted))
    missing = wanted - (int(reached[place - 1]) if place else 0)
    chosen, rest = list(order[:place]), order[place:]
    while True:
        enough = np.where(hours[rest] >= missing, hours[rest], np.iinfo(np.int64).max)
        shortest = int(enough.argmin())
        below = np.where(hours[rest] < missing, hours[rest], 0)
        longest_below = int(below.argmax())
        fits = enough[shortest] - missing <= wanted // 500 or below[longest_below] == 0
        taken = shortest if fits else longest_below
        chosen.append(rest[taken])
        if fits:
            return np.array(chosen)
        missing -= int(below[taken])
        rest = np.delete(rest, taken)


def _with_half_time(random: np.random.Generator, spells: Spells) -> Spells:
    """Some long spells in two segments, full time and then half, day on day; `spell` numbers the spells."""
    numbered = np.arange(len(spells))
    days = spells.last - spells.first + 1
    splits = (days >= LONG_FROM) & (spells.extent == 100) & (random.random(len(spells)) < GOES_HALF)
    first_part = np.where(splits, spells.first + days // 2 - 1, spells.last)
    whole = Spells(numbered, spells.employment, spells.code, spells.first, first_part, spells.extent)
    second = spells.only(splits)
    half = np.full(len(second), 50, dtype=np.int64)
    return Spells.together(
        [
            whole,
            Spells(numbered[splits], second.employment, second.code, first_part[splits] + 1, second.last, half),
        ]
    )
