"""The register of places: a base, dated events, and the published numbers on the two days that count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.targets import Targets
from flows.errors import Refusal

#: Kind of place, its measure, and the units that have such places.
_KINDS = (("BOENDE_RS", "places_housing", "STOD"), ("ARBETSMARKNAD", "places_labour_market", "ARBETSMARKNAD"))
_USUAL_PLACES = 100


@dataclass(frozen=True, slots=True)
class _Event:
    on: date
    change: int
    words: str


def draw_places(random: np.random.Generator, units: Units, targets: Targets, from_day: date) -> list[dict[str, str]]:
    """The register's rows: each unit's places from the first day on, and a row for each event, a unit an event."""
    rows: list[dict[str, str]] = []
    declared = targets.side_file("platser_handelser.csv")
    for kind, measure, activity_type in _KINDS:
        events = [
            _Event(date.fromisoformat(row["datum"]), int(row["forandring"]), row["handelse"])
            for row in declared
            if row["platstyp"] == kind
        ]
        place = units.of_type(activity_type)
        if not len(place):
            raise Refusal(f"No unit has places of {kind}.", f"Give an area units of {activity_type} in enheter.csv.")
        base, events = _base(random, targets, measure, events)
        rows += _rows(random, units.unit_code[place], kind, base, events, from_day)
    return rows


def _base(
    random: np.random.Generator, targets: Targets, measure: str, events: list[_Event]
) -> tuple[int, list[_Event]]:
    """The places before any event; a change between the two published days that no event explains gets one."""
    now, before = targets.figure(measure), targets.figure(measure, year_offset=-1)
    last, first = targets.period.last_day, targets.period.year_before.last_day
    known = [event.change for event in events if event.on <= first]
    between = sum(event.change for event in events if first < event.on <= last)
    if now is None and before is None:
        return _USUAL_PLACES - sum(known), events
    if now is None or before is None:
        base = int(before.value) if before else int(now.value) - between if now else 0
        return base - sum(known), events
    unexplained = int(now.value) - int(before.value) - between
    if unexplained:
        day = first + timedelta(days=int(random.integers(20, 110)))
        words = "Utökning av platser" if unexplained > 0 else "Minskning av platser"
        events = sorted([*events, _Event(day.replace(day=1), unexplained, words)], key=lambda event: event.on)
    return int(before.value) - sum(known), events


def _rows(
    random: np.random.Generator, codes: np.ndarray, kind: str, base: int, events: list[_Event], from_day: date
) -> list[dict[str, str]]:
    """The largest fall closes its unit; every event has a unit of its own where there are enough of them."""
    order = random.permutation(len(codes))
    unit_of_event = {place: int(order[place % len(codes)]) for place in range(len(events))}
    falls = sorted((place for place in unit_of_event if events[place].change < 0), key=lambda at: events[at].change)
    fixed: dict[int, int] = {}
    for rank, place in enumerate(falls):
        unit = unit_of_event[place]
        alone = sum(other == unit for other in unit_of_event.values()) == 1
        closes = rank == 0 and alone and len(codes) > 1
        fixed[unit] = fixed.get(unit, 0) - events[place].change + (0 if closes else 2)
    free = [unit for unit in range(len(codes)) if unit not in fixed]
    left = base - sum(fixed.values())
    if left < 0 or (left and not free):
        raise Refusal(f"More places of {kind} fall away than there are.", "Correct platser_handelser.csv.")
    places = np.zeros(len(codes), dtype=np.int64)
    for unit, count in fixed.items():
        places[unit] = count
    if free:
        size = random.lognormal(0.0, 0.2, len(free))
        places[free] = apportion(size, np.zeros(len(free), dtype=np.int64), np.array([left]))
    rows: list[dict[str, str]] = []
    for unit, code in enumerate(codes):
        of_unit = sorted((events[at] for at, other in unit_of_event.items() if other == unit), key=lambda one: one.on)
        steps = [(from_day, int(places[unit]), "")]
        for event in of_unit:
            steps.append((event.on, steps[-1][1] + event.change, event.words))
        for place, (on, count, words) in enumerate(steps):
            until = (steps[place + 1][0] - timedelta(days=1)).isoformat() if place + 1 < len(steps) else ""
            rows.append(
                {
                    "enhet_kod": str(code),
                    "platstyp": kind,
                    "antal": str(count),
                    "giltig_from": on.isoformat(),
                    "giltig_tom": until,
                    "handelse": words,
                }
            )
    return rows
