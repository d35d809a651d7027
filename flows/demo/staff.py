"""Payroll and HR of the synthetic organisation: the four Heroma extracts, calibrated to the published figures."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from flows.demo.absence import AbsenceRows, draw_absence
from flows.demo.absence_sickness import HoursByWindow
from flows.demo.absence_spells import CODES, Worktime
from flows.demo.organisation import Units
from flows.demo.staff_columns import days, decimals, flags, words
from flows.demo.staff_employments import FORMS, TIM, TV, Employments, permanent_employments
from flows.demo.staff_grades import draw_grades
from flows.demo.staff_headcounts import plan_headcounts
from flows.demo.staff_hours import WorkingMonths, daily_hours, draw_working_months
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import LEAVING_TYPES, STAYS, draw_permanent
from flows.demo.staff_persons import Persons, age_in_tenths, births_of_others, births_of_permanent, draw_persons
from flows.demo.staff_targets import USUAL_MEN, by_sex, solve_composition, solve_full_time, solve_sick_hours
from flows.demo.staff_temporary import TEMPORARY, draw_hourly, draw_temporary
from flows.demo.targets import StaffTargets
from flows.domain.period import Period
from flows.errors import Refusal

#: Position codes by what a unit does; the first is the usual one. Invented in the form of AID labels.
POSITIONS = {
    "HEMTJANST": ("207024", "207025"),
    "VARDBOENDE": ("207024", "207025", "206014"),
    "ASSISTANS": ("207026",),
    "LSS_BOSTAD": ("403010", "207026"),
    "DAGLIG_VERKSAMHET": ("403011",),
    "STOD": ("403012", "351021"),
    "KOST": ("504010", "504011"),
    "IDROTT": ("601012",),
    "ARBETSMARKNAD": ("351030",),
    "HSL": ("206014", "206020", "206022"),
    "LEDNING": ("101010", "151012"),
}
#: Notice is given so many days before the last one.
NOTICE_DAYS = (20, 92)


def draw_staff(random: np.random.Generator, units: Units, targets: StaffTargets, period: Period) -> dict[str, pa.Table]:
    """heroma_anstallning, heroma_franvaro, heroma_arbetstid and heroma_avgang, January of the year before … the period.

    Every target of `targets` comes out when the definitions are applied to the tables. Flags are 0 or 1, hours
    DECIMAL(18,2). Raises Refusal for targets that cannot come out, naming the measure.
    """
    if targets.of("long_sick_leave_share") or targets.of("long_sick_leave_share", "T", -1):
        raise Refusal(
            "The synthetic organisation cannot be drawn to a published long_sick_leave_share.",
            "Leave that figure out of the targets' folder.",
        )
    months = StaffMonths.until(period)
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
    ordinary = _ordinary_by_window(months, work)
    sick: HoursByWindow = (
        solve_sick_hours(sick_leave[0], ordinary[0]),
        solve_sick_hours(sick_leave[1], ordinary[1]),
    )
    absence = draw_absence(random, months, work, ordinary, sick)
    hours = draw_working_months(random, months, employments, monthly_paid, work, grades, absence, targets)
    identity = (random.permutation(900_000)[: len(employments)] + 100_000).astype("U6")
    return {
        "heroma_anstallning": _employment_table(random, months, units, employments, persons, grades, identity),
        "heroma_franvaro": _absence_table(months, absence, identity[monthly_paid]),
        "heroma_arbetstid": _working_time_table(months, units, employments, hours, identity),
        "heroma_avgang": _leaver_table(months, units, employments, persons, identity),
    }


def _ordinary_by_window(months: StaffMonths, work: Worktime) -> HoursByWindow:
    """Ordinary hours (hundredths) by window and sex."""
    in_force = np.minimum(work.end[:, None], months.last) - np.maximum(work.start[:, None], months.first) + 1
    hours = np.maximum(in_force, 0) * work.daily
    before, now = (
        (int(hours[~work.is_male, window].sum()), int(hours[work.is_male, window].sum())) for window in months.windows
    )
    return before, now


def _unit_in(employments: Employments, employment: np.ndarray, month: np.ndarray) -> np.ndarray:
    moved = month >= employments.moves_in[employment]
    return np.where(moved, employments.later_unit[employment], employments.unit[employment])


def _employment_table(
    random: np.random.Generator,
    months: StaffMonths,
    units: Units,
    employments: Employments,
    persons: Persons,
    grades: np.ndarray,
    identity: np.ndarray,
) -> pa.Table:
    existed = (employments.start[:, None] <= months.last) & (employments.end[:, None] >= months.first)
    month, row = np.nonzero(existed.T)
    person = employments.person[row]
    unit = _unit_in(employments, row, month)
    # A permanent employment's end is known when notice is given; a fixed term's from the beginning.
    noticed = employments.end - random.integers(*NOTICE_DAYS, len(employments))
    is_known = (
        (employments.form[row] != TV)
        | (noticed[row] <= months.last[month])
        | (employments.end[row] <= months.last[month])
    )
    number = np.where(month < persons.renumbered_in[person], persons.earlier_number[person], persons.number[person])
    position_of_unit = [POSITIONS.get(kind, ("999999",)) for kind in units.activity_type]
    position = np.array([choices[0] for choices in position_of_unit])[employments.unit]
    second = np.array([choices[-1] for choices in position_of_unit])[employments.unit]
    position = np.where(random.random(len(employments)) < 0.3, second, position)
    return pa.table(
        {
            "period": days(months.first[month]),
            "personnummer": pa.array(number),
            "anst_id": pa.array(identity[row]),
            "enhet_kod": words(unit, units.unit_code),
            "befattning_aid": pa.array(position[row]),
            "anst_form": words(employments.form[row], FORMS),
            "loneform": words((employments.form[row] == TIM).astype(np.int8), ("MAN", "TIM")),
            "sysselsattningsgrad": decimals(grades[row, month] * 100, 2, 9),
            "kon": words(persons.is_male[person].astype(np.int8), ("K", "M")),
            "fodelsedatum": days(persons.birth[person]),
            "anst_from": days(employments.start[row]),
            "anst_tom": days(np.where(is_known, employments.end[row], NEVER)),
            "skyddad": flags(persons.is_protected[person]),
        }
    )


def _absence_table(months: StaffMonths, absence: AbsenceRows, identity: np.ndarray) -> pa.Table:
    return pa.table(
        {
            "period": days(months.first[absence.month]),
            "anst_id": pa.array(identity[absence.employment]),
            "orsak_kod": words(absence.code, CODES),
            "from": days(absence.first),
            "tom": days(absence.last),
            "omfattning": decimals(absence.extent * 100, 2, 9),
            "timmar_period": decimals(absence.hours, 2),
        }
    )


def _working_time_table(
    months: StaffMonths, units: Units, employments: Employments, hours: WorkingMonths, identity: np.ndarray
) -> pa.Table:
    return pa.table(
        {
            "period": days(months.first[hours.month]),
            "anst_id": pa.array(identity[hours.employment]),
            "enhet_kod": words(_unit_in(employments, hours.employment, hours.month), units.unit_code),
            "ordinarie_timmar": decimals(hours.ordinary, 2),
            "arbetade_timmar": decimals(hours.worked, 2),
            "mertid_timmar": decimals(hours.additional, 2),
            "overtid_timmar": decimals(hours.overtime, 2),
            "timlon_timmar": decimals(hours.hourly, 2),
        }
    )


def _leaver_table(
    months: StaffMonths, units: Units, employments: Employments, persons: Persons, identity: np.ndarray
) -> pa.Table:
    left = np.flatnonzero(
        (employments.leaving != STAYS) & (employments.end >= months.first[0]) & (employments.end <= months.last[-1])
    )
    left = left[np.argsort(employments.end[left], kind="stable")]
    end = employments.end[left]
    month = months.index_of(end)
    person = employments.person[left]
    return pa.table(
        {
            "period": days(months.first[month]),
            "anst_id": pa.array(identity[left]),
            "enhet_kod": words(_unit_in(employments, left, month), units.unit_code),
            "anst_form": words(employments.form[left], FORMS),
            "kon": words(persons.is_male[person].astype(np.int8), ("K", "M")),
            "avgang_datum": days(end),
            "avgang_typ": words(employments.leaving[left], LEAVING_TYPES),
            "extern": flags(employments.is_external[left]),
            "alder": decimals(age_in_tenths(persons.birth[person], end), 1, 9),
        }
    )
