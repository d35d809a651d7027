"""A delivery: one file as it arrived, and the rule that says which one counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.domain.period import Period

_NAME = re.compile(
    r"(?P<extract>[a-z][a-z_]*[a-z])_(?P<period>[0-9]{6})_(?P<at>[0-9]{8}T[0-9]{4})\.(?P<ending>[A-Za-z]+)"
)
#: No system of ours exported anything before; years far from here are a mistyped name.
_YEARS = range(1990, 2200)


@dataclass(frozen=True, slots=True)
class DeliveryName:
    """What a file's name says: `<extract>_<YYYYMM>_<YYYYMMDDTHHMM>.<ext>`, the time in Europe/Stockholm."""

    extract: str
    period: Period
    extracted_at: datetime
    ending: str

    @classmethod
    def parse(cls, file_name: str) -> DeliveryName | None:
        """None where the name is not of that form, or names no real month or minute."""
        match = _NAME.fullmatch(file_name)
        if match is None:
            return None
        return cls.read(match["extract"], match["period"], match["at"], "%Y%m%dT%H%M", match["ending"])

    @classmethod
    def read(cls, extract: str, period: str | None, at: str | None, form: str, ending: str) -> DeliveryName | None:
        """The parts of a name, the time written in `form`; None where one is not there or names nothing real."""
        try:
            extracted_at = datetime.strptime(at or "", form)
            named = cls(extract, Period.parse(period or ""), extracted_at, ending.lower())
        except ValueError:
            return None
        return named if extracted_at.year in _YEARS else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A recorded delivery that landed."""

    delivery_id: int
    extract: str
    period: Period
    extracted_at: datetime
    file_name: str
    sha256: str


def newest(deliveries: Iterable[Delivery]) -> Delivery | None:
    """The delivery in force among those of one (extract, period): newest extraction time, then later arrival."""
    return max(deliveries, key=lambda one: (one.extracted_at, one.delivery_id), default=None)
