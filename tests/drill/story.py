"""What happens in the thirty-one nights, as data: which files come when, and what breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flows.domain.delivery import DeliveryName
from flows.domain.period import Period

FIRST_NIGHT = date(2021, 10, 12)
NIGHTS = 31
#: The months that are closed when the story begins, and the one whose files come in it.
BEFORE, LAST_BEFORE, NEXT = Period(2021, 8), Period(2021, 9), Period(2021, 10)
SFTP, HTTPS, FOLDER = "heroma", "vard", "ekonomi"
_SYSTEMS: Mapping[str, str] = {"heroma": SFTP, "treserva": HTTPS, "timecare": HTTPS, "kost": HTTPS}

_CORRECTED_STAFF = ("heroma_anstallning", "heroma_franvaro", "heroma_arbetstid", "heroma_avgang")
_LATE = "heroma_franvaro"


@dataclass(frozen=True, slots=True)
class Coming:
    """A file that lies at its place before the night of `day`, under `name`.

    Its bytes are those of `source` among the exports of `until`; `is_changed`: with one figure another.
    """

    day: date
    place: str
    name: str
    source: str
    until: Period = NEXT
    is_changed: bool = False
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """The whole of it. Days are those of the night, which begins at 01:00."""

    coming: tuple[Coming, ...]
    nights: tuple[date, ...]
    #: Nights on which the SFTP server is stopped.
    down: frozenset[date] = frozenset({date(2021, 10, 18), date(2021, 10, 19), date(2021, 10, 20)})
    #: Nights in which nothing is served, and when it is started again.
    off: frozenset[date] = frozenset({date(2021, 10, 24), date(2021, 10, 25)})
    on_again: datetime = datetime(2021, 10, 25, 8, 0)
    #: The night whose run is killed, and the step that it is in then.
    killed: date = date(2021, 10, 27)
    killed_in: str = "build"
    told: Mapping[date, Sequence[str]] = field(default_factory=dict)

    def comes_on(self, day: date) -> list[Coming]:
        return [one for one in self.coming if one.day == day]

    def until(self, nights: int) -> Story:
        """The same cut after so many nights."""
        kept = self.nights[:nights]
        return Story(tuple(one for one in self.coming if one.day in kept), kept, told=self.told)


def the_story(exports: Mapping[Period, Sequence[str]]) -> Story:
    """The story of the exports, whose names are given by the month until which the organisation was drawn."""
    nights = tuple(FIRST_NIGHT + timedelta(days=night) for night in range(NIGHTS))
    coming = [*_repeated(exports[LAST_BEFORE]), *_october(exports[NEXT])]
    told = {
        date(2021, 10, 14): ["a meal file comes again, the same bytes under a newer name"],
        date(2021, 10, 18): ["the staff system's SFTP server is down, with corrected files of September on it"],
        date(2021, 10, 19): ["it is down still"],
        date(2021, 10, 20): ["it is down still"],
        date(2021, 10, 21): ["it answers again"],
        date(2021, 10, 24): ["nothing is served: `bokslut serve` and its server were stopped"],
        date(2021, 10, 25): ["nothing is served; it is started again at 08:00"],
        date(2021, 10, 27): ["the night's process is killed (SIGKILL) while it builds"],
        date(2021, 10, 31): ["the clock goes back from 03:00 to 02:00"],
        date(2021, 11, 1): ["October has ended: it is the newest month now, and nothing of it is in"],
        date(2021, 11, 2): ["a meal file of September, closed long ago, comes corrected"],
        date(2021, 11, 4): ["the systems' files of October come, without the absence"],
        date(2021, 11, 5): ["it is October's close day"],
        date(2021, 11, 6): ["the ledger and what people type have come"],
        date(2021, 11, 10): ["the absence comes, two working days after the close day"],
    }
    return Story(tuple(sorted(coming, key=lambda one: (one.day, one.name))), nights, told=told)


def place_of(extract: str) -> str:
    """Where a file of the extract is put out: each system at its own, the rest in a folder."""
    return _SYSTEMS.get(extract.partition("_")[0], FOLDER)


def _repeated(names: Sequence[str]) -> list[Coming]:
    """What comes of September once more: a duplicate, and corrections of other figures."""
    meals = _newest(names, "kost_maltider", LAST_BEFORE)
    again = [
        Coming(date(2021, 10, 14), HTTPS, "kost_maltider_202109_20211013T0400.csv", meals, LAST_BEFORE,
               is_duplicate=True),
        Coming(date(2021, 10, 25), HTTPS, "treserva_boende_202109_20211023T0400.csv",
               _newest(names, "treserva_boende", LAST_BEFORE)),
        Coming(date(2021, 10, 27), HTTPS, "timecare_pass_202109_20211026T0400.csv",
               _newest(names, "timecare_pass", LAST_BEFORE)),
        Coming(date(2021, 11, 2), HTTPS, "kost_maltider_202109_20211101T0400.csv", meals, LAST_BEFORE,
               is_changed=True),
    ]  # fmt: skip
    staff = [
        Coming(date(2021, 10, 18), SFTP, f"{extract}_202109_20211017T0400.csv", _newest(names, extract, LAST_BEFORE))
        for extract in _CORRECTED_STAFF
    ]
    return [*again, *staff]


def _october(names: Sequence[str]) -> list[Coming]:
    """October's files the night after they are taken out; one of them days late."""
    found = []
    for name in names:
        named = DeliveryName.parse(name)
        if named is None or named.extracted_at.date() < FIRST_NIGHT:
            continue
        day = named.extracted_at.date() + timedelta(days=1)
        if named.extract == _LATE:
            late = "heroma_franvaro_202110_20211109T0400.csv"
            found.append(Coming(date(2021, 11, 10), SFTP, late, name))
        else:
            found.append(Coming(day, place_of(named.extract), name, name))
    return found


def _newest(names: Sequence[str], extract: str, period: Period) -> str:
    return max(
        name
        for name in names
        if (named := DeliveryName.parse(name)) and (named.extract, named.period) == (extract, period)
    )
