"""The synthetic organisation's time: the targets in their order, the months that are drawn, and the events between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from flows.demo.exports import register_day
from flows.demo.organisation import UnitGroup, Units, draw_units, usual_groups
from flows.demo.organisation_events import EVENTS_FILE, OrganisationEvent, read_events, units_over_time
from flows.demo.targets import DEFAULT_TARGETS, Targets, no_targets, read_targets
from flows.domain.period import Period
from flows.errors import Refusal

#: Where the month folders lie that are used where none are named.
DEFAULT_FOLDER = DEFAULT_TARGETS.parent


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn, and when. A month belongs to the first target whose window speaks of it.

    `closings`: the months for which everything is delivered, in order. They are the targets' periods and, where the
    organisation lives on, the last month, of which nothing was published (`figures` and `words` empty).
    """

    closings: tuple[Targets, ...]
    groups: tuple[UnitGroup, ...]
    events: tuple[OrganisationEvent, ...]

    @property
    def first(self) -> Period:
        """The first month of history: January of the year before the first closing."""
        return self.closings[0].period.year_before.january

    @property
    def last(self) -> Period:
        return self.closings[-1].period

    @property
    def months(self) -> tuple[Period, ...]:
        return self.first.through(self.last)

    @property
    def register_day(self) -> date:
        """The day from which the registers hold."""
        return register_day(self.closings[0].period)

    @property
    def area_codes(self) -> tuple[str, ...]:
        """Every area that an edition or an event names, in the order in which they come to be."""
        named = [code for targets in self.closings for code in targets.edition.area_codes]
        moved = [event.till_affarsomrade for event in self.events if event.till_affarsomrade]
        return tuple(dict.fromkeys([*named, *moved]))

    def closing_of(self, month: Period) -> Targets:
        """The first closing at or after a month: what is known when the month is first reported."""
        return next(targets for targets in self.closings if targets.period >= month)

    def draw_units(self, random: np.random.Generator) -> Units:
        """The units with everything that happens to them until the last month."""
        areas = self.closings[0].edition.area_codes
        return units_over_time(draw_units(random, areas, self.groups), areas, self.groups, self.events)


def read_timeline(folder: Path | None, until: Period | None = None) -> Timeline:
    """The targets of one month's folder, or of a folder of month folders; `until` lives on, or stops before.

    Refuses a folder without targets, and a month to stop at before the first of them.
    """
    folder = DEFAULT_FOLDER if folder is None else folder
    if not folder.is_dir():
        raise Refusal(f"{folder} is no folder.", "Name a folder of targets, such as 2021-08.")
    closings: list[Targets] = []
    edition = DEFAULT_TARGETS
    for month in _month_folders(folder):
        targets = read_targets(month, edition)
        edition = month if targets.has_edition and (month / "edition").is_dir() else edition
        if until is None or targets.period <= until:
            closings.append(targets)
    if not closings:
        raise Refusal(f"No target is of {until} or earlier.", "Live until a later month.")
    if until is not None and until > closings[-1].period:
        closings.append(no_targets(until, closings[-1], edition / "edition"))
    last_day = closings[-1].period.last_day
    events = [event for event in _events(folder, closings[0]) if event.datum <= last_day]
    return Timeline(tuple(closings), _groups(closings[0]), tuple(events))


def _month_folders(folder: Path) -> list[Path]:
    """The folder itself where it is a month's, else those of months in it, in order."""
    if _month(folder.resolve()) is not None:
        return [folder]
    months = [each for each in folder.iterdir() if each.is_dir() and _month(each) is not None]
    return sorted(months, key=lambda each: str(_month(each))) or [folder]


def _month(folder: Path) -> Period | None:
    try:
        return Period.parse(folder.name)
    except ValueError:
        return None


def _events(folder: Path, first: Targets) -> Sequence[OrganisationEvent]:
    """Beside the month folders, or in the first of them."""
    for place in (first.folder, folder, folder.resolve().parent):
        if (place / EVENTS_FILE).is_file():
            return read_events(place / EVENTS_FILE)
    return ()


def _groups(targets: Targets) -> tuple[UnitGroup, ...]:
    declared = [
        UnitGroup(
            row["affarsomrade"],
            row["verksamhetstyp"],
            row["omrade"],
            int(row["antal"]),
            float(row["personal"]),
            float(row["omsattning"]),
        )
        for row in targets.side_file("enheter.csv")
    ]
    return tuple(declared or usual_groups(targets.edition.area_codes))
