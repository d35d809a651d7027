"""All absence of the monthly paid, as payroll delivers it: sick leave at its target, other leave around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.absence_leave import draw_leave
from flows.demo.absence_sickness import SickHours, draw_sick_leave
from flows.demo.absence_spells import SJK, Spells, Worktime, by_month
from flows.demo.apportion import apportion
from flows.demo.staff_months import NEVER, StaffMonths

#: A spell that goes on after the month is delivered without an end when it is longer than this and this often.
OPEN_FROM_DAYS = 14
OPEN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class AbsenceRows:
    """One row a segment and month; `last` NEVER where the end was not known, `hours` in hundredths."""

    month: np.ndarray
    employment: np.ndarray
    code: np.ndarray
    first: np.ndarray
    last: np.ndarray
    extent: np.ndarray
    hours: np.ndarray


@dataclass(frozen=True, slots=True)
class Absence:
    """All absence of some months: as delivered, and the segments behind it, which may last longer."""

    rows: AbsenceRows
    spells: Spells
    #: The end of the segment is not known before it has come.
    is_open: np.ndarray


def draw_absence(
    random: np.random.Generator,
    months: StaffMonths,
    work: Worktime,
    sick: SickHours,
    ongoing: tuple[Spells, np.ndarray] | None = None,
) -> Absence:
    """Rows by month and employment; sick hours come to what is wanted, never above ordinary.

    `ongoing`: absence of months drawn before that lasts, its segments and whether their ends are open.
    """
    lasting, lasting_is_open = ongoing or (None, None)
    ill = draw_sick_leave(random, months, work, sick, lasting)
    if lasting is None or lasting_is_open is None:
        spells = Spells.together([ill, draw_leave(random, months, work, ill)])
        return _delivered(months, work, spells, _draw_open(random, spells), sick)
    leave = draw_leave(random, months, work, Spells.together([ill, lasting]), int(months.first[0]))
    new = Spells.together([ill, leave])
    is_open = np.concatenate([lasting_is_open, _draw_open(random, new)])
    return _delivered(months, work, Spells.together([lasting, new]), is_open, sick)


def _draw_open(random: np.random.Generator, spells: Spells) -> np.ndarray:
    return (spells.last - spells.first >= OPEN_FROM_DAYS) & (random.random(len(spells)) < OPEN_SHARE)


def _delivered(months: StaffMonths, work: Worktime, spells: Spells, is_open: np.ndarray, sick: SickHours) -> Absence:
    rows = by_month(spells, work, months)
    hours = rows.hours.copy()
    of_row = spells.only(rows.segment)
    group = np.full(len(hours), -1)
    for at in np.flatnonzero(sick.is_exact):
        stretch = months.stretches[at]
        inside = (of_row.code == SJK) & (rows.month >= stretch.start) & (rows.month < stretch.stop)
        group[inside] = 2 * at + work.is_male[of_row.employment[inside]]
    counted = group >= 0
    totals = np.where(sick.is_exact[:, None], sick.wanted, 0).ravel()
    hours[counted] = apportion(hours[counted], group[counted], totals)
    goes_on = of_row.last > months.last[rows.month]
    order = np.lexsort((of_row.first, of_row.employment, rows.month))
    delivered = AbsenceRows(
        rows.month[order],
        of_row.employment[order],
        of_row.code[order],
        of_row.first[order],
        np.where(is_open[rows.segment] & goes_on, NEVER, of_row.last)[order],
        of_row.extent[order],
        hours[order],
    )
    return Absence(delivered, spells, is_open)
