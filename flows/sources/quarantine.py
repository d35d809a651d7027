"""The rows that do not land, and why."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from flows.sources.delimited import MOST_BAD_LINES, too_many_bad_lines

_SCHEMA = pa.schema(
    [("line", pa.int32()), ("column_name", pa.string()), ("reason", pa.string()), ("value", pa.string())]
)


class Quarantine:
    """Bad rows by line; a row may be bad in more than one column. Of a file of far too many nothing is kept."""

    def __init__(self, lines: int) -> None:
        self._lines_of_file = lines
        self._rows: list[tuple[int, str, str, str | None]] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, line: int, column: str, reason: str, value: str | None = None) -> None:
        """One reason for which a row does not land; `value` is None in personal columns."""
        self._rows.append((line, column, reason, value))
        if len(self._rows) > MOST_BAD_LINES:
            line, column, reason = self.first()
            raise too_many_bad_lines(line, column, reason, self._lines_of_file)

    @property
    def line_count(self) -> int:
        return len(self._lines())

    def first(self) -> tuple[int, str, str]:
        """Line, column and reason of the first bad row."""
        line, column, reason, _ = min(self._rows, key=lambda row: row[0])
        return line, column, reason

    def landing_mask(self, lines: np.ndarray) -> np.ndarray:
        """For each of the file's records, whether it lands."""
        return ~np.isin(lines, list(self._lines()))

    def table(self) -> pa.Table | None:
        """The rows as they are stored, in the file's order; None where there are none."""
        if not self._rows:
            return None
        columns = zip(*sorted(self._rows, key=lambda row: row[0]), strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=_SCHEMA)

    def _lines(self) -> set[int]:
        return {line for line, *_ in self._rows}
