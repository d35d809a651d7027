"""The units of the synthetic organisation: who they are, what they do, how large they are, and when they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from flows.domain.period import Period
from flows.errors import Refusal

#: The first day of a unit that was there from the beginning, and the last day of one that has no end.
ALWAYS, OPEN = np.datetime64("1900-01-01"), np.datetime64("9999-12-31")


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """So many units of one kind in one area. `staff` and `turnover` are the group's weights, in any scale."""

    area_code: str
    activity_type: str
    district: str
    units: int
    staff: float
    turnover: float


@dataclass(frozen=True, slots=True)
class Move:
    """A unit belongs to another area from a day on."""

    unit: int
    on: date
    area_code: str


@dataclass(frozen=True, slots=True)
class Succession:
    """What has a unit's accounts after its last day, and how much of them; the shares of a unit sum to 1."""

    unit: int
    successor: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Units:
    """Every unit that is ever there, one an index in every array; those of the beginning come first.

    The two weights sum to 1 over the units of the beginning; those of later units are in the same scale.
    """

    unit_code: np.ndarray
    unit_name: np.ndarray
    ansvar: np.ndarray
    #: The area of the unit's first day.
    area_code: np.ndarray
    activity_type: np.ndarray
    #: TATORT or GLESBYGD for home care, '' for the others.
    district: np.ndarray
    staff_weight: np.ndarray
    turnover_weight: np.ndarray
    #: First and last day (datetime64[D]), both inclusive: always the first and the last day of a month.
    valid_from: np.ndarray
    valid_to: np.ndarray
    moves: tuple[Move, ...] = ()
    successions: tuple[Succession, ...] = ()

    def __len__(self) -> int:
        return len(self.unit_code)

    def of_type(self, activity_type: str) -> np.ndarray:
        """The indexes of the units of one kind, whenever they are there."""
        return np.flatnonzero(self.activity_type == activity_type)

    def of_area(self, area_code: str) -> np.ndarray:
        """The indexes of the units that began in an area."""
        return np.flatnonzero(self.area_code == area_code)

    def in_force(self, month: Period) -> np.ndarray:
        """Which units are there in a month: changes come with the first of one, so on all of its days or on none."""
        return self.in_force_on(month.first_day)

    def in_force_on(self, day: date) -> np.ndarray:
        asked = np.datetime64(day)
        return (self.valid_from <= asked) & (asked <= self.valid_to)

    def area_on(self, day: date) -> np.ndarray:
        """Each unit's area on a day, '' for those that are not there."""
        area = self.area_code.astype(object)
        for move in sorted(self.moves, key=lambda move: move.on):
            if move.on <= day:
                area[move.unit] = move.area_code
        return np.where(self.in_force_on(day), area, "").astype(str)

    def successors(self, unit: int) -> tuple[Succession, ...]:
        """Who has the unit's accounts after its last day; nobody where it has no end or left the organisation."""
        return tuple(one for one in self.successions if one.unit == unit)

    def restated(self, day: date) -> np.ndarray:
        """Unit × unit: the share of the first one's accounts that the second, in force on the day, has then.

        Rows of units that left the organisation, or that come later, are zero.
        """
        there = self.in_force_on(day)
        shares = np.diag(there.astype(float))
        # A successor has a higher number or was there from the beginning, so a chain may run either way.
        for _ in range(len(self)):
            before = shares.copy()
            for unit in {one.unit for one in self.successions if not there[one.unit]}:
                shares[unit] = sum(float(one.share) * before[one.successor] for one in self.successors(unit))
            if (shares == before).all():
                break
        return shares

    def restated_area(self, day: date, area_codes: Sequence[str]) -> np.ndarray:
        """Unit × area: the share of a unit's accounts that the area has in the organisation of the day."""
        area = self.area_on(day)
        return self.restated(day) @ (area[:, None] == np.array(area_codes)[None, :]).astype(float)


#: How an organisation is made up whose targets do not say: kind, district, units, share of staff, share of turnover.
_USUAL: tuple[tuple[str, str, int, float, float], ...] = (
    ("HEMTJANST", "TATORT", 10, 10.0, 11.0),
    ("VARDBOENDE", "", 12, 24.0, 24.0),
    ("ASSISTANS", "", 5, 7.0, 8.0),
    ("STOD", "", 8, 12.0, 11.0),
    ("KOST", "", 5, 6.0, 7.0),
    ("LSS_BOSTAD", "", 10, 16.0, 14.0),
    ("ARBETSMARKNAD", "", 3, 3.0, 3.0),
    ("HEMTJANST", "GLESBYGD", 4, 4.0, 4.0),
    ("DAGLIG_VERKSAMHET", "", 5, 7.0, 6.0),
    ("IDROTT", "", 3, 4.0, 5.0),
    ("HSL", "", 2, 5.0, 5.0),
    ("LEDNING", "", 3, 2.0, 2.0),
)

#: What a unit of the kind is called; the first word says that none of them exists.
_SPOKEN = {
    "HEMTJANST": "hemtjänst",
    "VARDBOENDE": "vårdboende",
    "ASSISTANS": "personlig assistans",
    "LSS_BOSTAD": "LSS-bostad",
    "DAGLIG_VERKSAMHET": "daglig verksamhet",
    "STOD": "stödboende",
    "KOST": "kök",
    "IDROTT": "idrottsanläggning",
    "ARBETSMARKNAD": "arbetsmarknadsenhet",
    "HSL": "hälso- och sjukvård",
    "LEDNING": "ledningsstab",
}


def usual_groups(area_codes: Sequence[str]) -> tuple[UnitGroup, ...]:
    """Groups for areas of which nothing is known: every kind exists, every area has at least one group."""
    count = max(len(_USUAL), len(area_codes))
    return tuple(UnitGroup(area_codes[index % len(area_codes)], *_USUAL[index % len(_USUAL)]) for index in range(count))


def draw_units(random: np.random.Generator, area_codes: Sequence[str], groups: Sequence[UnitGroup]) -> Units:
    """The units of the groups, area by area; units of one group differ in size by about a quarter."""
    codes: list[str] = []
    ansvar: list[str] = []
    members: list[UnitGroup] = []
    for place, area in enumerate(area_codes):
        of_area = [group for group in groups if group.area_code == area]
        if not of_area:
            raise Refusal(f"The area {area!r} has no units.", "Give it a row in enheter.csv beside the targets.")
        of_units = [group for group in of_area for _ in range(group.units)]
        members += of_units
        codes += [unit_code(place, number) for number in range(1, len(of_units) + 1)]
        ansvar += [ansvar_code(place, number) for number in range(1, len(of_units) + 1)]
    size = random.lognormal(0.0, 0.25, len(codes))
    return Units(
        unit_code=np.array(codes),
        unit_name=np.array(unit_names([group.activity_type for group in members])),
        ansvar=np.array(ansvar),
        area_code=np.array([group.area_code for group in members]),
        activity_type=np.array([group.activity_type for group in members]),
        district=np.array([group.district for group in members]),
        staff_weight=_weights(size, members, [group.staff for group in members]),
        turnover_weight=_weights(size, members, [group.turnover for group in members]),
        valid_from=np.full(len(codes), ALWAYS),
        valid_to=np.full(len(codes), OPEN),
    )


def unit_code(area_place: int, number: int) -> str:
    return f"E{area_place + 1}{number:03d}"


def ansvar_code(area_place: int, number: int) -> str:
    return f"{area_place + 11}{number:03d}"


def unit_names(activity_types: Sequence[str]) -> list[str]:
    """What the units are called: by kind, numbered in order."""
    return [
        f"Fiktiv {_SPOKEN[kind]} {sum(each == kind for each in activity_types[: place + 1]):02d}"
        for place, kind in enumerate(activity_types)
    ]


def _weights(size: np.ndarray, members: list[UnitGroup], weights: list[float]) -> np.ndarray:
    """Each group's weight, shared by its units by size; sums to 1."""
    groups = {group: index for index, group in enumerate(dict.fromkeys(members))}
    index = np.array([groups[group] for group in members])
    of_group = np.bincount(index, weights=size)[index]
    shared = np.array(weights) * size / of_group
    return shared / shared.sum()
