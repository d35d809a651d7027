"""csv for programs and for spreadsheets: what a spreadsheet would take for a formula is preceded by an apostrophe."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

#: The full-width signs too: a spreadsheet set to an East Asian language takes them for the others.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: A number as we print it, its unit too (`-22 100`, `-25,7 mnkr`, `-0,1 %`), and a lone minus for what is missing.
_NUMBER = re.compile(r"[-+](?:\d[\d \u00a0.]*(?:,\d+)?(?:[ \u00a0]?[^\W\d_]+| ?%)?)?")


def harmless(value: Any) -> Any:
    """A value as a cell may hold it; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    # A lone carriage return is not quoted by the library, and ends a line for who reads.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    # Blanks before it do not keep every spreadsheet from calculating.
    opens_a_formula = text.lstrip().startswith(_BEGINS_A_FORMULA) or text.startswith("\t")
    return f"'{text}" if opens_a_formula and not _NUMBER.fullmatch(text) else text


class CsvLines:
    """Writes lines of harmless cells, ended by a line feed; the first holds the names."""

    def __init__(self, to: TextIO, names: Sequence[str], delimiter: str = ",", line_end: str = "\n") -> None:
        self._names = names
        self._writer = csv.writer(to, delimiter=delimiter, lineterminator=line_end)
        self._writer.writerow([harmless(name) for name in names])

    def write(self, row: Iterable[Any]) -> None:
        """One line, in the order of the names."""
        self._writer.writerow([harmless(value) for value in row])

    def write_named(self, row: Mapping[str, Any]) -> None:
        """One line by names; a name that the row lacks is empty. Raises ValueError for one that is none of ours."""
        if unknown := set(row) - set(self._names):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        self.write(row.get(name, "") for name in self._names)
