"""The cells of a workbook's parts, read as a stream of XML.

The readers of workbooks at hand tell neither a number from a text that looks like one, nor a number format, nor a
hidden row, nor the row and column in which a sheet begins; the XML does, and holds numbers as decimals.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from flows.sources.number_formats import Calendar, Shown, as_shown
from flows.sources.refused_file import RefusedFile
from flows.sources.values import FORMULA_ERRORS

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 1 << 18
#: Errors that we have no word for are still errors; so is a formula that nobody has calculated.
_AN_ERROR = "#VALUE!"

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


@dataclass(slots=True)
class Row:
    """One row that holds something: its number in the sheet, and its cells by column (from 0)."""

    line: int
    cells: dict[int, str]
    is_hidden: bool


@dataclass(slots=True)
class _Cell:
    column: int
    kind: str
    style: int
    value: list[str] | None = None
    has_formula: bool = False


def damaged() -> RefusedFile:
    """The refusal of a workbook that is not as one should be."""
    return RefusedFile("workbook_unreadable", kind="arbetsboken är skadad")


def read_part(archive: zipfile.ZipFile, name: str, start: Start, end: End, text: Callable[[str], None]) -> None:
    """Stream one part of a workbook through handlers that are given names without their namespace."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda element, attributes: start(element.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda element: end(element.rpartition(":")[2])
    parser.CharacterDataHandler = text
    # A workbook declares no document type; what does, means to blow up its reader.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def shared_texts(archive: zipfile.ZipFile, name: str) -> list[str]:
    """The texts that cells refer to by number; the pronunciation beside a text is no part of it."""
    texts: list[str] = []
    collector = _Texts()

    def end(element: str) -> None:
        collector.end(element)
        if element == "si":
            texts.append(collector.take())

    read_part(archive, name, collector.start, end, collector.text)
    return texts


class SheetRows:
    """The rows of one sheet that hold something, in order."""

    def __init__(
        self, texts: Sequence[str], styles: Sequence[Shown], calendar: Calendar, most_cells: int, most_characters: int
    ) -> None:
        self.rows: list[Row] = []
        self._texts = texts
        self._styles = styles
        self._calendar = calendar
        self._most_cells = most_cells
        self._most_characters = most_characters
        self._cells_read = 0
        self._characters_read = 0
        self._row = Row(0, {}, False)
        self._cell: _Cell | None = None
        self._column = -1
        self._collector = _Texts()
        self._in_value = False
        self._columns: dict[str, int] = {}

    def read(self, archive: zipfile.ZipFile, name: str) -> list[Row]:
        """Every row with a cell that is not blank; raises RefusedFile for what no spreadsheet would write."""
        read_part(archive, name, self._start, self._end, self._text)
        return self.rows

    def _start(self, element: str, attributes: Mapping[str, str]) -> None:
        if element == "c":
            self._start_cell(attributes)
        elif element == "v" and self._cell is not None:
            self._cell.value = []
            self._in_value = True
        elif element == "row":
            line = attributes.get("r")
            number = int(line) if line is not None and line.isascii() and line.isdigit() else self._row.line + 1
            if not self._row.line < number <= _LAST_ROW:
                raise damaged()
            self._row = Row(number, {}, attributes.get("hidden") in ("1", "true"))
            self._column = -1
        elif element == "f" and self._cell is not None:
            self._cell.has_formula = True
        elif self._cell is not None:
            self._collector.start(element, attributes)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._cells_read += 1
        if self._cells_read > self._most_cells:
            raise RefusedFile("workbook_too_large", limit=f"{self._most_cells} celler")
        column = self._column + 1
        if (reference := attributes.get("r")) is not None:
            place = _REFERENCE.fullmatch(reference)
            if place is None or int(place[2]) != self._row.line:
                raise damaged()
            column = self._column_of(place[1])
        if not self._column < column < _LAST_COLUMN:
            raise damaged()
        self._column = column
        style = attributes.get("s", "0")
        self._cell = _Cell(column, attributes.get("t", "n"), int(style) if style.isascii() and style.isdigit() else 0)

    def _column_of(self, letters: str) -> int:
        if letters not in self._columns:
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = number - 1
        return self._columns[letters]

    def _text(self, text: str) -> None:
        if self._cell is None:
            return
        if self._in_value and self._cell.value is not None:
            self._cell.value.append(text)
        else:
            self._collector.text(text)

    def _end(self, element: str) -> None:
        if element == "c" and self._cell is not None:
            shown = self._shown(self._cell)
            if shown:
                self._count(shown)
                self._row.cells[self._cell.column] = shown
            self._cell = None
        elif element == "v":
            self._in_value = False
        elif element == "row":
            if any(not text.isspace() for text in self._row.cells.values()):
                self.rows.append(self._row)
        elif self._cell is not None:
            self._collector.end(element)

    def _count(self, shown: str) -> None:
        """A text that stands once in the file may be named by every cell: what is bounded is what they come to."""
        self._characters_read += len(shown)
        if self._characters_read > self._most_characters:
            limit = f"{self._most_characters // 1_000_000} miljoner tecken"
            raise RefusedFile("workbook_too_large", limit=limit)

    def _shown(self, cell: _Cell) -> str:
        inline = self._collector.take()
        if cell.value is None:
            return _AN_ERROR if cell.has_formula and not inline else inline
        value = "".join(cell.value)
        if cell.kind == "s":
            if not (value.isascii() and value.isdigit() and int(value) < len(self._texts)):
                raise damaged()
            return self._texts[int(value)]
        if cell.kind == "e":
            return value if value in FORMULA_ERRORS else _AN_ERROR
        if cell.kind == "n":
            shown = self._styles[cell.style] if cell.style < len(self._styles) else Shown.PLAIN
            return as_shown(value.strip(), shown, self._calendar)
        if cell.kind == "d":
            return value.removesuffix("T00:00:00")
        return unescaped(value) if cell.kind == "str" else value


@dataclass(slots=True)
class _Texts:
    """The text within `t` elements, its runs joined, without what is pronunciation."""

    _parts: list[str] = field(default_factory=list)
    _in_text: bool = False
    _in_pronunciation: bool = False

    def start(self, element: str, _: Mapping[str, str]) -> None:
        if element == "rPh":
            self._in_pronunciation = True
        self._in_text = element == "t" and not self._in_pronunciation

    def text(self, text: str) -> None:
        if self._in_text:
            self._parts.append(text)

    def end(self, element: str) -> None:
        if element == "rPh":
            self._in_pronunciation = False
        self._in_text = False

    def take(self) -> str:
        if not self._parts:
            return ""
        text = unescaped("".join(self._parts))
        self._parts = []
        return text


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, and line ends as LF."""
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return escape[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def _refuse_doctype(*_: object) -> None:
    raise damaged()
