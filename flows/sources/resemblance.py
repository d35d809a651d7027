"""Which contract a file of an unknown form resembles: by the names in its header, and by the values below them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from flows.declarations.contracts import NUMBER_TYPES, Column, Contract, contracts
from flows.declarations.mappings import CONVERSIONS, UNDECIDED
from flows.declarations.missing_words import typed_missing
from flows.declarations.other_names import other_names
from flows.domain.period import Period
from flows.sources.conversions import convert
from flows.sources.delimited import Line, Records
from flows.sources.printed_text import looks_personal
from flows.sources.values import (
    BadValue,
    parse_date,
    parse_flag,
    parse_month,
    parse_number,
    parse_observation_period,
    parse_time,
    personnummer_digits,
)

#: So many distinct values of a column say what it holds.
_SAMPLE = 200
#: A name less like ours than this is another name.
_LEAST_ALIKE = 0.6
#: Code lists longer than this are no code lists.
_MOST_CODES = 40
_NAME_WEIGHT = 0.75

#: Conversions that a value shows by its form, and those that only the column's name can tell.
_BY_FORM = ("date_day_month_year", "date_from_time", "month_from_date", "month_month_year", "time_without_seconds")
_BY_NAME = (
    (re.compile(r"min(uter)?$|min$"), "hours_from_minutes"),
    (re.compile(r"tkr$|ksek$"), "kronor_from_thousands"),
    (re.compile(r"mnkr$|msek$"), "kronor_from_millions"),
    (re.compile(r"andel$"), "percent_from_share"),
)
_UNIT_OF_NAME = re.compile(r"(minuter|min|timmar|tim|tkr|ksek|mnkr|msek|andel|procent)$")
_FLAG_WORDS = {
    "ja": "1",
    "j": "1",
    "sant": "1",
    "true": "1",
    "x": "1",
    "nej": "0",
    "n": "0",
    "falskt": "0",
    "false": "0",
}

_PARSERS: Mapping[str, Callable[[str], object]] = {
    "month": parse_month,
    "date": parse_date,
    "time": parse_time,
    "flag": parse_flag,
    "observation_period": parse_observation_period,
    "personnummer": personnummer_digits,
}


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of ours and what of theirs it seems to be (None: nothing). `how` says why, in Swedish.

    `codes` (their value → ours, or the mark of what a person must decide) are those that are not ours already.
    """

    column: Column
    theirs: str | None
    how: str = ""
    score: float = 0.0
    conversions: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How like a contract a file is, from 0 to 1, column by column; `unknown` are the names that are left over."""

    contract: Contract
    score: float
    columns: tuple[ColumnMatch, ...]
    unknown: tuple[str, ...]


def resemblances(header: Line, records: Records) -> list[Resemblance]:
    """Every tabular contract, the most alike first."""
    samples = {
        name: _sample(written) for name, written in zip(header.fields, records.columns, strict=True) if name.strip()
    }
    found = [_resemblance(contract, samples) for contract in contracts().values() if contract.columns]
    return sorted(found, key=lambda one: -one.score)


def _sample(written: pa.StringArray) -> list[str]:
    values = [value.strip() for value in written.unique().to_pylist()]
    return [value for value in values if value and not _is_missing(value)][:_SAMPLE]


def _is_missing(value: str) -> bool:
    return typed_missing(value, Period(2000, 1).first_day) is not None


def _resemblance(contract: Contract, samples: Mapping[str, Sequence[str]]) -> Resemblance:
    pairs = sorted(
        (
            (_match(column, theirs, values), column, theirs)
            for column in contract.columns
            for theirs, values in samples.items()
        ),
        key=lambda pair: -pair[0].score,
    )
    matched: dict[str, ColumnMatch] = {}
    taken: set[str] = set()
    for match, column, theirs in pairs:
        if match.score > 0 and column.name not in matched and theirs not in taken:
            matched[column.name] = match
            taken.add(theirs)
    columns = tuple(
        matched.get(column.name, ColumnMatch(column, None))
        for column in contract.columns
        if column.name in matched or not column.optional
    )
    unknown = tuple(name for name in samples if name not in taken)
    recognised = sum(one.score for one in columns) / len(columns)
    left_over = len(unknown) / max(len(samples), 1)
    return Resemblance(contract, recognised * (1 - left_over / 4), columns, unknown)


def _match(column: Column, theirs: str, values: Sequence[str]) -> ColumnMatch:
    alike, how = _alike(column.name, theirs)
    if not alike:
        return ColumnMatch(column, theirs)
    fits, conversions = _fits(column, theirs, values)
    codes = _codes(column, values)
    score = _NAME_WEIGHT * alike + (1 - _NAME_WEIGHT) * (0.5 if codes else fits)
    return ColumnMatch(column, theirs, how, score, conversions, codes)


def _alike(ours: str, theirs: str) -> tuple[float, str]:
    """How alike two names are, 0 where they are not, and in which way."""
    if ours == theirs:
        return 1.0, "samma namn"
    plain, other = _plain(ours), _plain(theirs)
    if plain == other:
        return 0.95, "samma namn, annat skrivet"
    known = {_plain(name) for name in other_names().get(ours, ())}
    stem, other_stem = _stem(plain), _stem(other)
    if other in known or other_stem in known:
        return 0.9, "känt namn"
    if stem == other_stem:
        return 0.85, "samma namn i annan enhet"
    ratio = difflib.SequenceMatcher(None, plain, other).ratio()
    if ratio >= _LEAST_ALIKE:
        return 0.8 * ratio, "likt namn"
    return 0.0, ""


def _plain(name: str) -> str:
    """The name without case, marks over letters, blanks and points."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)


def _stem(plain: str) -> str:
    """The name without the unit at its end, unless that is all there is."""
    return _UNIT_OF_NAME.sub("", plain) or plain


def _fits(column: Column, theirs: str, values: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """The share of the values that are of the column's type, with the conversions that make them so."""
    possible = [name for name, types in CONVERSIONS.items() if column.type in types]
    named = next((name for pattern, name in _BY_NAME if pattern.search(_plain(theirs)) and name in possible), None)
    if named is not None and _share(column, values) == 1.0:
        return 1.0, (named,)
    fits = _share(column, values)
    by_form = [name for name in possible if name in _BY_FORM]
    if column.type in ("hours", "number", "nonnegative_number") and any(":" in value for value in values):
        by_form.append("hours_from_clock")
    for name in by_form if fits < 1.0 else ():
        converted = _share(column, [convert((name,), value) for value in values])
        if converted > fits:
            return converted, (name,)
    return fits, ()


def _share(column: Column, values: Sequence[str]) -> float:
    if not values:
        return 0.5
    if column.codes:
        return sum(value in column.codes for value in values) / len(values)
    if column.type in NUMBER_TYPES or column.type == "number_or_words":
        return sum(_is(parse_number, value) for value in values) / len(values)
    parse = _PARSERS.get(column.type)
    return 0.5 if parse is None else sum(_is(parse, value) for value in values) / len(values)


def _is(parse: Callable[[str], object], value: str) -> bool:
    try:
        return parse(value) is not None
    except BadValue:
        return False


def _codes(column: Column, values: Sequence[str]) -> Mapping[str, str]:
    """Their values that are no code of ours, each with the one that it seems to be."""
    allowed = ("0", "1") if column.type == "flag" else column.codes
    others = [value for value in values if value not in allowed]
    if not allowed or column.personal or len(others) > _MOST_CODES or any(map(looks_personal, others)):
        return {}
    guessed = {value: _code(value, allowed) for value in sorted(others)}
    given = Counter(guessed.values())
    # Two of theirs for one of ours: at least one of the guesses is wrong, and a wrong one would land unseen.
    return {value: code if given[code] == 1 else UNDECIDED for value, code in guessed.items()}


def _code(value: str, allowed: Sequence[str]) -> str:
    """The code that a word seems to stand for: it begins with it, is much like it, or holds its letters in order."""
    plain = _plain(value)
    if set(allowed) == {"0", "1"}:
        return _FLAG_WORDS.get(plain, UNDECIDED)
    ours = {_plain(code): code for code in allowed}
    begins = [code for code in ours if plain.startswith(code) or (len(plain) > 1 and code.startswith(plain))]
    if begins:
        return ours[max(begins, key=len)] if len({ours[one] for one in begins}) == 1 else UNDECIDED
    alike = difflib.get_close_matches(plain, list(ours), 2, 0.75)
    if len(alike) == 1:
        return ours[alike[0]]
    in_order = [code for code in ours if plain[:1] == code[:1] and _holds(plain, code)]
    return ours[in_order[0]] if len(in_order) == 1 else UNDECIDED


def _holds(word: str, letters: str) -> bool:
    left = iter(word)
    return all(letter in left for letter in letters)
