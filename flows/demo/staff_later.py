"""Payroll and HR after a period: the same persons and employments go on to the next published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pyarrow as pa

from flows.demo.absence import Absence, draw_absence
from flows.demo.absence_sickness import SEASON
from flows.demo.absence_spells import Spells, Worktime, ordinary_hours
from flows.demo.organisation import Units
from flows.demo.staff_employments import MOVES_UNIT, TIM, TV, Employments, another_unit
from flows.demo.staff_grades import continue_grades
from flows.demo.staff_headcounts_later import plan_later_headcounts
from flows.demo.staff_history import StaffHistory
from flows.demo.staff_hours import daily_hours, draw_working_months
from flows.demo.staff_months import NEVER, Spoken, StaffMonths
from flows.demo.staff_permanent_later import continue_permanent
from flows.demo.staff_persons import births_of_others
from flows.demo.staff_sick_hours import plan_sick_hours
from flows.demo.staff_state import Staff, draw_notice, draw_positions, staff_after, written
from flows.demo.staff_tables import StaffRows, staff_tables
from flows.demo.staff_targets import (
    BySex,
    Composition,
    by_sex,
    solve_composition,
    solve_full_time,
)
from flows.demo.staff_temporary import TEMPORARY
from flows.demo.staff_temporary_later import continue_hourly, continue_temporary
from flows.demo.staff_units import UnitPaths, unit_paths
from flows.demo.targets import StaffTargets

#: Moves to another unit are counted over so many months.
_MOVES_MONTHS = 20


def continue_staff(
    random: np.random.Generator, units: Units, staff: Staff, targets: StaffTargets, later: Sequence[StaffTargets] = ()
) -> tuple[dict[str, pa.Table], Staff]:
    """The four tables of the months after `staff` to the targets' period, and the staff as they are then."""
    months = StaffMonths.after(staff.until, targets, later)
    compositions = _compositions(months, targets, staff.history)
    before, now = compositions
    employments, paths = _who_are_there(random, months, units, staff)
    present, leaving = _permanent_now(months, employments, paths, staff)
    plan = plan_later_headcounts(
        random,
        months,
        units,
        targets,
        staff.history,
        present,
        leaving,
        _births(months, employments, paths, staff),
        (None if before is None else before.men_share, now.men_share),
    )
    hired = continue_permanent(random, months, units, employments, paths, staff.persons, plan)
    regular = Employments.together([employments, hired.employments])
    is_male = np.concatenate([staff.persons.is_male, hired.is_male])

    stages = _stages(months, targets, staff.history, compositions, regular, is_male)
    temporary = continue_temporary(
        random,
        months,
        units,
        employments,
        paths,
        is_male,
        [(stage.month, stage.others) for stage in stages],
        plan.taken_over,
        len(is_male),
    )
    hourly = continue_hourly(
        random,
        months,
        units,
        employments,
        paths,
        plan.taken_over,
        now.men_share,
        len(is_male) + len(temporary.is_male),
    )
    parts = (hired, temporary, hourly)
    employments = Employments.together([employments, *(part.employments for part in parts)])
    paths = UnitPaths.together([paths, *(part.paths for part in parts)])
    others_male = np.concatenate([temporary.is_male, hourly.is_male])
    persons = staff.persons.and_new(
        random,
        np.concatenate([hired.is_male, others_male]),
        np.concatenate([hired.birth, births_of_others(random, months, len(others_male))]),
    )
    is_male = persons.is_male[employments.person]
    full_time = [(stage.month, stage.full_time) for stage in stages]
    grades = continue_grades(random, months, employments, is_male, staff.grade, full_time, now.part_time_mean_men)

    new = slice(len(staff.employments), None)
    began_in = paths.unit[new][np.arange(len(employments))[new] - new.start, months.index_of(employments.start[new])]
    hired_in = np.concatenate([staff.hired_in, began_in])
    monthly_paid = np.flatnonzero((employments.form != TIM) & (employments.end >= months.first[0]))
    work = Worktime(
        employments.start[monthly_paid],
        employments.end[monthly_paid],
        is_male[monthly_paid],
        persons.birth[employments.person[monthly_paid]],
        daily_hours(grades[monthly_paid], units.activity_type[hired_in[monthly_paid]]),
    )
    absence = _absence(random, months, staff, work, monthly_paid)
    earlier = tuple(_worked(staff.history, targets, year_offset) for year_offset in (-1, 0))
    hours = draw_working_months(random, months, employments, monthly_paid, work, grades, absence.rows, targets, earlier)
    count = len(employments) - len(staff.employments)
    drawn = StaffRows(
        employments,
        persons,
        monthly_paid,
        np.concatenate([staff.identity, written(staff.free_identities[:count])]),
        np.concatenate([staff.position, draw_positions(random, units, began_in)]),
        draw_notice(random, employments),
        paths.unit,
        grades,
        absence.rows,
        hours,
    )
    free = staff.free_identities[count:]
    return staff_tables(months, units, drawn), staff_after(months, drawn, hired_in, free, absence, staff.history)


def _births(
    months: StaffMonths, employments: Employments, paths: UnitPaths, staff: Staff
) -> tuple[np.ndarray, np.ndarray]:
    """Birth days of the women and men with a permanent employment whom nothing keeps and no unit takes along."""
    persons = staff.persons
    able = np.flatnonzero((employments.form == TV) & (employments.end >= months.first[0]) & (paths.leaves_on == NEVER))
    person = employments.person[able]
    person = person[(np.bincount(person)[person] == 1) & ~persons.is_protected[person]]
    women, men = (persons.birth[person[persons.is_male[person] == bool(sex)]] for sex in (0, 1))
    return women, men


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a month's last day asks for: temporary women and men, and how many of all the monthly paid are full time."""

    month: int
    others: tuple[int, int]
    full_time: tuple[int, int]


def _stages(
    months: StaffMonths,
    targets: StaffTargets,
    history: StaffHistory,
    compositions: tuple[Composition | None, Composition],
    regular: Employments,
    is_male: np.ndarray,
) -> list[_Stage]:
    """The same month last year, where it is drawn now, and the period; `regular` are the permanent employments."""
    stages: list[_Stage] = []
    for month, year_offset, composition in zip((months.previous, months.closing), (-1, 0), compositions, strict=True):
        if composition is None:
            continue
        permanent = (regular.form == TV) & regular.in_force(int(months.last[month]))
        men = int(is_male[regular.person[permanent]].sum())
        women = int(permanent.sum()) - men
        wanted = TEMPORARY * (women + men)
        others, full_time = solve_full_time(
            _measure(targets, "full_time_share", year_offset, history),
            (women, men),
            (round(wanted * (1 - composition.men_share)), round(wanted * composition.men_share)),
        )
        stages.append(_Stage(month, others, full_time))
    return stages


def _measure(targets: StaffTargets, measure_id: str, year_offset: int, history: StaffHistory) -> BySex:
    """The measure's targets, or what it has been for a year where there are none."""
    year = slice(-12, None)
    match measure_id:
        case "sick_leave":
            so_far = Fraction(int(history.sick[year].sum()), max(1, int(history.ordinary[year].sum())))
        case _:
            so_far = Fraction(int(history.full_time[-1].sum()), max(1, int(history.monthly_paid[-1].sum())))
    return by_sex(targets, measure_id, year_offset, so_far)


def _compositions(
    months: StaffMonths, targets: StaffTargets, history: StaffHistory
) -> tuple[Composition | None, Composition]:
    """Men's share of the monthly paid: in the same month last year (None where it was drawn before), in the period."""
    men = float(history.monthly_paid[-1, 1] / max(1, history.monthly_paid[-1].sum()))

    def of_year(year_offset: int, preferred: float) -> Composition:
        return solve_composition(
            _measure(targets, "full_time_share", year_offset, history),
            _measure(targets, "sick_leave", year_offset, history),
            preferred,
        )

    before = of_year(-1, men) if months.previous >= 0 else None
    return before, of_year(0, men if before is None else before.men_share)


def _who_are_there(
    random: np.random.Generator, months: StaffMonths, units: Units, staff: Staff
) -> tuple[Employments, UnitPaths]:
    """A copy of the employments, whose ends the months may write, and their units month by month."""
    known = staff.employments
    employments = replace(
        known, end=known.end.copy(), leaving=known.leaving.copy(), is_external=known.is_external.copy()
    )
    moves_in = np.full(len(known), NEVER, dtype=np.int64)
    able = np.flatnonzero((known.form == TV) & (known.end == NEVER))
    moving = able[random.random(len(able)) < MOVES_UNIT * len(months) / _MOVES_MONTHS]
    moves_in[moving] = random.integers(0, len(months), len(moving))
    later_unit = known.unit.copy()
    for month in np.unique(moves_in[moving]):
        of_month = moving[moves_in[moving] == month]
        later_unit[of_month] = another_unit(random, units, known.unit[of_month], months, int(month))
    # Only those who are still there follow their unit, and those whose place somebody else has from the first day on.
    there = np.flatnonzero(known.end >= months.first[0] - 1)
    followed = unit_paths(random, units, months, known.unit[there], moves=(later_unit[there], moves_in[there]))
    unit = np.repeat(known.unit[:, None], len(months), axis=1).astype(np.int32)
    leaves_on = np.full(len(known), NEVER, dtype=np.int64)
    unit[there], leaves_on[there] = followed.unit, followed.leaves_on
    return employments, UnitPaths(unit, leaves_on)


def _permanent_now(
    months: StaffMonths, employments: Employments, paths: UnitPaths, staff: Staff
) -> tuple[tuple[int, int], np.ndarray]:
    """The permanent women and men of the month before, and how many of them go over with their unit (month × sex)."""
    is_male = staff.persons.is_male
    permanent = (employments.form == TV) & (employments.end >= months.first[0])
    left_on_last = (employments.form == TV) & (employments.end == months.first[0] - 1) & employments.is_external
    leaving = np.zeros((len(months), 2), dtype=np.int64)
    for month in range(len(months)):
        going = permanent & (paths.leaves_on == months.last[month])
        stays = permanent & (paths.leaves_on > months.last[month])
        persons = np.setdiff1d(employments.person[going], employments.person[stays])
        men = int(is_male[persons].sum())
        leaving[month] = len(persons) - men, men
    persons = np.unique(employments.person[permanent | left_on_last])
    men = int(is_male[persons].sum())
    return (len(persons) - men, men), leaving


def _absence(
    random: np.random.Generator, months: StaffMonths, staff: Staff, work: Worktime, monthly_paid: np.ndarray
) -> Absence:
    history = staff.history

    def earlier(spoken: Spoken) -> tuple[np.ndarray, np.ndarray]:
        drawn = history.only(spoken.last.to_date())
        return drawn.ordinary.sum(axis=0), drawn.sick.sum(axis=0)

    year = slice(-12, None)
    seasonal = history.ordinary[year] * SEASON[history.month[year] % 12][:, None]
    sick = plan_sick_hours(
        months,
        ordinary_hours(months, work),
        lambda spoken: _measure(spoken.targets, "sick_leave", spoken.year_offset, history),
        earlier,
        history.sick[year].sum(axis=0) / np.maximum(seasonal.sum(axis=0), 1),
    )
    return draw_absence(random, months, work, sick, _ongoing(staff, work, monthly_paid))


def _ongoing(staff: Staff, work: Worktime, monthly_paid: np.ndarray) -> tuple[Spells, np.ndarray]:
    """Absence that lasts into the months, of those still employed; it ends with the employment at the latest."""
    place = np.full(len(staff.employments), -1, dtype=np.int64)
    known = monthly_paid[monthly_paid < len(place)]
    place[known] = np.arange(len(known))
    spells, is_open = staff.ongoing
    of_those_there = place[spells.employment]
    last = np.minimum(spells.last, np.append(work.end, 0)[of_those_there])
    # A second half of a spell that would have begun after the employment's end never comes.
    goes_on = (of_those_there >= 0) & (last >= spells.first)
    lasting = spells.only(goes_on)
    return (
        Spells(lasting.spell, of_those_there[goes_on], lasting.code, lasting.first, last[goes_on], lasting.extent),
        is_open[goes_on],
    )


def _worked(history: StaffHistory, targets: StaffTargets, year_offset: int) -> tuple[int, int]:
    """Hours worked, and by the hour, in the months of a window that were drawn before."""
    period = targets.period if year_offset == 0 else targets.period.year_before
    drawn = history.only(period.to_date())
    return int(drawn.worked.sum()), int(drawn.hourly.sum())
