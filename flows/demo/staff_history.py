"""What came of the staff month by month: what later periods build on, and whether their comparatives come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np

from flows.demo.absence_spells import SJK
from flows.demo.staff_employments import TIM, TV
from flows.demo.staff_months import StaffMonths
from flows.demo.staff_permanent import PENSION, STAYS
from flows.demo.staff_persons import age_in_tenths
from flows.demo.staff_tables import StaffRows
from flows.demo.targets import Figure, StaffTargets
from flows.domain.period import Period
from flows.errors import Refusal

#: Where a sex stands among the columns (women, men).
_COLUMNS = {"T": slice(0, 2), "K": slice(0, 1), "M": slice(1, 2)}


@dataclass(frozen=True, slots=True)
class StaffHistory:
    """One row a month, two columns (women, men) where it is by sex; hours in hundredths."""

    #: Months since year 0.
    month: np.ndarray
    headcount: np.ndarray
    external_leavers: np.ndarray
    pensioners: np.ndarray
    pension_tenths: np.ndarray
    ordinary: np.ndarray
    sick: np.ndarray
    monthly_paid: np.ndarray
    full_time: np.ndarray
    worked: np.ndarray
    hourly: np.ndarray

    def only(self, months: Sequence[Period]) -> StaffHistory:
        """The rows of those of the months that were drawn."""
        which = np.isin(self.month, [_number(month) for month in months])
        return StaffHistory(*(getattr(self, field.name)[which] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.month)

    def and_then(self, later: StaffHistory) -> StaffHistory:
        return StaffHistory(
            *(np.concatenate([getattr(self, field.name), getattr(later, field.name)]) for field in fields(self))
        )


def history_of(months: StaffMonths, drawn: StaffRows) -> StaffHistory:
    """The months as they were drawn."""
    employments, persons = drawn.employments, drawn.persons
    is_male = persons.is_male[employments.person].astype(np.int64)
    permanent = employments.form == TV
    in_force = (employments.start[:, None] <= months.last) & (employments.end[:, None] >= months.last)
    heads = [len(np.unique(employments.person[permanent & in_force[:, month]])) for month in range(len(months))]
    left = (employments.leaving != STAYS) & (employments.end >= months.first[0]) & (employments.end <= months.last[-1])
    month_left = months.index_of(employments.end)
    external = np.flatnonzero(left & permanent & employments.is_external)
    external = external[~_still_permanent(drawn, external)]

    def by_sex(month: np.ndarray, sex: np.ndarray, value: np.ndarray | int = 1) -> np.ndarray:
        summed = np.zeros((len(months), 2), dtype=np.int64)
        np.add.at(summed, (month, sex), value)
        return summed

    retired = np.flatnonzero(left & (employments.leaving == PENSION))
    age = age_in_tenths(persons.birth[employments.person[retired]], employments.end[retired])
    month, paid = np.nonzero((in_force & (employments.form != TIM)[:, None]).T)
    full = drawn.grades[paid, month] >= 100
    hours, absence = drawn.hours, drawn.absence
    ill = absence.code == SJK
    ill_employment = drawn.monthly_paid[absence.employment[ill]]
    return StaffHistory(
        np.arange(_number(months.period) - len(months) + 1, _number(months.period) + 1),
        np.array(heads, dtype=np.int64),
        np.bincount(month_left[external], minlength=len(months)),
        by_sex(month_left[retired], is_male[retired]),
        by_sex(month_left[retired], is_male[retired], age),
        by_sex(hours.month, is_male[hours.employment], hours.ordinary),
        by_sex(absence.month[ill], is_male[ill_employment], absence.hours[ill]),
        by_sex(month, is_male[paid]),
        by_sex(month[full], is_male[paid[full]]),
        np.bincount(hours.month, weights=hours.worked, minlength=len(months)).astype(np.int64),
        np.bincount(hours.month, weights=hours.hourly, minlength=len(months)).astype(np.int64),
    )


def _still_permanent(drawn: StaffRows, leaving: np.ndarray) -> np.ndarray:
    """Whether a person holds another permanent employment the day after."""
    employments = drawn.employments
    permanent = np.flatnonzero(employments.form == TV)
    held = np.bincount(employments.person[permanent], minlength=len(drawn.persons.is_male))
    still = np.zeros(len(leaving), dtype=bool)
    for place in np.flatnonzero(held[employments.person[leaving]] > 1):
        person, after = employments.person[leaving[place]], employments.end[leaving[place]] + 1
        others = permanent[employments.person[permanent] == person]
        still[place] = bool(((employments.start[others] <= after) & (employments.end[others] >= after)).any())
    return still


def refuse_other_figures(history: StaffHistory, targets: StaffTargets, drawn_until: Period | None) -> None:
    """Raises Refusal for a target that is not what the months give, naming measure, sex and month.

    `drawn_until` is the last month that earlier targets had settled.
    """
    for key, figure in sorted(targets.figures.items()):
        if key.area_code or key.quantity != "actual" or key.year_offset not in (0, -1):
            continue
        last = targets.period if key.year_offset == 0 else targets.period.year_before
        came = _recomputed(history.only(last.to_date()), key.subject_id, key.sex)
        if came is None or _prints_as(came, figure):
            continue
        because = (
            f"its months were drawn with those until {drawn_until}"
            if drawn_until is not None and last <= drawn_until
            else "the other targets stand in its way"
        )
        raise Refusal(
            f"The target {figure.value:f} for {key.subject_id} ({key.sex}, {last}) cannot come out: "
            f"{because}, and give {_written(came)}.",
            "Leave that figure out of the targets' folder, or let it be what comes out.",
        )


def _recomputed(window: StaffHistory, measure_id: str, sex: str) -> Fraction | None:
    """The measure by its definition; None for one that is not staff's or has nothing behind it."""
    column = _COLUMNS[sex]

    def ratio(numerator: object, denominator: object) -> Fraction | None:
        return Fraction(int(str(numerator)), int(str(denominator))) if int(str(denominator)) else None

    if not len(window):
        return None
    match measure_id:
        case "permanent_headcount":
            return Fraction(int(window.headcount[-1])) if sex == "T" else None
        case "sick_leave":
            return ratio(window.sick[:, column].sum(), window.ordinary[:, column].sum())
        case "external_turnover":
            return ratio(window.external_leavers.sum() * len(window), window.headcount.sum()) if sex == "T" else None
        case "full_time_share":
            return ratio(window.full_time[-1, column].sum(), window.monthly_paid[-1, column].sum())
        case "pension_age":
            return ratio(window.pension_tenths[:, column].sum(), 10 * window.pensioners[:, column].sum())
        case "hourly_staff_share":
            return ratio(window.hourly.sum(), window.worked.sum()) if sex == "T" else None
    return None


def _prints_as(value: Fraction, figure: Figure) -> bool:
    return Fraction(figure.low) <= value < Fraction(figure.high) or value == Fraction(figure.value)


def _written(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}"


def _number(month: Period) -> int:
    return month.year * 12 + month.month - 1
