"""Placeholders of a text, `{table:row:column | unit, decimals}`, filled from the report's cells.

The unit and the decimals may be left out: then the cell stands as printed. A unit alone takes the cell's decimals where
it is the cell's own or a smaller one, and one decimal where it is larger. The unit is written behind the number unless
the text goes on with it. `{{` is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flows.domain.cell_address import CellAddress, find_cell
from flows.reports.cells import PrintedCell
from flows.reports.patterns import PrintPattern
from flows.reports.print_units import PrintUnits
from flows.reports.quoted_figures import QuotedFigure

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_OPTIONS = re.compile(r"(?P<unit>[^,0-9]*+),?\s*+(?P<decimals>[0-9])?")

_PARTS = {"table": "tabellen", "row": "raden", "column": "kolumnen"}
#: So many candidates are named; a table of forty rows says no more by naming all.
_NAMED_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its placeholders filled; `printed` is None where one could not be."""

    printed: str | None
    without_figures: str
    quotes: tuple[QuotedFigure, ...]


def fill(text: str, cells: Sequence[PrintedCell], units: PrintUnits) -> Filled:
    """Fill every placeholder; `without_figures` is the text with a mark in the place of each."""
    quotes: list[QuotedFigure] = []
    filled: list[str] = []
    beside: list[str] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        between, end = text[end : match.start()], match.end()
        filled.append(between)
        beside.append(between)
        if match[0] in ("{{", "}}"):
            filled.append(match[0][0])
            beside.append(" ")
            continue
        quote = _quote(match[0], match[1], text[match.end() :], cells, units)
        quotes.append(quote)
        filled.append(quote.printed or "")
        beside.append("…")
    broken = any(quote.printed is None for quote in quotes)
    return Filled(None if broken else "".join([*filled, text[end:]]), "".join([*beside, text[end:]]), tuple(quotes))


def _quote(
    written: str, field: str | None, after: str, cells: Sequence[PrintedCell], units: PrintUnits
) -> QuotedFigure:
    def unfilled(reason: str) -> QuotedFigure:
        return QuotedFigure("filled", written, None, reason=reason)

    if field is None:
        return unfilled("klammern avslutas inte; en klammer som ska tryckas skrivs {{")
    place, _, wanted = field.partition("|")
    try:
        address = CellAddress.parse(place)
    except ValueError:
        return unfilled("adressen är inte tabell:rad:kolumn")
    options = _OPTIONS.fullmatch(wanted.strip())
    if options is None:
        return unfilled("efter | står enhet, decimaler")
    sought = find_cell(address, [named(cell) for cell in cells])
    if sought.cell is None:
        return unfilled(f"{_PARTS[sought.part]} finns inte eller är flera; välj {_listed(sought.candidates)}")
    cell: PrintedCell = sought.cell["cell"]
    if cell.number is None or cell.printed_number is None:
        if not cell.printed:
            return unfilled("cellen är tom")
        return QuotedFigure("filled", written, cell.printed, cell, reason="cellen har inget tal")
    unit, decimals = options["unit"].strip(), options["decimals"]
    if not unit and decimals is None:
        return QuotedFigure(
            "filled", written, cell.printed, cell, cell.unit, cell.printed_number, cell.printed_number, Fraction(0)
        )
    factor = units.factor(cell.unit, unit or cell.unit)
    if factor is None:
        return unfilled(f"{cell.unit} kan inte räknas om till {unit}")
    own = cell.pattern()
    pattern = PrintPattern(True, int(decimals) if decimals else _decimals(own, factor), 0, "")
    number = pattern.rounded(cell.number * factor)
    unit = unit or cell.unit
    printed = pattern.print(cell.number * factor)
    if options["unit"].strip() and not _goes_on_with(after, unit):
        printed += f" {unit}"
    tolerance = pattern.half_unit() + own.half_unit() * factor
    return QuotedFigure("filled", written, printed, cell, unit, number, cell.printed_number * factor, tolerance)


def named(cell: PrintedCell) -> dict[str, object]:
    """A cell as an address finds it."""
    names = ("table_id", "table_name", "table_heading", "row_id", "row_label", "column_id")
    return {**{name: cell.source[name] for name in names}, "head": cell.head, "cell": cell}


def _decimals(own: PrintPattern, factor: Fraction) -> int:
    return max(1, own.fixed_decimals) if factor < 1 else own.fixed_decimals + own.optional_decimals


def _goes_on_with(after: str, unit: str) -> bool:
    return re.match(rf"\s*{re.escape(unit)}(?!\w)", after) is not None


def _listed(candidates: Sequence[str]) -> str:
    shown = ", ".join(candidates[:_NAMED_CANDIDATES])
    return shown + (" …" if len(candidates) > _NAMED_CANDIDATES else "")
