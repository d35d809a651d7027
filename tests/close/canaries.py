"""Canaries: invented personal values, planted in exports and searched for wherever somebody may read."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

#: As text may be written: in our files, in exports, in a ledger.
_ENCODINGS = ("utf-8", "cp1252", "cp437", "utf-16-le")


def personnummer(birth: str, serial: str) -> str:
    """Twelve digits with a right check digit; serials from 980 are nobody's."""
    digits = birth + serial
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:])]
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def hyphened(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:]}"


#: In rows that land, in rows that do not, and a coordination number (the day is 17 + 60).
LANDED = personnummer("19030217", "981")
COORDINATED = personnummer("19030277", "982")
BAD = personnummer("19040318", "983")
REPEATED = personnummer("19050419", "984")
MISPLACED = personnummer("19060520", "985")
TYPED = personnummer("19070621", "986")
IN_LEDGER = personnummer("19080722", "987")
IN_A_NAME_OF_A_FILE = personnummer("19090823", "988")

PERSONS = (LANDED, COORDINATED, BAD, REPEATED, MISPLACED, TYPED, IN_LEDGER, IN_A_NAME_OF_A_FILE)
EMPLOYMENTS = ("QX7ZKANST1", "QX7ZKANST2", "QX7ZKANST3")
BIRTH_DATES = ("1903-02-17", "19030217", "1904-03-18", "19040318", "1905-04-19", "19050419")
NAME = "Kanariefågelsson"
PHONES = ("070-174 06 58", "0701740658")
FREE_TEXT = "berättarkanariefågel"


def everything() -> Mapping[str, tuple[str, ...]]:
    """What each canary may look like, by a word for it that a failing test can show."""
    written = {f"person {number}": _ways(digits) for number, digits in enumerate(PERSONS, 1)}
    return {
        **written,
        "employment": EMPLOYMENTS,
        "birth date": BIRTH_DATES,
        "name": (NAME, NAME.upper(), "Kanarie"),
        "phone": PHONES,
        "free text": (FREE_TEXT, "kanarief"),
    }


def _ways(digits: str) -> tuple[str, ...]:
    return (digits, hyphened(digits), digits[2:], hyphened(digits)[2:])


def in_bytes(data: bytes, canaries: Mapping[str, Iterable[str]] | None = None) -> set[str]:
    """The canaries that sing in bytes, whatever their encoding."""
    looked_for = everything() if canaries is None else canaries
    return {
        canary
        for canary, ways in looked_for.items()
        for way in ways
        for encoding in _ENCODINGS
        if codecs.encode(way, encoding) in data
    }


def in_files(folder: Path, besides: Iterable[str] = ()) -> set[tuple[str, str]]:
    """(file, canary) for every file under a folder, names too, but for paths that begin with one of `besides`."""
    found: set[tuple[str, str]] = set()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if inside.startswith(tuple(besides)):
            continue
        content = path.read_bytes() if path.is_file() else b""
        found |= {(inside, canary) for canary in in_bytes(inside.encode() + b"\0" + content)}
    return found


def in_tables(
    file: Path, schemas: Iterable[str], canaries: Mapping[str, Iterable[str]] | None = None
) -> set[tuple[str, str, str]]:
    """(table, column, canary) over every value, table and column name and comment of a file: storage is compressed."""
    found: set[tuple[str, str, str]] = set()
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, coalesce(comment, '') from duckdb_columns()"
        ).fetchall()
        for schema, table, column, comment in columns:
            if schema not in set(schemas):
                continue
            values = connection.execute(
                f'select distinct cast("{column}" as varchar) from "{schema}"."{table}" where "{column}" is not null'
            ).fetchall()
            text = "\n".join([table, column, comment, *(value for (value,) in values)])
            found |= {(f"{schema}.{table}", column, canary) for canary in in_bytes(text.encode(), canaries)}
    return found
