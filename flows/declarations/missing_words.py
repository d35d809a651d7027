"""The words that stand for a missing value, and when the value is then expected."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flows.declarations import root
from flows.domain.period import Period

PATH = root.REFERENCE / "missing_words.csv"

_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class MissingWord:
    """One way to write that a value is missing. `promise` is '', `iso_week_friday` or `month_end`."""

    reason: str
    promise: str
    month_number: int | None

    def expected_day(self, week: int | None, extracted_on: date) -> date | None:
        """The first promised day on or after the extraction; None where nothing is promised."""
        if self.promise == "month_end":
            assert self.month_number is not None
            promised = Period(extracted_on.year, self.month_number).last_day
            return promised if promised >= extracted_on else Period(extracted_on.year + 1, self.month_number).last_day
        if self.promise == "iso_week_friday":
            assert week is not None
            return _next_friday_of_week(week, extracted_on)
        return None


@dataclass(frozen=True, slots=True)
class TypedMissing:
    """A missing value as delivered: the word, what it means and, where it promises one, the day."""

    word: str
    reason: str
    expected_day: date | None


def typed_missing(text: str, extracted_on: date) -> TypedMissing | None:
    """What a word for "missing" says; None where the text is no such word. Upper and lower case are the same."""
    written = text.strip()
    for pattern, word in _patterns().items():
        match = pattern.fullmatch(written.casefold())
        if match is not None:
            week = int(match[1]) if match.lastindex else None
            if week is not None and not 1 <= week <= 53:
                return None
            return TypedMissing(written, word.reason, word.expected_day(week, extracted_on))
    return None


def _next_friday_of_week(week: int, extracted_on: date) -> date:
    # Week 53 is not in every year: look on until it is.
    for year in range(extracted_on.year - 1, extracted_on.year + 8):
        monday = date.fromisocalendar(year, 1, 1) + timedelta(weeks=week - 1)
        friday = monday + timedelta(days=_FRIDAY - 1)
        if monday.isocalendar().year == year and friday >= extracted_on:
            return friday
    raise ValueError(f"no year near {extracted_on.year} has a week {week}")


@cache
def _patterns() -> Mapping[re.Pattern[str], MissingWord]:
    with PATH.open(encoding="utf-8", newline="") as lines:
        return {
            re.compile(re.escape(row["word"].casefold()).replace(r"\{vecka\}", r"([0-9]{1,2})")): MissingWord(
                row["reason"], row["promise"], int(row["month_number"]) if row["month_number"] else None
            )
            for row in csv.DictReader(lines)
        }
