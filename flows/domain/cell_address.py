"""A cell's address: `table:row:column`, each an id or what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: A printed cell, with `table_id`, `table_name`, `row_id`, `row_label`, `column_id` and `head`.
Cell = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CellAddress:
    """What somebody typed to name one cell; the row alone may hold a colon."""

    table: str
    row: str
    column: str

    @classmethod
    def parse(cls, text: str) -> CellAddress:
        """Raises ValueError for a text without a table, a row and a column between colons."""
        table, *between, column = text.split(":") if ":" in text else (text, "")
        named = cls(table.strip(), ":".join(between).strip(), column.strip())
        if not (named.table and named.row and named.column):
            raise ValueError(f"{text.strip()!r} is not table:row:column")
        return named

    def __str__(self) -> str:
        return f"{self.table}:{self.row}:{self.column}"


@dataclass(frozen=True, slots=True)
class Sought:
    """The cell that an address names; where it names none or several, `part` says which part and `candidates` of what.

    `candidates` are tables' ids, rows' labels or columns' heads; where a name stands for several, their ids."""

    cell: Cell | None
    part: str = ""
    candidates: tuple[str, ...] = ()


def find_cell(address: CellAddress, cells: Iterable[Cell]) -> Sought:
    """The one cell at an address; an id goes before what is printed, case and kinds of blanks are not told apart."""
    there: Sequence[Cell] = tuple(cells)
    steps: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("table", address.table, "table_id", ("table_name", "table_heading")),
        ("row", address.row, "row_id", ("row_label",)),
        ("column", address.column, "column_id", ("head",)),
    )
    for part, wanted, id_name, printed_names in steps:
        named = _matching(there, wanted, id_name, printed_names)
        ids = _distinct(named, id_name)
        if not ids:
            return Sought(None, part, _distinct(there, id_name if part == "table" else printed_names[0]))
        if len(ids) > 1:
            return Sought(None, part, ids)
        there = named
    return Sought(there[0]) if len(there) == 1 else Sought(None, "column", ())


def address_of(cell: Cell) -> str:
    """A cell's address by its ids, as the store keeps it."""
    return f"{cell['table_id']}:{cell['row_id']}:{cell['column_id']}"


def same_name(text: str) -> str:
    """A name as names are compared: without case, every run of blanks one blank."""
    return " ".join(text.split()).casefold()


def _matching(cells: Sequence[Cell], wanted: str, id_name: str, printed_names: Sequence[str]) -> Sequence[Cell]:
    for names in ((id_name,), printed_names):
        found = [
            cell for cell in cells if any(same_name(str(cell.get(name) or "")) == same_name(wanted) for name in names)
        ]
        if found:
            return found
    return []


def _distinct(cells: Iterable[Cell], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(cell[name]) for cell in cells))
