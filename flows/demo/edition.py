"""The report edition beside the targets: which figure each printed row and column is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from flows.declarations.contracts import contracts
from flows.domain.heads import render_head
from flows.domain.period import Period
from flows.errors import Refusal

REGISTERS = ("edition_tabell", "edition_rad", "edition_kolumn", "edition_omrade", "edition_ord")
_CATALOGUE = "edition_indikator"

Item = TypeVar("Item")

#: The area code of a row that shows what belongs to no area.
NO_AREA = "-"


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One row of the report."""

    row_id: str
    label: str
    measure_id: str
    area_code: str
    sex: str
    item_id: str
    print_unit: str
    pattern: str
    target_pattern: str
    row_sign: int
    deviation_sign: int


@dataclass(frozen=True, slots=True)
class EditionColumn:
    """One column of the report, its head filled with the period."""

    column_id: str
    head: str
    quantity: str
    year_offset: int
    minuend: str
    subtrahend: str


@dataclass(frozen=True, slots=True)
class EditionTable:
    """One table: rows by label, columns by head."""

    table_id: str
    name: str
    rows: Mapping[str, EditionRow]
    columns: Mapping[str, EditionColumn]


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition as read; `registers` keeps the files' texts, which are delivered as they are.

    `area_codes` are the areas of the period's last day. `replaced_ids`: an indicator's id → the one before it, and when
    it began itself.
    """

    tables: Mapping[str, EditionTable]
    area_codes: tuple[str, ...]
    goal_codes: Mapping[str, str]
    registers: Mapping[str, str]
    replaced_ids: Mapping[str, tuple[str, date]]

    def measures(self) -> frozenset[str]:
        return frozenset(row.measure_id for table in self.tables.values() for row in table.rows.values())


def read_edition(folder: Path, period: Period) -> Edition:
    """The edition in a folder of plainly named registers. Refuses a missing file or column, a head or label twice."""
    texts = {name: _text(folder / f"{name}.csv") for name in (*REGISTERS, *_optional(folder))}
    read = {name: _rows(folder / f"{name}.csv", name, text) for name, text in texts.items()}
    tables: dict[str, EditionTable] = {}
    for table in read["edition_tabell"]:
        rows = [row for row in read["edition_rad"] if row["tabell"] == table["tabell"]]
        columns = [column for column in read["edition_kolumn"] if column["tabell"] == table["tabell"]]
        name = table["namn"]
        tables[name] = EditionTable(
            table["tabell"],
            name,
            _once(name, [_row(row) for row in rows], [row["etikett"] for row in rows]),
            _once(name, built := [_column(column, period) for column in columns], [column.head for column in built]),
        )
    areas = sorted(read["edition_omrade"], key=lambda area: int(area["ordning"]))
    in_force = [area["affarsomrade"] for area in areas if _is_in_force(area, period.last_day)]
    return Edition(
        tables,
        tuple(dict.fromkeys(code for code in in_force if code != NO_AREA)),
        {word["ord"]: word["kod"] for word in read["edition_ord"] if word["slag"] == "BEDOMNING"},
        texts,
        {
            row["id"]: (row["ersatter"], date.fromisoformat(row["giltig_from"]))
            for row in read.get(_CATALOGUE, [])
            if row["ersatter"]
        },
    )


def _optional(folder: Path) -> list[str]:
    """The registers that an edition may have beside the five."""
    return [
        name
        for name in sorted(contracts())
        if name.startswith("edition_") and name not in REGISTERS and (folder / f"{name}.csv").is_file()
    ]


def _is_in_force(area: Mapping[str, str], day: date) -> bool:
    first, last = area.get("giltig_from") or date.min.isoformat(), area.get("giltig_tom") or date.max.isoformat()
    return first <= day.isoformat() <= last


def decimals(pattern: str) -> int:
    """How many decimals a print pattern shows at most: those of its number, before any unit."""
    number = pattern.rpartition(",")[2] if "," in pattern else ""
    return len(number) - len(number.lstrip("0#"))


def half_step(pattern: str) -> Decimal:
    """Half a unit of the last digit that a pattern prints."""
    return Decimal(5).scaleb(-1 - decimals(pattern))


def _row(row: Mapping[str, str]) -> EditionRow:
    return EditionRow(
        row_id=row["rad"],
        label=row["etikett"],
        measure_id=row["matt"],
        area_code=row["affarsomrade"],
        sex=row["kon"],
        item_id=row["objekt"],
        print_unit=row["enhet"],
        pattern=row["monster"],
        target_pattern=row["mal_monster"] or row["monster"],
        row_sign=int(row["tecken"]),
        deviation_sign=int(row["avvikelse"]),
    )


def _column(column: Mapping[str, str], period: Period) -> EditionColumn:
    try:
        head = render_head(column["rubrik"], period)
    except ValueError as error:
        raise Refusal(f"The edition's head {column['rubrik']!r} cannot be filled: {error}.", "Correct it.") from error
    return EditionColumn(
        column["kolumn"], head, column["storhet"], int(column["ar"]), column["minuend"], column["subtrahend"]
    )


def _once(table: str, items: list[Item], printed: list[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item, words in zip(items, printed, strict=True):
        if words in found:
            raise Refusal(f"{words!r} stands twice in {table} of the edition.", "Give each row and head its own words.")
        found[words] = item
    return found


def _text(path: Path) -> str:
    if not path.is_file():
        raise Refusal(f"The edition has no {path.name}.", f"Put it into {path.parent}.")
    return path.read_text("utf-8-sig")


def _rows(path: Path, name: str, text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(text.splitlines(), delimiter=";")
    required = [column.name for column in contracts()[name].columns if not column.optional]
    absent = [column for column in required if column not in (reader.fieldnames or ())]
    if absent:
        raise Refusal(f"{path.name} of the edition lacks {', '.join(absent)}.", "See warehouse/README.md.")
    return [{field: value or "" for field, value in row.items() if field is not None} for row in reader]
