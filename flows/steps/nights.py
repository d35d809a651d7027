"""What a home remembers of its nights, so that one that was missed or killed is made good, whoever else forgot it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.errors import Refusal
from flows.store.home import Home

#: The night begins at this hour of the organisation's clock; until then it is still the night before.
NIGHT_HOUR = 1
#: A night that was killed is begun once more, and no third time: what killed it twice will do so again.
_MOST_TIMES = 2


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights are called by the day on which they should begin. `begun`: the newest one, begun so many `times`.

    `ended`: the newest that ran to its end, also where months were stopped in it. None where nothing is known.
    """

    begun: date | None = None
    times: int = 0
    ended: date | None = None

    def lack(self, due: date) -> bool:
        """Whether the night that is due was missed, or killed; a home that knows of no night has missed none.

        Another night that ended is no reason, though it be a later one: a clock that went ahead has been set back.
        """
        if self.begun is None or self.ended == due:
            return False
        return self.begun != due or self.times < _MOST_TIMES


def last_night(now: datetime) -> datetime:
    """When the newest night should have begun."""
    begins = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return begins if begins <= now else begins - timedelta(days=1)


def read_nights(home: Home) -> Nights:
    """What is remembered; nothing where the memory is lost or broken."""
    try:
        kept = json.loads(home.nights_file.read_text("utf-8"))
        ended = kept["ended"]
        return Nights(
            date.fromisoformat(kept["begun"]), int(kept["times"]), date.fromisoformat(ended) if ended else None
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Nights()


@contextmanager
def one_night(home: Home, now: Callable[[], datetime]) -> Iterator[None]:
    """Be the home's one night while within, and remember that it began, and that it ended if nothing killed it.

    Raises Refusal (exit 5) where another night is on. A refusal ends a night too: once more it would be refused again.
    """
    with home.night():
        before = read_nights(home)
        night = last_night(now()).date()
        begun = Nights(night, before.times + 1 if before.begun == night else 1, before.ended)
        _remember(home, begun)
        try:
            yield
        except Refusal:
            _remember(home, Nights(night, begun.times, night))
            raise
        _remember(home, Nights(night, begun.times, night))


def _remember(home: Home, nights: Nights) -> None:
    kept = {
        "begun": nights.begun.isoformat() if nights.begun else None,
        "times": nights.times,
        "ended": nights.ended.isoformat() if nights.ended else None,
    }
    beside = home.nights_file.with_suffix(".tmp")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(kept) + "\n", "utf-8")
    beside.replace(home.nights_file)
