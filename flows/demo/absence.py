"""All absence of the monthly paid, as payroll delivers it: sick leave at its target, other leave around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.absence_leave import draw_leave
from flows.demo.absence_sickness import HoursByWindow, draw_sick_leave
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


def draw_absence(
    random: np.random.Generator, months: StaffMonths, work: Worktime, ordinary: HoursByWindow, sick: HoursByWindow
) -> AbsenceRows:
    """Rows by month and employment; sick hours of each window and sex come to `sick` exactly, never above ordinary."""
    ill = draw_sick_leave(random, months, work, ordinary, sick)
    spells = Spells.together([ill, draw_leave(random, months, work, ill)])
    rows = by_month(spells, work, months)
    hours = rows.hours.copy()
    of_row = spells.only(rows.segment)
    totals = np.array(sick).ravel()
    group = np.full(len(hours), -1)
    for at, window in enumerate(months.windows):
        inside = (of_row.code == SJK) & (rows.month >= window.start) & (rows.month < window.stop)
        group[inside] = 2 * at + work.is_male[of_row.employment[inside]]
    counted = group >= 0
    hours[counted] = apportion(hours[counted], group[counted], totals)
    is_open = (spells.last - spells.first >= OPEN_FROM_DAYS) & (random.random(len(spells)) < OPEN_SHARE)
    goes_on = of_row.last > months.last[rows.month]
    order = np.lexsort((of_row.first, of_row.employment, rows.month))
    return AbsenceRows(
        rows.month[order],
        of_row.employment[order],
        of_row.code[order],
        of_row.first[order],
        np.where(is_open[rows.segment] & goes_on, NEVER, of_row.last)[order],
        of_row.extent[order],
        hours[order],
    )
