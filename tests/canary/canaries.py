"""Canaries: invented personal values, planted in exports and listened for wherever somebody may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tests.canary.opened import Found, columns_of, opened, opened_file


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

#: Words that are printed by design, where a person writes them for print. Nobody can tell a name from them: they are
#: the witness that a place was read at all.
PRINTED = "Papegojsson"


def person_number(ordinal: int) -> str:
    """One of as many personnummer as are wanted, none of them in PERSONS."""
    born = date(1910, 1, 1) + timedelta(days=ordinal)
    return personnummer(f"{born:%Y%m%d}", "989")


def ways(digits: str) -> tuple[str, ...]:
    """As a personnummer is written."""
    return (digits, hyphened(digits), digits[2:], hyphened(digits)[2:])


def everything() -> Mapping[str, tuple[str, ...]]:
    """What each canary may look like, by a word for it that a failing test can show."""
    written = {f"person {number}": ways(digits) for number, digits in enumerate(PERSONS, 1)}
    return {
        **written,
        "employment": EMPLOYMENTS,
        "birth date": BIRTH_DATES,
        "name": (NAME, "Kanarie"),
        "phone": PHONES,
        "free text": (FREE_TEXT, "kanarief"),
    }


#: Ten or twelve digits that may be a personnummer, at every place where one may begin.
_NUMBER = re.compile(rb"(?=((?:[0-9]{2})?[0-9]{2}[01][0-9][0-9]{2}[-+ ]?[0-9]{4}))")
_HASH = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_LENGTHS = (10, 11, 12, 13)
_ENCODINGS = ("utf-8", "cp1252", "cp437", "utf-16-le")


@dataclass
class Listener:
    """Hears canaries in bytes; counts what it listened to.

    Numbers and keyed hashes are looked up among all that look like one, so that thousands of them cost what one does;
    other words are looked for in small letters, in each encoding that text is written in.
    """

    canaries: Mapping[str, Iterable[str | bytes]]
    bytes_heard: int = 0
    places: int = 0
    _numbers: dict[bytes, str] = field(default_factory=dict)
    _hashes: dict[bytes, str] = field(default_factory=dict)
    _words: list[tuple[bytes, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, written in self.canaries.items():
            for way in written:
                if isinstance(way, str) and _HASH.fullmatch(way.encode()):
                    self._hashes[way.encode()] = name
                elif isinstance(way, bytes):
                    self._words.append((way.lower(), name))
                elif any(found == way.encode() for found in _NUMBER.findall(way.encode())):
                    self._numbers[way.encode()] = name
                else:
                    spelled = {way.lower().encode(encoding, "ignore") for encoding in _ENCODINGS}
                    spelled |= {way.upper().encode(encoding, "ignore").lower() for encoding in _ENCODINGS}
                    self._words += [(one, name) for one in spelled]

    @property
    def count(self) -> int:
        return len(self.canaries)

    def hears(self, data: bytes) -> set[str]:
        """The canaries that sing in these bytes as they are."""
        self.bytes_heard += len(data)
        self.places += 1
        # As many digits as there are may go on into the next number: each beginning is looked up in each length.
        written = {found[:length] for found in set(_NUMBER.findall(data)) for length in _LENGTHS}
        heard = {self._numbers[one] for one in written & self._numbers.keys()}
        heard |= (
            {self._hashes[one] for one in set(_HASH.findall(data)) & self._hashes.keys()} if self._hashes else set()
        )
        small = data.lower()
        return heard | {name for word, name in self._words if word in small}

    def in_found(self, found: Iterable[Found]) -> Iterator[tuple[str, str]]:
        """(place, canary) of everything opened."""
        for place, data in found:
            for canary in sorted(self.hears(place.encode("utf-8", "surrogateescape") + b"\0" + data)):
                yield place, canary

    def in_text(self, place: str, text: str | bytes) -> set[tuple[str, str]]:
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        return set(self.in_found(opened(place, data)))

    def in_files(self, folder: Path, besides: Iterable[str] = ()) -> set[tuple[str, str]]:
        """Every file under a folder, opened; but for paths that begin with one of `besides`."""
        found: set[tuple[str, str]] = set()
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).as_posix()
            if inside.startswith(tuple(besides)) or path.is_symlink():
                continue
            if path.is_file():
                found |= set(self.in_found(opened_file(path, f"{folder.name}/{inside}")))
            else:
                found |= {(inside, canary) for canary in self.hears(inside.encode())}
        return found

    def in_tables(self, file: Path, schemas: Iterable[str]) -> set[tuple[str, str]]:
        """(table.column, canary) over every value, name and comment of some schemas of a DuckDB file."""
        with duckdb.connect(str(file), read_only=True) as connection:
            columns = columns_of(connection, tuple(schemas))
            return {(place, canary) for place, data in columns for canary in self.hears(data)}
