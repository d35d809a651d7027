"""The register of places: a base, dated events, and the published numbers on the days that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from flows.demo.apportion import apportion
from flows.demo.organisation import Units
from flows.demo.timeline import Timeline
from flows.errors import Refusal

#: Kind of place, its measure, and the units that have such places.
_KINDS = (("BOENDE_RS", "places_housing", "STOD"), ("ARBETSMARKNAD", "places_labour_market", "ARBETSMARKNAD"))
_USUAL_PLACES = 100
_LEFT, _REORGANISED = "Överlämnad till annan huvudman", "Ändrad organisation"


@dataclass(frozen=True, slots=True)
class PlaceStep:
    """A unit has so many places from a day on."""

    unit: int
    kind: str
    on: date
    places: int
    words: str


@dataclass(frozen=True, slots=True)
class _Event:
    on: date
    change: int
    words: str


def draw_places(random: np.random.Generator, units: Units, timeline: Timeline) -> tuple[PlaceStep, ...]:
    """Each unit's places from the first day on, and a step for each event, a unit an event."""
    steps: list[PlaceStep] = []
    for kind, measure, activity_type in _KINDS:
        place = units.of_type(activity_type)
        if not len(place):
            raise Refusal(f"No unit has places of {kind}.", f"Give an area units of {activity_type} in enheter.csv.")
        known = _known_days(timeline, measure)
        base, events = _base(random, known, _declared(timeline, kind))
        course = _Course(units, place, timeline.register_day)
        course.run(random, kind, base, events, known)
        steps += course.steps(kind)
    return tuple(steps)


def place_register(steps: Sequence[PlaceStep], units: Units, as_of: date) -> list[dict[str, str]]:
    """The register as it is known on a day: what comes later is not there yet."""
    known = [step for step in steps if step.on <= as_of]
    rows: list[dict[str, str]] = []
    for place, step in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else None
        goes_on = following is not None and (following.unit, following.kind) == (step.unit, step.kind)
        rows.append(
            {
                "enhet_kod": str(units.unit_code[step.unit]),
                "platstyp": step.kind,
                "antal": str(step.places),
                "giltig_from": step.on.isoformat(),
                "giltig_tom": (following.on - timedelta(days=1)).isoformat() if following and goes_on else "",
                "handelse": step.words,
            }
        )
    return rows


def _declared(timeline: Timeline, kind: str) -> list[_Event]:
    """The dated events of every report's side file; the same event in two of them is one. None after the last day."""
    of_report = [
        [
            _Event(date.fromisoformat(row["datum"]), int(row["forandring"]), row["handelse"])
            for row in targets.side_file("platser_handelser.csv")
            if row["platstyp"] == kind
        ]
        for targets in timeline.closings
    ]
    events: list[_Event] = []
    for told in of_report:
        events += [event for event in dict.fromkeys(told) for _ in range(told.count(event) - events.count(event))]
    return sorted((event for event in events if event.on <= timeline.last.last_day), key=lambda event: event.on)


def _known_days(timeline: Timeline, measure: str) -> dict[date, int]:
    """How many places there are on the days that were published, in order."""
    known: dict[date, int] = {}
    for targets in timeline.closings:
        for year_offset, period in ((-1, targets.period.year_before), (0, targets.period)):
            figure = targets.figure(measure, year_offset=year_offset)
            if figure is not None and known.setdefault(period.last_day, int(figure.value)) != int(figure.value):
                raise Refusal(f"The reports say two things of {measure} on {period.last_day}.", "Correct one of them.")
    return dict(sorted(known.items()))


def _base(random: np.random.Generator, known: dict[date, int], events: list[_Event]) -> tuple[int, list[_Event]]:
    """The places before any event; a change between two published days that no event explains gets one."""
    if not known:
        return _USUAL_PLACES - sum(event.change for event in events), events
    days = list(known)
    for first, last in pairwise(days):
        between = sum(event.change for event in events if first < event.on <= last)
        unexplained = known[last] - known[first] - between
        if unexplained:
            events = sorted(
                [*events, _Event(_some_day(random, first, last), unexplained, _words(unexplained))],
                key=lambda event: event.on,
            )
    return known[days[0]] - sum(event.change for event in events if event.on <= days[0]), events


def _some_day(random: np.random.Generator, first: date, last: date) -> date:
    """The first of a month after one day and at most on the other; the other day itself where there is none."""
    span = (last - first).days
    day = first + timedelta(days=int(random.integers(min(20, span), max(min(110, span), 21) + 1)))
    day = min(day, last).replace(day=1)
    return day if first < day <= last else last


def _words(change: int) -> str:
    return "Utökning av platser" if change > 0 else "Minskning av platser"


class _Course:
    """The places of one kind, unit by unit, through time."""

    def __init__(self, units: Units, place: np.ndarray, from_day: date) -> None:
        self._units = units
        self._place = [int(unit) for unit in place]
        self._from_day = from_day
        self._steps: dict[int, list[tuple[date, int, str]]] = {}

    def steps(self, kind: str) -> list[PlaceStep]:
        return [
            PlaceStep(unit, kind, on, count, words)
            for unit in self._place
            for on, count, words in self._steps.get(unit, ())
        ]

    def run(
        self, random: np.random.Generator, kind: str, base: int, events: list[_Event], known: dict[date, int]
    ) -> None:
        """Lay the base out over the units of the beginning, then let everything happen in its order."""
        unit_of_event = self._units_of_events(random, events)
        for unit, count in self._base_of_units(random, kind, base, events, unit_of_event).items():
            self._steps[unit] = [(self._from_day, count, "")]
        happenings: list[tuple[date, int, int]] = [(event.on, 0, at) for at, event in enumerate(events)]
        happenings += [(self._end(unit), 1, unit) for unit in self._place if self._ends(unit)]
        happenings += [(day, 2, 0) for day in known]
        for on, what, number in sorted(happenings):
            if what == 0:
                self._change(unit_of_event[number], on, events[number].change, events[number].words)
            elif what == 1:
                self._hand_over(number, on)
            else:
                self._correct(on, known[on] - sum(self._count(unit) for unit in self._place), kind)

    def _ends(self, unit: int) -> bool:
        return self._units.valid_to[unit].astype(date).year < date.max.year

    def _end(self, unit: int) -> date:
        """The first day without the unit."""
        return self._units.valid_to[unit].astype(date) + timedelta(days=1)

    def _count(self, unit: int) -> int:
        return self._steps[unit][-1][1] if unit in self._steps else 0

    def _change(self, unit: int, on: date, change: int, words: str) -> None:
        if not change:
            return
        steps = self._steps.setdefault(unit, [])
        count = self._count(unit) + change if steps else change
        if steps and steps[-1][0] == on:
            said = ", ".join(word for word in (steps[-1][2], words) if word)
            steps[-1] = (on, count, said)
        else:
            steps.append((on, count, words))

    def _hand_over(self, unit: int, on: date) -> None:
        count, heirs = self._count(unit), self._units.successors(unit)
        self._change(unit, on, -count, _REORGANISED if heirs else _LEFT)
        if heirs and count:
            shares = np.array([float(heir.share) for heir in heirs])
            parts = apportion(shares, np.zeros(len(heirs), dtype=np.int64), np.array([count]))
            for heir, part in zip(heirs, parts, strict=True):
                self._change(heir.successor, on, int(part), _REORGANISED)

    def _correct(self, day: date, short: int, kind: str) -> None:
        """What units took with them that the published number still has, or the other way round."""
        there = self._units.in_force_on(day)
        by_size = sorted((unit for unit in self._place if there[unit]), key=lambda unit: -self._count(unit))
        for unit in by_size:
            change = max(short, -self._count(unit)) if short < 0 else short
            self._change(unit, day, change, _words(change))
            short -= change
        if short:
            raise Refusal(f"The places of {kind} on {day} cannot be reached.", "Correct platser_handelser.csv.")

    def _units_of_events(self, random: np.random.Generator, events: list[_Event]) -> dict[int, int]:
        """Who each event happens to: a new unit on its first day, else another unit for each as long as there are."""
        order = [self._place[at] for at in random.permutation(len(self._place))]
        new = {unit: self._units.valid_from[unit].astype(date) for unit in self._place}
        chosen: dict[int, int] = {}
        for at, event in enumerate(events):
            there = self._units.in_force_on(event.on)
            fresh = [unit for unit in self._place if new[unit] == event.on and unit not in chosen.values()]
            there_before = [unit for unit in order if there[unit] and new[unit] < event.on]
            unused = [unit for unit in there_before if unit not in chosen.values()]
            if fresh and event.change > 0:
                chosen[at] = fresh[0]
            elif there_before:
                chosen[at] = unused[0] if unused else there_before[at % len(there_before)]
            else:
                raise Refusal(f"No unit is there for the event of {event.on}.", "Correct platser_handelser.csv.")
        return chosen

    def _base_of_units(
        self, random: np.random.Generator, kind: str, base: int, events: list[_Event], unit_of_event: dict[int, int]
    ) -> dict[int, int]:
        """The largest fall closes its unit; whoever has a fall begins with as many places."""
        first = [unit for unit in self._place if self._units.valid_from[unit].astype(date) <= self._from_day]
        falls = sorted((at for at in unit_of_event if events[at].change < 0), key=lambda at: events[at].change)
        fixed: dict[int, int] = {}
        for rank, at in enumerate(falls):
            unit = unit_of_event[at]
            alone = sum(other == unit for other in unit_of_event.values()) == 1
            closes = rank == 0 and alone and len(first) > 1
            fixed[unit] = fixed.get(unit, 0) - events[at].change + (0 if closes else 2)
        free = [unit for unit in first if unit not in fixed]
        left = base - sum(fixed.values())
        if left < 0 or (left and not free) or not fixed.keys() <= set(first):
            raise Refusal(f"More places of {kind} fall away than there are.", "Correct platser_handelser.csv.")
        if free:
            size = random.lognormal(0.0, 0.2, len(free))
            counts = apportion(size, np.zeros(len(free), dtype=np.int64), np.array([left]))
            fixed |= {unit: int(count) for unit, count in zip(free, counts, strict=True)}
        return fixed
