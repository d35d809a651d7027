"""The four Heroma extracts of some months, from the staff as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from flows.demo.absence import AbsenceRows
from flows.demo.absence_spells import CODES
from flows.demo.organisation import Units
from flows.demo.staff_columns import days, decimals, flags, words
from flows.demo.staff_employments import FORMS, TIM, TV, Employments
from flows.demo.staff_hours import WorkingMonths
from flows.demo.staff_months import NEVER, StaffMonths
from flows.demo.staff_permanent import LEAVING_TYPES, STAYS
from flows.demo.staff_persons import Persons, age_in_tenths


@dataclass(frozen=True, slots=True)
class StaffRows:
    """What the tables are made of. `unit` (index) and `grades` (per cent) are employment × month.

    The employments of `absence` are indexes into `monthly_paid`; all others are indexes of `employments`.
    """

    employments: Employments
    persons: Persons
    monthly_paid: np.ndarray
    identity: np.ndarray
    position: np.ndarray
    noticed_on: np.ndarray
    unit: np.ndarray
    grades: np.ndarray
    absence: AbsenceRows
    hours: WorkingMonths


def staff_tables(months: StaffMonths, units: Units, drawn: StaffRows) -> dict[str, pa.Table]:
    """heroma_anstallning, heroma_franvaro, heroma_arbetstid and heroma_avgang of the months."""
    return {
        "heroma_anstallning": _employment_table(months, units, drawn),
        "heroma_franvaro": _absence_table(months, drawn.absence, drawn.identity[drawn.monthly_paid]),
        "heroma_arbetstid": _working_time_table(months, units, drawn),
        "heroma_avgang": _leaver_table(months, units, drawn),
    }


def _employment_table(months: StaffMonths, units: Units, drawn: StaffRows) -> pa.Table:
    employments, persons = drawn.employments, drawn.persons
    existed = (employments.start[:, None] <= months.last) & (employments.end[:, None] >= months.first)
    month, row = np.nonzero(existed.T)
    person = employments.person[row]
    # A permanent employment's end is known when notice is given; a fixed term's from the beginning.
    is_known = (
        (employments.form[row] != TV)
        | (drawn.noticed_on[row] <= months.last[month])
        | (employments.end[row] <= months.last[month])
    )
    number = np.where(month < persons.renumbered_in[person], persons.earlier_number[person], persons.number[person])
    return pa.table(
        {
            "period": days(months.first[month]),
            "personnummer": pa.array(number),
            "anst_id": pa.array(drawn.identity[row]),
            "enhet_kod": words(drawn.unit[row, month], units.unit_code),
            "befattning_aid": pa.array(drawn.position[row]),
            "anst_form": words(employments.form[row], FORMS),
            "loneform": words((employments.form[row] == TIM).astype(np.int8), ("MAN", "TIM")),
            "sysselsattningsgrad": decimals(drawn.grades[row, month] * 100, 2, 9),
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


def _working_time_table(months: StaffMonths, units: Units, drawn: StaffRows) -> pa.Table:
    hours = drawn.hours
    return pa.table(
        {
            "period": days(months.first[hours.month]),
            "anst_id": pa.array(drawn.identity[hours.employment]),
            "enhet_kod": words(drawn.unit[hours.employment, hours.month], units.unit_code),
            "ordinarie_timmar": decimals(hours.ordinary, 2),
            "arbetade_timmar": decimals(hours.worked, 2),
            "mertid_timmar": decimals(hours.additional, 2),
            "overtid_timmar": decimals(hours.overtime, 2),
            "timlon_timmar": decimals(hours.hourly, 2),
        }
    )


def _leaver_table(months: StaffMonths, units: Units, drawn: StaffRows) -> pa.Table:
    employments, persons = drawn.employments, drawn.persons
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
            "anst_id": pa.array(drawn.identity[left]),
            "enhet_kod": words(drawn.unit[left, month], units.unit_code),
            "anst_form": words(employments.form[left], FORMS),
            "kon": words(persons.is_male[person].astype(np.int8), ("K", "M")),
            "avgang_datum": days(end),
            "avgang_typ": words(employments.leaving[left], LEAVING_TYPES),
            "extern": flags(employments.is_external[left]),
            "alder": decimals(age_in_tenths(persons.birth[person], end), 1, 9),
        }
    )
