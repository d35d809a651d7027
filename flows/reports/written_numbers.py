"""Numbers as people write them in a sentence, each with its unit and the words before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from flows.declarations import root
from flows.domain.heads import month_name, short_month_name
from flows.reports.wording import read_rows

_BLANK = "[ \u00a0\u202f]"
_DASH = "-\u2212\u2013"
#: Neither part of a word, a date, an interval, a case number nor an ordinal.
_NUMBER = re.compile(
    rf"(?<![\w.,:/{_DASH}])(?P<sign>[{_DASH}+]{_BLANK}?)?(?P<digits>\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)|\d+)"
    rf"(?:[,.](?P<decimals>\d+))?(?!\d)(?![.,/]\d)(?!:\w)(?!{_BLANK}?[{_DASH}]{_BLANK}?\d)(?![^\W\d_])"
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÅÄÖ{])|\n+")
_WORD = re.compile(r"[^\W\d_][\w&-]*\.?|[^\w\s]+|\d+")
_MONTHS = frozenset({*map(month_name, range(1, 13)), *map(short_month_name, range(1, 13))})
_YEAR = re.compile(r"^(19|20)\d\d$")
#: No figure of an organisation has more digits and blanks; and no word further away leads to a number.
_MOST_DIGITS, _READ_BEFORE = 30, 1_000


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """One number of a text; `step` is the unit of its last digit, `before` the words of its sentence before it.

    `value` has the sign that is written, `is_signed` where one is. Trailing zeros of a whole number, but for the two
    first digits, count as rounding: 12 300 has a `step` of 100."""

    words: str
    value: Fraction
    step: Fraction
    is_signed: bool
    is_approximate: bool
    unit: str | None
    sentence: str
    before: tuple[str, ...]

    @property
    def digits(self) -> str:
        """Its digits without blanks, mark or sign."""
        return re.sub(r"\D", "", self.words).lstrip("0")


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words that texts are read by: `units`, longest first, with the print unit; and the lists by kind."""

    units: Sequence[tuple[str, str]]
    kinds: Mapping[str, frozenset[str]]


@cache
def read_text_words(folder: Path = root.REFERENCE) -> TextWords:
    """Read text_words.csv."""
    rows = read_rows(folder / "text_words.csv")
    units = [(row["words"], row["print_unit"]) for row in rows if row["word_kind"] == "unit"]
    kinds = {row["word_kind"] for row in rows} - {"unit"}
    return TextWords(
        sorted(units, key=lambda unit: -len(unit[0])),
        {kind: frozenset(row["words"] for row in rows if row["word_kind"] == kind) for kind in kinds},
    )


def written_numbers(text: str, words: TextWords) -> Iterator[WrittenNumber]:
    """The numbers of a text that may be figures: no dates, years, intervals, ordinals or numbers of chapters."""
    for sentence in _SENTENCE.split(text):
        for match in _NUMBER.finditer(sentence):
            if len(match["digits"]) > _MOST_DIGITS:
                continue
            near = sentence[max(0, match.start() - _READ_BEFORE) : match.start()]
            before = tuple(word.casefold() for word in _WORD.findall(near))
            after = sentence[match.end() :]
            unit, is_bare = _unit(after, words), match["sign"] is None and match["decimals"] is None
            if is_bare and (_is_date(after) or (unit is None and _YEAR.match(match["digits"]))):
                continue
            if before and before[-1] in words.kinds["label"]:
                continue
            yield _number(match, unit, sentence, before, words)


def _number(
    match: re.Match[str], unit: str | None, sentence: str, before: tuple[str, ...], words: TextWords
) -> WrittenNumber:
    whole, decimals = re.sub(r"\D", "", match["digits"]), match["decimals"] or ""
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    zeros = 0 if decimals else len(whole) - max(len(whole.rstrip("0")), 2)
    sign = (match["sign"] or "").strip()
    near = " ".join(before[-2:])
    said = words.kinds["approximate"]
    return WrittenNumber(
        words=match[0].strip(),
        value=-value if sign and sign != "+" else value,
        step=Fraction(10 ** max(zeros, 0), 10 ** len(decimals)),
        is_signed=bool(sign),
        is_approximate=bool(before) and (before[-1] in said or before[-1].rstrip(".") in said or near in said),
        unit=unit,
        sentence=sentence,
        before=before,
    )


def _unit(after: str, words: TextWords) -> str | None:
    for written, unit in words.units:
        if re.match(rf"{_BLANK}?{re.escape(written)}(?![\w-])", after, re.IGNORECASE):
            return unit
    return None


def _is_date(after: str) -> bool:
    following = re.match(rf"{_BLANK}?([^\W\d_]+)", after)
    return following is not None and following[1].casefold() in _MONTHS
