"""A period: one calendar month, and the months that belong to its close."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

#: Years that a close can be of: the years before and after it exist too.
_MONTH = re.compile(r"((?:19|20|21)[0-9]{2})-?(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written as YYYY-MM or YYYYMM; raises ValueError for anything else."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a month")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Period:
        """The period a day lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def days(self) -> int:
        return self.last_day.day

    @property
    def january(self) -> Period:
        return Period(self.year, 1)

    @property
    def december(self) -> Period:
        return Period(self.year, 12)

    @property
    def year_before(self) -> Period:
        return Period(self.year - 1, self.month)

    def plus(self, months: int) -> Period:
        """The period so many months later (earlier where negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    def through(self, last: Period) -> tuple[Period, ...]:
        """Every period from this one to the last, both included; none where the last is earlier."""
        count = (last.year - self.year) * 12 + last.month - self.month + 1
        return tuple(self.plus(step) for step in range(count))

    def to_date(self) -> tuple[Period, ...]:
        """January…this month of its own year."""
        return self.january.through(self)

    def compact(self) -> str:
        """YYYYMM, as in the names of deliveries."""
        return f"{self.year:04d}{self.month:02d}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
