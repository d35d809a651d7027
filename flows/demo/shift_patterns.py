"""How shifts lie over the day and the week, by what a unit does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """One kind of shift, local time in minutes: earliest and latest start, shortest and longest from start to end.

    Starts and lengths are drawn evenly, in quarters of an hour. The break is unpaid.
    """

    name: str
    start: tuple[int, int]
    length: tuple[int, int]
    rest: int


DAY = ShiftPattern("day", (390, 480), (450, 570), 30)
SHORT_DAY = ShiftPattern("short day", (420, 600), (240, 330), 0)
EVENING = ShiftPattern("evening", (810, 930), (390, 480), 30)
NIGHT = ShiftPattern("night", (1230, 1320), (570, 645), 0)
OFFICE = ShiftPattern("office", (450, 510), (480, 540), 45)
PATTERNS = (DAY, SHORT_DAY, EVENING, NIGHT, OFFICE)

#: The share of each pattern (in the order of PATTERNS) among the shifts of a kind of unit.
MIX: dict[str, tuple[float, ...]] = {
    "HEMTJANST": (0.46, 0.12, 0.35, 0.07, 0.0),
    "VARDBOENDE": (0.43, 0.07, 0.35, 0.15, 0.0),
    "ASSISTANS": (0.40, 0.10, 0.32, 0.18, 0.0),
    "LSS_BOSTAD": (0.38, 0.07, 0.35, 0.20, 0.0),
    "DAGLIG_VERKSAMHET": (0.0, 0.15, 0.0, 0.0, 0.85),
    "HSL": (0.10, 0.05, 0.20, 0.10, 0.55),
}
#: The units that plan in shifts.
CARE_TYPES = tuple(MIX)
#: How many shifts a weekday has (Monday first): where somebody lives, and where the doors close at weekends.
AROUND_THE_WEEK = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.78, 0.78])
ON_WORKDAYS = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
WEEKDAYS: dict[str, np.ndarray] = dict.fromkeys(MIX, AROUND_THE_WEEK) | {"DAGLIG_VERKSAMHET": ON_WORKDAYS}

#: Who works a shift that somebody works, and how many nobody does.
STAFFED_BY = ("ORD", "TIM", "POOL", "INHYRD")
STAFFED_SHARES = np.array([0.80, 0.14, 0.04, 0.02])
VACANT_SHARE = 0.025
#: Hours worked beside those planned: their usual ratio and its deviation.
PERFORMED = (1.0, 0.03)
