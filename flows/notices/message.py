"""What a message says, in Swedish: the morning's, and the one when somebody must act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flows.domain.heads import month_name, short_month_name
from flows.domain.month_range import month_range
from flows.domain.period import Period

#: A message is read on a telephone: what does not fit is counted, and said where to look.
_MOST_LINES = 12
#: What a place's failure is called to people; the program's own words for it are English.
_FAILURES = {
    "does not answer": "svarar inte",
    "has another host key than the settings name": "har en annan värdnyckel än inställningarna anger",
    "does not let us in": "släpper inte in oss",
    "has no such folder": "har ingen sådan mapp",
    "has a certificate that is not trusted": "har ett certifikat som inte är betrott",
    "sent a file that is not the one it listed": "sände en annan fil än den som listades",
    "could not be fetched from: our own disk is full": "kunde inte hämtas från: vår egen disk är full",
}
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


@dataclass(frozen=True, slots=True)
class MissingDelivery:
    """A delivery that is owed: its label, its months, the day it is due, and whether a gap explains it."""

    label: str
    months: tuple[Period, ...]
    due: date | None
    is_known_gap: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """What one person (a role) has to do, with what to type."""

    ask: str
    message: str
    action: str
    is_barring: bool


@dataclass(frozen=True, slots=True)
class DownPlace:
    """A place that could not be fetched from."""

    name: str
    failure: str


@dataclass(frozen=True, slots=True)
class Situation:
    """How a period stands on a morning. `working_days_left` is negative where the close day has passed."""

    organisation: str
    period: Period
    today: date
    close_day: date
    working_days_left: int
    missing: tuple[MissingDelivery, ...] = ()
    to_do: tuple[ToDo, ...] = ()
    down: tuple[DownPlace, ...] = ()
    published_version: int | None = None
    published_at: datetime | None = None
    #: Nothing was ever closed for the period.
    is_untried: bool = False
    #: Months that lack nothing but a person's word, this one or older ones.
    awaiting_word: tuple[Period, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def without_to_do(self) -> Situation:
        """The same while nobody need do anything yet."""
        return replace(self, to_do=())

    @property
    def late(self) -> tuple[MissingDelivery, ...]:
        """What is missing without a gap that explains it and should have been in before today, or has no day."""
        return tuple(one for one in self.missing if not one.is_known_gap and (one.due is None or one.due < self.today))

    @property
    def is_threatened(self) -> bool:
        """The figures will not be whole on the close day unless somebody does something."""
        due_too_late = any(not one.is_known_gap and one.due and one.due > self.close_day for one in self.missing)
        return bool(self.late) or due_too_late or any(one.is_barring for one in self.to_do)


@dataclass(frozen=True, slots=True)
class Message:
    """A title for the subject line, and a body of plain lines."""

    title: str
    body: str


def morning_message(situation: Situation) -> Message:
    """What is missing, whether the close day is threatened, and what to type."""
    month = f"{month_name(situation.period.month)} {situation.period.year}"
    lines = [f"{situation.organisation}: läget inför bokslutet av {month}", _close_day(situation), ""]
    lines += _section("Saknas och skulle vara inne", [_missing(one) for one in situation.late])
    later = [one for one in situation.missing if not one.is_known_gap and one not in situation.late]
    lines += _section("Väntas", [_missing(one) for one in later])
    lines += _section("Kända luckor", [_missing(one) for one in situation.missing if one.is_known_gap])
    lines += _section("Kunde inte hämtas från", [_down(one) for one in situation.down])
    lines += _section("Att göra", [_to_do(one) for one in situation.to_do])
    lines += _section("Kan publiceras", [_may_be_published(one) for one in situation.awaiting_word])
    lines += [*situation.notes, *([""] if situation.notes else []), _published(situation)]
    return Message(f"bokslut {situation.period}: {_headline(situation)}", "\n".join(lines))


def act_message(situation: Situation, news: Sequence[str]) -> Message:
    """What has come up since the last message that somebody must act on."""
    lines = [f"{situation.organisation}: något behöver göras för {situation.period}", ""]
    lines += _section("Nytt", news)
    lines += [f"Allt som är att göra: `bokslut findings {situation.period}`"]
    count = "en sak" if len(news) == 1 else f"{len(news)} saker"
    return Message(f"bokslut {situation.period}: {count} att göra", "\n".join(lines))


def news_of(situation: Situation) -> tuple[str, ...]:
    """What a person must act on, a line each: what bars, what may be published, and places that are down.

    Known gaps are none."""
    barring = [_to_do(one) for one in situation.to_do if one.is_barring]
    allowed = [_may_be_published(one) for one in situation.awaiting_word]
    return (*barring, *allowed, *(_down(one) for one in situation.down))


def _headline(situation: Situation) -> str:
    parts = []
    late, down = len(situation.late), len(situation.down)
    if late:
        parts.append("en leverans saknas" if late == 1 else f"{late} leveranser saknas")
    if down:
        parts.append("en källa svarar inte" if down == 1 else f"{down} källor svarar inte")
    if situation.is_threatened:
        parts.append("bokslutsdagen har passerat" if situation.working_days_left < 0 else "bokslutsdagen är hotad")
    if situation.period in situation.awaiting_word:
        parts.append("kan publiceras")
    return ", ".join(parts) or "allt väntat är inne"


def _close_day(situation: Situation) -> str:
    day, left = situation.close_day, situation.working_days_left
    said = f"Bokslutsdag: {_WEEKDAYS[day.weekday()]} {day.day} {short_month_name(day.month)}"
    if left < 0:
        said += ", har passerat"
    elif left == 0:
        said += ", i dag"
    else:
        said += f", om {left} arbetsdag{'ar' if left > 1 else ''}"
    return said + (" – HOTAD" if situation.is_threatened and left >= 0 else "")


def _missing(one: MissingDelivery) -> str:
    due = f" (väntas senast {one.due})" if one.due else " (ingen dag är angiven)"
    return f"{one.label} {month_range(one.months)}{due}"


def _to_do(one: ToDo) -> str:
    said = f"{one.ask}: {one.message}" if one.ask else one.message
    return f"{said} → {one.action}" if one.action else said


def _may_be_published(period: Period) -> str:
    """What to type: the first shows what would change and publishes nothing."""
    return f"{period} kan publiceras → `bokslut close {period} --preview`, sedan `bokslut close {period}`"


def _down(one: DownPlace) -> str:
    said = _FAILURES.get(one.failure, "kunde inte hämtas från")
    return f"{one.name}: {said} → försök igen med `bokslut pull {one.name}`"


def _published(situation: Situation) -> str:
    if situation.published_version is None:
        why = "inget bokslut är prövat" if situation.is_untried else "inget är publicerat"
        return f"Publicerat: {why} för {situation.period}."
    at = f" {situation.published_at:%Y-%m-%d %H:%M}" if situation.published_at else ""
    return f"Publicerat: {situation.period} version {situation.published_version}{at}."


def _section(head: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    if not listed:
        return []
    shown = [f"  {line}" for line in listed[:_MOST_LINES]]
    if len(listed) > _MOST_LINES:
        shown.append(f"  … och {len(listed) - _MOST_LINES} till")
    return [head, *shown, ""]
