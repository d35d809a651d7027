"""Payroll and HR of the synthetic organisation: the four Heroma extracts, calibrated to the published figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from flows.demo.absence import draw_absence
from flows.demo.absence_spells import Worktime, ordinary_hours
from flows.demo.organisation import Units
from flows.demo.staff_employments import TIM, Employments, leave_with_unit, permanent_employments
from flows.demo.staff_grades import draw_grades
from flows.demo.staff_headcounts import plan_headcounts
from flows.demo.staff_history import refuse_other_figures
from flows.demo.staff_hours import daily_hours, draw_working_months
from flows.demo.staff_later import continue_staff
from flows.demo.staff_months import StaffMonths
from flows.demo.staff_permanent import draw_permanent
from flows.demo.staff_persons import births_of_others, births_of_permanent, draw_persons
from flows.demo.staff_sick_hours import plan_sick_hours
from flows.demo.staff_state import Staff, draw_identities, draw_notice, draw_positions, staff_after, written
from flows.demo.staff_tables import StaffRows, staff_tables
from flows.demo.staff_targets import USUAL_MEN, by_sex, solve_composition, solve_full_time
from flows.demo.staff_temporary import TEMPORARY, draw_hourly, draw_temporary
from flows.demo.staff_units import unit_paths
from flows.demo.targets import StaffTargets
from flows.domain.period import Period
from flows.errors import Refusal


def draw_staff(random: np.random.Generator, units: Units, targets: StaffTargets, period: Period) -> dict[str, pa.Table]:
    """heroma_anstallning, heroma_franvaro, heroma_arbetstid and heroma_avgang, January of the year before … the period.

    Every target of `targets` comes out when the definitions are applied to the tables. Flags are 0 or 1, hours
    DECIMAL(18,2). Raises Refusal for targets that cannot come out, naming the measure.
    """
    (tables,) = draw_staff_over(random, units, [StaffTargets(period, targets.figures)])
    return tables


def draw_staff_over(
    random: np.random.Generator, units: Units, targets: Sequence[StaffTargets]
) -> Iterator[dict[str, pa.Table]]:
    """The four tables of the months up to the first period, then of those up to the next, and so on to the last.

    The same persons and employments go on, along what happens to the units; what one period's months are does not
    depend on later ones. A comparative in months that an earlier period has drawn can only be what they give. Raises
    Refusal as `draw_staff` does.
    """
    staff: Staff | None = None
    for place, of_period in enumerate(targets):
        later = targets[place + 1 :]
        if of_period.of("long_sick_leave_share") or of_period.of("long_sick_leave_share", "T", -1):
            raise Refusal(
                "The synthetic organisation cannot be drawn to a published long_sick_leave_share.",
                "Leave that figure out of the targets' folder.",
            )
        drawn_until = None if staff is None else staff.until
        if staff is None:
            tables, staff = _first_staff(random, units, of_period, later)
        else:
            tables, staff = continue_staff(random, units, staff, of_period, later)
        refuse_other_figures(staff.history, of_period, drawn_until)
        yield tables


def _first_staff(
    random: np.random.Generator, units: Units, targets: StaffTargets, later: Sequence[StaffTargets]
) -> tuple[dict[str, pa.Table], Staff]:
    months = StaffMonths.until(targets, later)
    full_time = [by_sex(targets, "full_time_share", offset) for offset in (-1, 0)]
    sick_leave = [by_sex(targets, "sick_leave", offset) for offset in (-1, 0)]
    now = solve_composition(full_time[1], sick_leave[1], USUAL_MEN)
    before = solve_composition(full_time[0], sick_leave[0], now.men_share)
    permanent = draw_permanent(
        random, months, plan_headcounts(random, months, targets, (before.men_share, now.men_share))
    )
    birth = births_of_permanent(random, months, permanent)
    regular, settled = permanent_employments(random, months, permanent, units, birth)

    places, at_full_time = [], []
    for month, measure, composition in ((months.previous, full_time[0], before), (months.closing, full_time[1], now)):
        in_force = regular.in_force(int(months.last[month]))
        men = int(permanent.is_male[regular.person[in_force]].sum())
        women = int(in_force.sum()) - men
        wanted = TEMPORARY * (women + men)
        others, full = solve_full_time(
            measure, (women, men), (round(wanted * (1 - composition.men_share)), round(wanted * composition.men_share))
        )
        places.append(others)
        at_full_time.append(full)
    count = len(birth)
    temporary, male_temporary = draw_temporary(random, months, units, (places[0], places[1]), count)
    count += len(male_temporary)
    hourly, male_hourly = draw_hourly(random, months, units, int(permanent.was_there.sum()), now.men_share, count)
    employments = Employments.together([regular, temporary, hourly])
    is_male = np.concatenate([permanent.is_male, male_temporary, male_hourly])
    birth = np.concatenate([birth, births_of_others(random, months, len(is_male) - len(birth))])
    persons = draw_persons(random, months, units, is_male, birth, employments, settled)
    grades = draw_grades(
        random,
        months,
        employments,
        is_male[employments.person],
        (at_full_time[0], at_full_time[1]),
        now.part_time_mean_men,
    ).by_month(len(months))

    monthly_paid = np.flatnonzero(employments.form != TIM)
    work = Worktime(
        employments.start[monthly_paid],
        employments.end[monthly_paid],
        is_male[employments.person[monthly_paid]],
        birth[employments.person[monthly_paid]],
        daily_hours(grades[monthly_paid], units.activity_type[employments.unit[monthly_paid]]),
    )
    sick = plan_sick_hours(
        months,
        ordinary_hours(months, work),
        lambda spoken: by_sex(spoken.targets, "sick_leave", spoken.year_offset),
    )
    absence = draw_absence(random, months, work, sick)
    hours = draw_working_months(random, months, employments, monthly_paid, work, grades, absence.rows, targets)
    moves = (employments.later_unit, employments.moves_in)
    paths = unit_paths(random, units, months, employments.unit, moves=moves, may_leave=False)
    hired_in = employments.unit
    employments = employments.now_in(paths.unit[:, -1])
    leave_with_unit(random, employments, paths.leaves_on)
    identities = draw_identities(random)
    identity = written(identities[: len(employments)])
    noticed_on = draw_notice(random, employments)
    position = draw_positions(random, units, hired_in)
    drawn = StaffRows(
        employments, persons, monthly_paid, identity, position, noticed_on, paths.unit, grades, absence.rows, hours
    )
    free = identities[len(employments) :]
    return staff_tables(months, units, drawn), staff_after(months, drawn, hired_in, free, absence)
