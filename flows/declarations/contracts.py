"""The contracts: what each source delivers, one file an extract in `warehouse/contracts/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.declarations import root
from flows.domain.period import Period

#: Contract type → the type it lands as.
LANDED_AS: Mapping[str, str] = {
    "month": "DATE",
    "date": "DATE",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "unit": "VARCHAR",
    "area": "VARCHAR",
    "observation_period": "VARCHAR",
    "flag": "BOOLEAN",
    "time": "TIME",
    "count": "BIGINT",
    "integer": "BIGINT",
    "hours": "DECIMAL(18,6)",
    "number": "DECIMAL(18,6)",
    "nonnegative_number": "DECIMAL(18,6)",
    "number_or_words": "DECIMAL(18,6)",
    "percent": "DECIMAL(9,4)",
    "amount": "DECIMAL(18,2)",
    "personnummer": "VARCHAR",
}

#: The types in whose place a word for "missing" may stand.
NUMBER_TYPES = frozenset({"count", "integer", "hours", "number", "nonnegative_number", "percent", "amount"})


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an extract, under the source's own name."""

    name: str
    type: str
    codes: tuple[str, ...] = ()
    required: bool = False
    #: A file may lack the column: it is then empty in every row.
    optional: bool = False
    personal: bool = False
    printed: bool = False
    #: A role or a user id, one word: what has blanks in it may be a person's name, and is withheld.
    role: bool = False
    #: Words for a missing value, printed as written: a listed one is recorded with its promise, an unlisted one found.
    missing_words: bool = False
    #: The column of personnummer whose digits tell the sex that this one states; they are compared at the intake.
    sex_of: str = ""

    def landed(self) -> tuple[tuple[str, str], ...]:
        """(raw column, DuckDB type): one pair, or two for a number that may be words."""
        if self.type == "personnummer":
            return (("person_key", "VARCHAR"),)
        if self.type == "number_or_words":
            return ((self.name, LANDED_AS[self.type]), (f"{self.name}_ord", "VARCHAR"))
        return ((self.name, LANDED_AS[self.type]),)


@dataclass(frozen=True, slots=True)
class Contract:
    """One extract: its columns, key and place in the close."""

    extract: str
    source: str
    label: str
    title: str
    format: str
    content: str
    needed: str
    first_period: Period
    last_period: Period | None
    typed_by_people: bool
    key: tuple[str, ...]
    control_measure: str | None
    columns: tuple[Column, ...]
    #: A close also reads the newest delivery of the year before.
    newest_of_year_before: bool = False
    #: A close also reads what has come of the year before's later months: nobody owes them, forecasts learn from them.
    whole_year_before: bool = False

    def landed(self) -> tuple[tuple[str, str], ...]:
        """(raw column, DuckDB type) of the whole extract, in order."""
        return tuple(pair for column in self.columns for pair in column.landed())

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@cache
def contracts() -> Mapping[str, Contract]:
    """Every contract by extract, in the order of their names."""
    return {path.stem: _read(path.read_text("utf-8")) for path in sorted(root.CONTRACTS.glob("*.toml"))}


def _read(text: str) -> Contract:
    declared = tomllib.loads(text)
    columns = tuple(
        Column(name, codes=tuple(fields.pop("codes", ())), **fields)
        for name, fields in declared.get("columns", {}).items()
    )
    last = declared.get("last_period")
    return Contract(
        extract=declared["extract"],
        source=declared["source"],
        label=declared["label"],
        title=declared["title"],
        format=declared["format"],
        content=declared["content"],
        needed=declared["needed"],
        first_period=Period.parse(declared["first_period"]),
        last_period=Period.parse(last) if last else None,
        typed_by_people=declared["typed_by_people"],
        key=tuple(declared["key"]),
        control_measure=declared.get("control_measure"),
        columns=columns,
        newest_of_year_before=declared.get("newest_of_year_before", False),
        whole_year_before=declared.get("whole_year_before", False),
    )
