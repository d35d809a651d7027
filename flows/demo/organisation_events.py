"""Dated events of the synthetic organisation: units move, split, merge, come, leave and close; areas are renamed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np

from flows.demo.organisation import (
    OPEN,
    Move,
    Succession,
    UnitGroup,
    Units,
    ansvar_code,
    unit_code,
    unit_names,
)
from flows.errors import Refusal

#: The file of the events, beside the folders of targets or in the first of them.
EVENTS_FILE = "organisationshandelser.csv"

_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class OrganisationEvent:
    """One row of the file, under its own names. `slag` is one of

    FLYTT (a unit moves to the area `till_affarsomrade`) · DELNING (a row a part: `andel` per cent of the unit goes to
    a new unit in that area) · SAMMANSLAGNING (rows of one day, kind and new area become one new unit) · STANGNING (the
    unit `till_nummer` of the same kind in that area takes the accounts over) · OVERLAMNING (leaves the organisation) ·
    OVERTAGANDE (`antal` new units come from outside, of the weights `personal` and `omsattning` together, in the scale
    of enheter.csv) · NAMNBYTE_OMRADE (the area has another code from then on).

    Units are named by area, kind, `omrade` and `nummer` (1, 2 … among those in force the day before); without a number
    all of them are meant, without a kind those of every kind.
    """

    datum: date
    slag: str
    affarsomrade: str
    verksamhetstyp: str
    omrade: str
    nummer: int | None
    till_affarsomrade: str
    till_nummer: int | None
    andel: Fraction
    antal: int
    personal: float
    omsattning: float

    def __str__(self) -> str:
        said = (self.slag, self.affarsomrade, self.verksamhetstyp, "" if self.nummer is None else str(self.nummer))
        return f"{self.datum} {' '.join(word for word in said if word)}"


def read_events(path: Path) -> tuple[OrganisationEvent, ...]:
    """The events of a file in the order of their days; refuses a row that cannot be read, by its line."""
    names = [field.name for field in fields(OrganisationEvent)]
    reader = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    if reader.fieldnames != names:
        raise Refusal(f"{path} has another header.", f"It must be {';'.join(names)}.")
    events: list[OrganisationEvent] = []
    for row in reader:
        try:
            event = OrganisationEvent(
                date.fromisoformat(row["datum"]),
                row["slag"],
                row["affarsomrade"],
                row["verksamhetstyp"],
                row["omrade"],
                int(row["nummer"]) if row["nummer"] else None,
                row["till_affarsomrade"],
                int(row["till_nummer"]) if row["till_nummer"] else None,
                Fraction(row["andel"] or 100) / 100,
                int(row["antal"] or 1),
                float(row["personal"] or 0),
                float(row["omsattning"] or 0),
            )
        except (TypeError, ValueError) as error:
            raise Refusal(
                f"{path.name}, line {reader.line_num}, cannot be read.", "See warehouse/README.md."
            ) from error
        if event.slag not in _ACTS:
            raise Refusal(f"{path.name} knows no event {event.slag!r}.", f"Write one of {', '.join(_ACTS)}.")
        if event.datum.day != 1:
            raise Refusal(f"{event} is not on the first of a month.", "Let the event take effect with a month.")
        events.append(event)
    return tuple(sorted(events, key=lambda event: event.datum))


def units_over_time(
    units: Units, area_codes: Sequence[str], groups: Sequence[UnitGroup], events: Sequence[OrganisationEvent]
) -> Units:
    """The units with everything that happens to them. Refuses an event that names a unit that is not there."""
    history = _History(units, list(area_codes), groups)
    for day in dict.fromkeys(event.datum for event in events):
        of_day = [event for event in events if event.datum == day]
        there = _Day(day, history.units)
        for act in dict.fromkeys(event.slag for event in of_day):
            _ACTS[act](history, there, [event for event in of_day if event.slag == act])
    return replace(history.units, unit_name=np.array(unit_names(history.units.activity_type.tolist())))


class _Day:
    """The organisation as it was the day before an event."""

    def __init__(self, day: date, units: Units) -> None:
        self.day = day
        self._units = units
        self._area = units.area_on(date.fromordinal(day.toordinal() - 1))

    def named(self, event: OrganisationEvent) -> list[int]:
        return self._of(event, event.affarsomrade, event.nummer)

    def successor(self, event: OrganisationEvent) -> int:
        if event.till_nummer is None:
            raise Refusal(f"{event} does not say who takes over.", "Give till_affarsomrade and till_nummer.")
        (found,) = self._of(event, event.till_affarsomrade or event.affarsomrade, event.till_nummer)
        return found

    def _of(self, event: OrganisationEvent, area: str, number: int | None) -> list[int]:
        fits = self._area == area
        if event.verksamhetstyp:
            fits &= self._units.activity_type == event.verksamhetstyp
        if event.omrade:
            fits &= self._units.district == event.omrade
        found = np.flatnonzero(fits).tolist()
        if number is not None:
            found = found[number - 1 : number] if number > 0 else []
        if not found:
            raise Refusal(f"{event} names no unit that is there.", f"Correct {EVENTS_FILE}.")
        return found


class _History:
    """The units so far, and how they change."""

    def __init__(self, units: Units, area_codes: list[str], groups: Sequence[UnitGroup]) -> None:
        self.units = units
        self.area_codes = area_codes
        self._scale = (sum(group.staff for group in groups), sum(group.turnover for group in groups))

    def end(self, unit: int, day: date) -> None:
        if self.units.valid_to[unit] != OPEN:
            raise Refusal(f"{self.units.unit_code[unit]} ends twice on {day}.", f"Correct {EVENTS_FILE}.")
        valid_to = self.units.valid_to.copy()
        valid_to[unit] = np.datetime64(day) - _ONE_DAY
        self.units = replace(self.units, valid_to=valid_to)

    def move(self, unit: int, day: date, area: str) -> None:
        self._know(area)
        self.units = replace(self.units, moves=(*self.units.moves, Move(unit, day, area)))

    def follow(self, unit: int, successor: int, share: Fraction) -> None:
        self.units = replace(self.units, successions=(*self.units.successions, Succession(unit, successor, share)))

    def add(self, day: date, area: str, kind: str, district: str, staff: float, turnover: float) -> int:
        """A new unit; returns its index."""
        place = self._know(area)
        of_area = unit_code(place, 0)[:-3]
        number = 1 + sum(str(code)[:-3] == of_area for code in self.units.unit_code)
        units = self.units
        self.units = replace(
            units,
            unit_code=np.append(units.unit_code, unit_code(place, number)),
            unit_name=np.append(units.unit_name, ""),
            ansvar=np.append(units.ansvar, ansvar_code(place, number)),
            area_code=np.append(units.area_code, area),
            activity_type=np.append(units.activity_type, kind),
            district=np.append(units.district, district),
            staff_weight=np.append(units.staff_weight, staff),
            turnover_weight=np.append(units.turnover_weight, turnover),
            valid_from=np.append(units.valid_from, np.datetime64(day)),
            valid_to=np.append(units.valid_to, OPEN),
        )
        return len(units)

    def scaled(self, staff: float, turnover: float) -> tuple[float, float]:
        """Weights of enheter.csv as parts of the organisation of the beginning."""
        return staff / self._scale[0], turnover / self._scale[1]

    def _know(self, area: str) -> int:
        if area not in self.area_codes:
            self.area_codes.append(area)
        return self.area_codes.index(area)


def _move(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    for event in events:
        for unit in there.named(event):
            history.move(unit, there.day, event.till_affarsomrade)


def _split(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    parts: dict[int, list[OrganisationEvent]] = {}
    for event in events:
        for unit in there.named(event):
            parts.setdefault(unit, []).append(event)
    for unit, of_unit in parts.items():
        if sum(event.andel for event in of_unit) != 1:
            raise Refusal(f"The shares of {of_unit[0]} do not sum to 100.", f"Correct {EVENTS_FILE}.")
        history.end(unit, there.day)
        for event in of_unit:
            history.follow(unit, _heir(history, there.day, event.till_affarsomrade, {unit: event.andel}), event.andel)


def _merge(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    merged: dict[tuple[str, str, str], list[int]] = {}
    for event in events:
        into = merged.setdefault((event.till_affarsomrade, event.verksamhetstyp, event.omrade), [])
        into += there.named(event)
    for (area, _, _), members in merged.items():
        heir = _heir(history, there.day, area, dict.fromkeys(members, Fraction(1)))
        for unit in members:
            history.end(unit, there.day)
            history.follow(unit, heir, Fraction(1))


def _heir(history: _History, day: date, area: str, parts: dict[int, Fraction]) -> int:
    """A new unit of the first part's kind, as large as the parts together."""
    units, first = history.units, next(iter(parts))
    staff = sum(float(share) * float(units.staff_weight[unit]) for unit, share in parts.items())
    turnover = sum(float(share) * float(units.turnover_weight[unit]) for unit, share in parts.items())
    return history.add(day, area, str(units.activity_type[first]), str(units.district[first]), staff, turnover)


def _close(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    for event in events:
        successor = there.successor(event)
        for unit in there.named(event):
            history.end(unit, there.day)
            history.follow(unit, successor, Fraction(1))


def _leave(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    for event in events:
        for unit in there.named(event):
            history.end(unit, there.day)


def _come(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    for event in events:
        if event.personal <= 0 or event.omsattning <= 0 or event.antal < 1:
            raise Refusal(f"{event} does not say how large the new units are.", "Give personal and omsattning.")
        staff, turnover = history.scaled(event.personal / event.antal, event.omsattning / event.antal)
        for _ in range(event.antal):
            history.add(there.day, event.affarsomrade, event.verksamhetstyp, event.omrade, staff, turnover)


def _rename(history: _History, there: _Day, events: list[OrganisationEvent]) -> None:
    for event in events:
        for unit in there.named(event):
            history.move(unit, there.day, event.till_affarsomrade)


_ACTS: dict[str, Callable[[_History, _Day, list[OrganisationEvent]], None]] = {
    "NAMNBYTE_OMRADE": _rename,
    "FLYTT": _move,
    "DELNING": _split,
    "SAMMANSLAGNING": _merge,
    "STANGNING": _close,
    "OVERLAMNING": _leave,
    "OVERTAGANDE": _come,
}
