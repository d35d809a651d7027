"""Semicolon-separated text as columns of strings, each record with its physical line."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from flows.sources.refused_file import RefusedFile

#: A record may go on for so many lines inside quotes before the quote is taken for a stray one.
_LONGEST_TEXT_IN_LINES = 200

#: So many lines are looked at in all for the end of quotes that have none.
_PATIENCE_IN_LINES = 1_000_000
#: More bad lines are not collected: the limit of what is tolerated is far below it in any file that can be read.
MOST_BAD_LINES = 200_000
#: No contract has a tenth of them: a line with more is no line of columns, and is not split.
MOST_COLUMNS = 2_000

_QUOTED_OPEN = re.compile(r'(?:^|;)"(?:[^"]|"")*+\Z')
_QUOTED_END = re.compile(r'(?:[^"]|"")*+"')


@dataclass(frozen=True, slots=True)
class Line:
    """One line read by itself."""

    number: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The records with as many fields as the header, column by column, and the lines (number, reason) without."""

    lines: np.ndarray
    columns: tuple[pa.StringArray, ...]
    malformed: tuple[tuple[int, str], ...]

    @property
    def count(self) -> int:
        """Data lines: whole records and malformed ones."""
        return len(self.lines) + len(self.malformed)


def fields_of(line: str) -> list[str] | None:
    """The fields of one line; None where a quote is not closed on it or is followed by anything but a semicolon."""
    if line.count(";") > MOST_COLUMNS:
        return None
    if '"' not in line:
        return line.split(";")
    try:
        return next(csv.reader([line], delimiter=";", strict=True), [])
    except csv.Error:
        return None


def first_line(utf8: bytes) -> Line:
    """The first line that is not blank: the header; raises RefusedFile for one of more columns than any file has."""
    body = utf8.lstrip()
    number = utf8.count(b"\n", 0, len(utf8) - len(body)) + 1
    first, _, _ = body.partition(b"\n")
    if first.count(b";") > MOST_COLUMNS:
        raise RefusedFile("header_too_wide", line=number, most=MOST_COLUMNS)
    text = first.decode("utf-8")
    return Line(number, tuple(fields_of(text) or text.split(";")))


def last_lines(utf8: bytes, count: int) -> list[tuple[Line, int, int]]:
    """The last lines that are not blank, the last one first, each with where it starts and ends in the bytes."""
    found: list[tuple[Line, int, int]] = []
    end = len(utf8)
    while end > 0 and len(found) < count:
        start = utf8.rfind(b"\n", 0, end) + 1
        raw = utf8[start:end]
        if raw.strip():
            text = raw.decode("utf-8")
            number = utf8.count(b"\n", 0, start) + 1
            found.append((Line(number, tuple(fields_of(text) or [text])), start, end))
        end = start - 1
    return found


def read_records(utf8: bytes, header: Line) -> Records:
    """Every record after the header. A quote that is never closed costs its own line, not those that follow it."""
    if b'"' not in utf8:
        records = _without_quotes(utf8, header)
        if records is not None:
            return records
    return _with_quotes(utf8.decode("utf-8"), header)


def _without_quotes(utf8: bytes, header: Line) -> Records | None:
    """Arrow's reader; None where its count of lines is not ours, so that no line can be lost between them."""
    width = len(header.fields)
    utf8 = utf8.rstrip(b"\n")
    physical = utf8.count(b"\n") + 1
    if physical <= header.number:
        return Records(np.empty(0, np.int32), tuple(pa.array([], pa.string()) for _ in header.fields), ())
    left_out: list[int] = []
    malformed: list[tuple[int, str]] = []

    def leave_out(row: arrow_csv.InvalidRow) -> str:
        number = row.number
        left_out.append(number)
        if row.text.strip():
            malformed.append((number, _wrong_width(row.actual_columns, width)))
        return "error" if len(malformed) > MOST_BAD_LINES else "skip"

    names = [f"field_{position}" for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(utf8),
            # One block and one thread: only then does the reader know the number of a line that it leaves out.
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(utf8) + 1, skip_rows=header.number, column_names=names
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=";", quote_char=False, ignore_empty_lines=False, invalid_row_handler=leave_out
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False, null_values=[]
            ),
        ).combine_chunks()
    except pa.ArrowInvalid:
        _refuse_too_many(malformed, physical - header.number)
        raise
    lines = np.setdiff1d(
        np.arange(header.number + 1, physical + 1, dtype=np.int32), np.array(left_out, np.int32), assume_unique=True
    )
    if len(lines) != table.num_rows:
        return None
    blank = np.isin(lines, _blank_lines(utf8))
    if blank.any():
        # To the reader a blank line is a record of empty fields.
        lines, table = lines[~blank], table.filter(pa.array(~blank))
    return Records(lines, tuple(_one_array(column) for column in table.columns), tuple(malformed))


def _refuse_too_many(malformed: Sequence[tuple[int, str]], lines: int) -> None:
    """A file of more bad lines than this is another file: they are neither kept nor counted to the last."""
    if len(malformed) > MOST_BAD_LINES:
        raise too_many_bad_lines(malformed[0][0], "", malformed[0][1], lines)


def too_many_bad_lines(line: int, column: str, reason: str, lines: int) -> RefusedFile:
    """The refusal of such a file, told by its first bad line."""
    words = {"bad": f"minst {MOST_BAD_LINES + 1}", "lines": lines, "limit": MOST_BAD_LINES, "reason": reason}
    return RefusedFile("too_many_bad_rows", line=line, column=column or "raden", **words)


def _blank_lines(utf8: bytes) -> np.ndarray:
    if b"\n\n" not in utf8:
        return np.empty(0, np.int32)
    ends = np.flatnonzero(np.frombuffer(utf8, np.uint8) == ord("\n"))
    return np.flatnonzero(np.diff(ends) == 1) + 2


def _with_quotes(text: str, header: Line) -> Records:
    width = len(header.fields)
    physical = text.split("\n")
    numbers: list[int] = []
    rows: list[Sequence[str]] = []
    malformed: list[tuple[int, str]] = []
    over_lines = _OverLines(physical, width)
    index = header.number
    while index < len(physical):
        number = index + 1
        line = physical[index]
        index += 1
        if not line.strip():
            continue
        fields = fields_of(line)
        if fields is None:
            fields, taken = over_lines.record(number - 1)
            index += taken
        if fields is not None and len(fields) == width:
            numbers.append(number)
            rows.append(fields)
        else:
            reason = "ett citattecken stängs inte" if fields is None else _wrong_width(len(fields), width)
            malformed.append((number, reason))
            _refuse_too_many(malformed, len(physical) - header.number)
    columns = zip(*rows, strict=True) if rows else [()] * width
    return Records(
        np.array(numbers, np.int32),
        tuple(pa.array(list(column), pa.string()) for column in columns),
        tuple(malformed),
    )


class _OverLines:
    """Finds records whose quoted text goes on over the following lines."""

    def __init__(self, physical: Sequence[str], width: int) -> None:
        self._physical = physical
        self._width = width
        #: How many lines may still be looked at in vain: a file of stray quotes alone must not keep the night busy.
        self._patience = _PATIENCE_IN_LINES

    def record(self, first: int) -> tuple[list[str] | None, int]:
        """The record that begins on a line, and how many of the following lines it takes; None where it is none.

        A following line that could be a record of its own is not swallowed: the open quote is then a stray one.
        """
        if self._patience <= 0 or _QUOTED_OPEN.search(self._physical[first]) is None:
            return None, 0
        last = first + 1 + _LONGEST_TEXT_IN_LINES
        for taken, line in enumerate(self._physical[first + 1 : last], start=1):
            self._patience -= 1
            if line.count(";") >= self._width - 1:
                return None, 0
            closed = _QUOTED_END.match(line)
            if closed is None:
                continue
            rest = line[closed.end() :]
            if rest and not rest.startswith(";"):
                return None, 0
            if _QUOTED_OPEN.search(rest) is None:
                return self._whole("\n".join(self._physical[first : first + taken + 1]), taken)
        return None, 0

    def _whole(self, together: str, taken: int) -> tuple[list[str] | None, int]:
        try:
            record = list(csv.reader([together], delimiter=";", strict=True))
        except csv.Error:
            return None, 0
        if len(record) != 1 or len(record[0]) != self._width:
            return None, 0
        self._patience += taken
        return record[0], taken


@cache
def _wrong_width(fields: int, width: int) -> str:
    return f"{fields} fält i stället för {width}"


def _one_array(column: pa.ChunkedArray) -> pa.StringArray:
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined
