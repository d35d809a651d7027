"""A column of strings as typed values: each distinct value is judged once, however many rows hold it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute

from flows.declarations.contracts import NUMBER_TYPES, Column
from flows.declarations.missing_words import TypedMissing, typed_missing
from flows.sources.values import (
    FORMULA_ERROR,
    FORMULA_ERRORS,
    BadValue,
    Number,
    parse_date,
    parse_flag,
    parse_month,
    parse_number,
    parse_observation_period,
    parse_time,
    personnummer_digits,
)

_EMPTY = "fältet är tomt"
#: The most that a cell of a spreadsheet holds: whatever is longer is something else, and costs time and memory.
LONGEST_FIELD = 32_767
_TOO_LONG = f"fältet är längre än {LONGEST_FIELD} tecken"

_NEVER_NEGATIVE = frozenset({"count", "percent", "nonnegative_number"})
_WHOLE = frozenset({"count", "integer"})
_MAY_HAVE_PERCENT_SIGN = frozenset({"percent", "number", "number_or_words"})

_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "DATE": pa.date32(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "TIME": pa.time64("us"),
    "BIGINT": pa.int64(),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
    "DECIMAL(9,4)": pa.decimal128(9, 4),
}

_PARSERS: Mapping[str, Callable[[str], object]] = {
    "month": parse_month,
    "date": parse_date,
    "time": parse_time,
    "flag": parse_flag,
    "observation_period": parse_observation_period,
}

#: The twelve digits of distinct persons → their keys, in the same order.
PersonKey = Callable[[Sequence[str]], list[str]]


@dataclass(slots=True)
class ParsedColumn:
    """A column's landed arrays, and the rows (by position) of which something is to be said."""

    arrays: list[pa.Array]
    bad: dict[int, str] = field(default_factory=dict)
    missing: dict[int, TypedMissing] = field(default_factory=dict)
    placeholders: dict[int, str] = field(default_factory=dict)
    unlisted: tuple[int, ...] = ()
    #: Intake rule of a note → how many rows it is about.
    notes: dict[str, int] = field(default_factory=dict)


def arrow_schema(landed: Sequence[tuple[str, str]]) -> pa.Schema:
    """`line` and then the columns of a contract, as they land."""
    return pa.schema([("line", pa.int32()), *((name, _ARROW_TYPES[type_]) for name, type_ in landed)])


def parse_column(
    column: Column, written: pa.StringArray, *, extracted_on: date, typed_by_people: bool, person_key: PersonKey
) -> ParsedColumn:
    """Every value of one column by its contract's type; what is longer than any cell may be is no value."""
    lengths = compute.utf8_length(written)
    if len(written) and compute.max(lengths).as_py() > LONGEST_FIELD:
        too_long = compute.greater(lengths, LONGEST_FIELD)
        parsed = _by_type(column, compute.if_else(too_long, "", written), extracted_on, typed_by_people, person_key)
        parsed.bad.update(dict.fromkeys(_positions(too_long), _TOO_LONG))
        return parsed
    return _by_type(column, written, extracted_on, typed_by_people, person_key)


def _by_type(
    column: Column, written: pa.StringArray, extracted_on: date, typed_by_people: bool, person_key: PersonKey
) -> ParsedColumn:
    if column.type in ("text", "area") and not column.codes:
        return _words(column, written, extracted_on)
    distinct = _Distinct(written)
    if column.type in NUMBER_TYPES or column.type == "number_or_words":
        return _numbers(column, distinct, extracted_on, typed_by_people)
    if column.type == "personnummer":
        return _persons(column, distinct, person_key)
    parse = _code_parser(column) if column.codes else _PARSERS.get(column.type, str)
    return _parsed(column, distinct, parse)


class _Distinct:
    """A column as its distinct values and, for each row, which of them it holds."""

    def __init__(self, written: pa.StringArray) -> None:
        encoded = written.dictionary_encode()
        self.values: list[str] = [value.strip() for value in encoded.dictionary.to_pylist()]
        self.written: list[str] = encoded.dictionary.to_pylist()
        self.indices = encoded.indices
        self._numbers = encoded.indices.to_numpy(zero_copy_only=False)

    def array(self, values: Sequence[object], type_: pa.DataType) -> pa.Array:
        return pa.array(values, type_).take(self.indices)

    def rows(self, about: Mapping[int, object]) -> dict[int, object]:
        """What is said of distinct values, said of the rows that hold them."""
        if not about:
            return {}
        held = np.flatnonzero(np.isin(self._numbers, list(about)))
        return {int(row): about[int(self._numbers[row])] for row in held}

    def count(self, values: Sequence[int]) -> int:
        return int(np.isin(self._numbers, values).sum()) if values else 0


def _words(column: Column, written: pa.StringArray, extracted_on: date) -> ParsedColumn:
    trimmed = compute.utf8_trim_whitespace(written)
    empty = compute.equal(trimmed, "")
    parsed = ParsedColumn([compute.if_else(empty, pa.scalar(None, pa.string()), written)])
    if column.required:
        parsed.bad.update(dict.fromkeys(_positions(empty), _EMPTY))
    failed = compute.is_in(trimmed, value_set=pa.array(sorted(FORMULA_ERRORS)))
    parsed.bad.update(dict.fromkeys(_positions(failed), FORMULA_ERROR))
    if column.missing_words:
        words = {position: trimmed[position].as_py() for position in _positions(compute.invert(empty))}
        listed = {position: typed_missing(word, extracted_on) for position, word in words.items()}
        parsed.missing.update({position: missing for position, missing in listed.items() if missing is not None})
        parsed.unlisted = tuple(position for position, missing in listed.items() if missing is None)
    return parsed


def _positions(mask: pa.BooleanArray) -> list[int]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist()


def _code_parser(column: Column) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in column.codes:
            raise BadValue("koden finns inte i kodlistan")
        return text

    return parse


def _parsed(column: Column, distinct: _Distinct, parse: Callable[[str], object]) -> ParsedColumn:
    values: list[object] = []
    bad: dict[int, str] = {}
    for index, text in enumerate(distinct.values):
        value: object = None
        try:
            if text in FORMULA_ERRORS:
                raise BadValue(FORMULA_ERROR)
            if text:
                value = parse(text)
            elif column.required:
                raise BadValue(_EMPTY)
        except BadValue as error:
            bad[index] = str(error)
        values.append(value)
    type_ = _ARROW_TYPES[column.landed()[0][1]]
    return ParsedColumn([distinct.array(values, type_)], bad=distinct.rows(bad))


def _persons(column: Column, distinct: _Distinct, person_key: PersonKey) -> ParsedColumn:
    digits: dict[int, str] = {}
    bad: dict[int, str] = {}
    for index, text in enumerate(distinct.values):
        try:
            if text:
                digits[index] = personnummer_digits(text)
            elif column.required:
                bad[index] = _EMPTY
        except BadValue as error:
            bad[index] = str(error)
    persons = list(dict.fromkeys(digits.values()))
    keys = dict(zip(persons, person_key(persons), strict=True))
    values = [keys[digits[index]] if index in digits else None for index in range(len(distinct.values))]
    return ParsedColumn([distinct.array(values, pa.string())], bad=distinct.rows(bad))


def _numbers(column: Column, distinct: _Distinct, extracted_on: date, typed_by_people: bool) -> ParsedColumn:
    numbers, words, bad = _read_numbers(column, distinct)
    missing: dict[int, TypedMissing] = {}
    placeholders: dict[int, str] = {}
    for index in words if column.type != "number_or_words" else ():
        listed = typed_missing(distinct.values[index], extracted_on)
        if listed is not None and listed.word == "" and column.required:
            bad[index] = _EMPTY
        elif listed is not None:
            missing[index] = listed
        elif typed_by_people:
            placeholders[index] = distinct.values[index]
        else:
            bad[index] = "inget tal"
    values, rounded = _fitted(column, numbers, bad)
    type_ = _ARROW_TYPES[column.landed()[0][1]]
    arrays = [distinct.array([values.get(index) for index in range(len(distinct.values))], type_)]
    if column.type == "number_or_words":
        as_written = [
            distinct.written[index] if index in words and distinct.values[index] else None
            for index in range(len(distinct.values))
        ]
        arrays.append(distinct.array(as_written, pa.string()))
    notes = {
        "dot_decimals": [index for index in values if numbers[index].mark == "."],
        "percent_signs": [index for index in values if numbers[index].percent_sign],
        "rounded_decimals": rounded,
    }
    return ParsedColumn(
        arrays,
        bad=distinct.rows(bad),
        missing=distinct.rows(missing),
        placeholders=distinct.rows(placeholders),
        notes={rule: distinct.count(indices) for rule, indices in notes.items() if indices},
    )


def _read_numbers(column: Column, distinct: _Distinct) -> tuple[dict[int, Number], set[int], dict[int, str]]:
    """Distinct values that are numbers, those that are words, and those that are neither (with the reason)."""
    numbers: dict[int, Number] = {}
    words: set[int] = set()
    bad: dict[int, str] = {}
    for index, text in enumerate(distinct.values):
        try:
            if text in FORMULA_ERRORS:
                raise BadValue(FORMULA_ERROR)
            number = parse_number(text)
            if number is None:
                words.add(index)
                continue
            if number.value < 0 and column.type in _NEVER_NEGATIVE:
                raise BadValue("talet är negativt")
            if number.percent_sign and column.type not in _MAY_HAVE_PERCENT_SIGN:
                raise BadValue("procenttecken där ingen procent ska stå")
            numbers[index] = number
        except BadValue as error:
            bad[index] = str(error)
    if any(number.mark == "," for number in numbers.values()):
        for index in [index for index, number in numbers.items() if number.mark == "."]:
            del numbers[index]
            bad[index] = "punkt som decimaltecken där andra rader har komma"
    return numbers, words, bad


def _fitted(
    column: Column, numbers: Mapping[int, Number], bad: dict[int, str]
) -> tuple[dict[int, int | Decimal], list[int]]:
    """The numbers as they land, and those that were rounded on the way; what does not fit goes to `bad`."""
    type_ = _ARROW_TYPES[column.landed()[0][1]]
    values: dict[int, int | Decimal] = {}
    rounded: list[int] = []
    for index, number in numbers.items():
        whole_digits = number.value.adjusted() + 1
        if column.type in _WHOLE:
            if number.value != number.value.to_integral_value():
                bad[index] = "decimaler där ett heltal ska stå"
            elif whole_digits > 18:
                bad[index] = "talet är för stort"
            else:
                values[index] = int(number.value)
            continue
        if whole_digits > type_.precision - type_.scale:
            bad[index] = "talet är för stort"
            continue
        fitted = number.value.quantize(Decimal(1).scaleb(-type_.scale), ROUND_HALF_UP)
        if fitted != number.value:
            if column.type == "amount":
                bad[index] = "fler än två decimaler i ett belopp"
                continue
            rounded.append(index)
        # Rounding up may need a digit more than fits.
        if fitted.adjusted() + 1 > type_.precision - type_.scale and fitted != 0:
            bad[index] = "talet är för stort"
            continue
        values[index] = fitted
    return values, [index for index in rounded if index in values]
