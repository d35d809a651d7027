"""What comes beside a file's rows: missing values, and values of columns that the contract does not know."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from flows.sources.delimited import Line, Records
from flows.sources.fields import LONGEST_FIELD

MISSING = pa.schema(
    [
        ("line", pa.int32()),
        ("column_name", pa.string()),
        ("word", pa.string()),
        ("reason", pa.string()),
        ("expected_day", pa.date32()),
    ]
)
UNKNOWN = pa.schema([("line", pa.int32()), ("column_name", pa.string()), ("value", pa.string())])


def unknown_values(unknown: Sequence[str], header: Line, records: Records) -> pa.Table | None:
    """The values of columns that the contract does not know, by place: two of them may share a name."""
    rows = [
        (int(line), name, value[:LONGEST_FIELD])
        for position, name in enumerate(header.fields)
        if name in unknown
        for line, value in zip(records.lines, records.columns[position].to_pylist(), strict=True)
        if value
    ]
    return rows_as_table(sorted(rows), UNKNOWN)


def rows_as_table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table | None:
    """The rows as they are stored; None where there are none."""
    if not rows:
        return None
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
