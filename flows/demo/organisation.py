"""The units of the synthetic organisation: who they are, what they do and how large they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flows.errors import Refusal


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
class Units:
    """All units, one an index in every array. The two weights sum to 1 over the organisation."""

    unit_code: np.ndarray
    unit_name: np.ndarray
    ansvar: np.ndarray
    area_code: np.ndarray
    activity_type: np.ndarray
    #: TATORT or GLESBYGD for home care, '' for the others.
    district: np.ndarray
    staff_weight: np.ndarray
    turnover_weight: np.ndarray

    def __len__(self) -> int:
        return len(self.unit_code)

    def of_type(self, activity_type: str) -> np.ndarray:
        """The indexes of the units of one kind."""
        return np.flatnonzero(self.activity_type == activity_type)

    def of_area(self, area_code: str) -> np.ndarray:
        """The indexes of the units of one area."""
        return np.flatnonzero(self.area_code == area_code)


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
    names: list[str] = []
    ansvar: list[str] = []
    members: list[UnitGroup] = []
    spoken: dict[str, int] = {}
    for place, area in enumerate(area_codes):
        of_area = [group for group in groups if group.area_code == area]
        if not of_area:
            raise Refusal(f"The area {area!r} has no units.", "Give it a row in enheter.csv beside the targets.")
        number = 0
        for group in of_area:
            for _ in range(group.units):
                number += 1
                spoken[group.activity_type] = spoken.get(group.activity_type, 0) + 1
                codes.append(f"E{place + 1}{number:03d}")
                ansvar.append(f"{place + 11}{number:03d}")
                names.append(f"Fiktiv {_SPOKEN[group.activity_type]} {spoken[group.activity_type]:02d}")
                members.append(group)
    size = random.lognormal(0.0, 0.25, len(codes))
    return Units(
        unit_code=np.array(codes),
        unit_name=np.array(names),
        ansvar=np.array(ansvar),
        area_code=np.array([group.area_code for group in members]),
        activity_type=np.array([group.activity_type for group in members]),
        district=np.array([group.district for group in members]),
        staff_weight=_weights(size, members, [group.staff for group in members]),
        turnover_weight=_weights(size, members, [group.turnover for group in members]),
    )


def _weights(size: np.ndarray, members: list[UnitGroup], weights: list[float]) -> np.ndarray:
    """Each group's weight, shared by its units by size; sums to 1."""
    groups = {group: index for index, group in enumerate(dict.fromkeys(members))}
    index = np.array([groups[group] for group in members])
    of_group = np.bincount(index, weights=size)[index]
    shared = np.array(weights) * size / of_group
    return shared / shared.sum()
