"""Hours by employment and month: contracted, additional, overtime, by the hour, worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.demo.absence import AbsenceRows
from flows.demo.absence_spells import Worktime
from flows.demo.apportion import apportion
from flows.demo.staff_employments import Employments
from flows.demo.staff_months import StaffMonths
from flows.demo.targets import StaffTargets
from flows.errors import Refusal

#: Weekly hours of full time; who works nights and weekends in care works fewer than the offices.
WEEKLY_HOURS = 40.0
WEEKLY_HOURS_IN_CARE = 37.0
CARE = ("HEMTJANST", "VARDBOENDE", "ASSISTANS", "LSS_BOSTAD")
#: Part-time staff work additional hours, all sometimes overtime: share of months, mean hours.
ADDITIONAL = (0.28, 7.0)
OVERTIME = (0.12, 4.5)
#: Hourly staff: mean hours of a whole month, the shape of their gamma distribution, share of months without work.
HOURLY_MEAN = 58.0
HOURLY_SHAPE = 2.2
HOURLY_IDLE = 0.1
HOURLY_SEASON = np.array([0.9, 0.9, 0.9, 0.9, 0.95, 1.3, 1.6, 1.3, 0.9, 0.9, 0.9, 1.1])


@dataclass(frozen=True, slots=True)
class WorkingMonths:
    """One row an employment and month in which it existed; hours in hundredths."""

    month: np.ndarray
    employment: np.ndarray
    ordinary: np.ndarray
    worked: np.ndarray
    additional: np.ndarray
    overtime: np.ndarray
    hourly: np.ndarray


def daily_hours(grades: np.ndarray, activity_type: np.ndarray) -> np.ndarray:
    """Ordinary hours a calendar day in hundredths: the week's hours lie evenly over its seven days."""
    weekly = np.where(np.isin(activity_type, CARE), WEEKLY_HOURS_IN_CARE, WEEKLY_HOURS)
    return np.rint(grades * weekly[:, None] / 7).astype(np.int64)


def draw_working_months(
    random: np.random.Generator,
    months: StaffMonths,
    employments: Employments,
    monthly_paid: np.ndarray,
    work: Worktime,
    grades: np.ndarray,
    absence: AbsenceRows,
    targets: StaffTargets,
    earlier: Sequence[tuple[int, int]] = ((0, 0), (0, 0)),
) -> WorkingMonths:
    """Worked = ordinary − absence + additional + overtime + by the hour; each sort for those who can have it.

    `earlier`: what months of each window that were drawn before have worked, and how much of it by the hour.
    """
    shape = (len(employments), len(months))
    in_force = (
        np.minimum(employments.end[:, None], months.last) - np.maximum(employments.start[:, None], months.first) + 1
    )
    in_force = np.maximum(in_force, 0)
    ordinary = np.zeros(shape, dtype=np.int64)
    ordinary[monthly_paid] = in_force[monthly_paid] * work.daily
    absent = np.zeros(shape, dtype=np.int64)
    np.add.at(absent, (monthly_paid[absence.employment], absence.month), absence.hours)
    month, row = np.nonzero((in_force > 0).T)
    present = ordinary[row, month] - absent[row, month]
    is_hourly = grades[row, month] == 0
    share_of_month = in_force[row, month] / (months.last - months.first + 1)[month]
    # Who is away all month works no extra hours.
    able = ~is_hourly & (present > ordinary[row, month] // 4)

    def sometimes(who: np.ndarray, share: float, mean: float) -> np.ndarray:
        quarters = np.ceil(random.exponential(mean * 4, len(row)) * share_of_month)
        return np.where(who & (random.random(len(row)) < share), 25 * quarters, 0).astype(np.int64)

    additional = sometimes(able & (grades[row, month] < 100), *ADDITIONAL)
    overtime = sometimes(able, *OVERTIME)
    works = is_hourly & (random.random(len(row)) >= HOURLY_IDLE)
    season = HOURLY_SEASON[months.calendar_month - 1][month]
    drawn = random.gamma(HOURLY_SHAPE, HOURLY_MEAN / HOURLY_SHAPE * 4, len(row)) * season * share_of_month
    hourly = np.where(works, 25 * np.ceil(np.minimum(drawn, 800)), 0).astype(np.int64)
    others = present + additional + overtime
    for window, year_offset, (worked, by_the_hour) in zip(months.windows, (-1, 0), earlier, strict=True):
        figure = targets.of("hourly_staff_share", "T", year_offset)
        inside = np.flatnonzero((month >= window.start) & (month < window.stop))
        if figure is not None and len(inside):
            paid_monthly = int(others[inside].sum()) + worked - by_the_hour
            wanted = round(paid_monthly * figure.value / (1 - figure.value)) - by_the_hour
            if wanted <= 0:
                raise Refusal(
                    "The target for hourly_staff_share is less than its first months have worked by the hour.",
                    "Correct hourly_staff_share in the targets' folder.",
                )
            hourly[inside] = apportion(hourly[inside], np.zeros(len(inside), dtype=np.int64), np.array([wanted]))
    return WorkingMonths(month, row, ordinary[row, month], others + hourly, additional, overtime, hourly)
