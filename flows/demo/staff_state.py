"""The staff as they are after the months drawn so far: what the following months go on from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.demo.absence import Absence
from flows.demo.absence_spells import Spells
from flows.demo.organisation import Units
from flows.demo.staff_employments import Employments
from flows.demo.staff_history import StaffHistory, history_of
from flows.demo.staff_months import StaffMonths
from flows.demo.staff_persons import Persons
from flows.demo.staff_tables import StaffRows
from flows.domain.period import Period

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


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who has been employed until the month `until`.

    `employments.unit` is where each is in that month, `hired_in` the unit whose hours and positions the contract has.
    """

    until: Period
    employments: Employments
    persons: Persons
    hired_in: np.ndarray
    position: np.ndarray
    #: Per cent of full time in the last month; 0 for hourly staff.
    grade: np.ndarray
    identity: np.ndarray
    free_identities: np.ndarray
    #: Absence that lasts beyond the month (`employment` indexes `employments`), and whether its end is open.
    ongoing: tuple[Spells, np.ndarray]
    history: StaffHistory


def draw_identities(random: np.random.Generator) -> np.ndarray:
    """Employment numbers in the order in which they are given."""
    return random.permutation(900_000)


def written(identities: np.ndarray) -> np.ndarray:
    """Employment numbers as delivered."""
    return (identities + 100_000).astype("U6")


def draw_notice(random: np.random.Generator, employments: Employments) -> np.ndarray:
    """The day on which each employment's end becomes known."""
    return employments.end - random.integers(*NOTICE_DAYS, len(employments))


def draw_positions(random: np.random.Generator, units: Units, unit: np.ndarray) -> np.ndarray:
    """A position code for each, by what its unit does."""
    of_unit = [POSITIONS.get(kind, ("999999",)) for kind in units.activity_type]
    usual = np.array([choices[0] for choices in of_unit])[unit]
    second = np.array([choices[-1] for choices in of_unit])[unit]
    return np.where(random.random(len(unit)) < 0.3, second, usual)


def staff_after(
    months: StaffMonths,
    drawn: StaffRows,
    hired_in: np.ndarray,
    free_identities: np.ndarray,
    absence: Absence,
    before: StaffHistory | None = None,
) -> Staff:
    """The staff after the months that were drawn; `before` is what came of the months before them."""
    history = history_of(months, drawn)
    lasts = absence.spells.last > months.last[-1]
    rest = absence.spells.only(lasts)
    of_all = Spells(rest.spell, drawn.monthly_paid[rest.employment], rest.code, rest.first, rest.last, rest.extent)
    return Staff(
        months.period,
        drawn.employments.now_in(drawn.unit[:, -1]),
        drawn.persons,
        hired_in,
        drawn.position,
        drawn.grades[:, -1],
        drawn.identity,
        free_identities,
        (of_all, absence.is_open[lasts]),
        history if before is None else before.and_then(history),
    )
