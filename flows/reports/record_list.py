"""Values of one dataclass as csv and json: a line, or an object, with every field."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from flows.domain.period import Period
from flows.reports.csv_lines import CsvLines


def as_csv(kind: type[Any], records: Sequence[Any]) -> str:
    """A line each under the names of the fields, also where there is none."""
    lines = io.StringIO()
    written = CsvLines(lines, _names(kind))
    for one in records:
        written.write("" if value is None else value for value in _values(kind, one))
    return lines.getvalue()


def as_json(kind: type[Any], records: Sequence[Any]) -> str:
    """A list of objects."""
    objects = [dict(zip(_names(kind), _values(kind, one), strict=True)) for one in records]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _values(kind: type[Any], one: Any) -> list[Any]:
    values = [getattr(one, name) for name in _names(kind)]
    return [str(value) if isinstance(value, Period) else value for value in values]
