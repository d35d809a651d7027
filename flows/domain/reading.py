"""What a reader makes of a file, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.domain.finding import Finding

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read against its contract.

    `tables`: raw table name (without schema) → rows with `line` first, then the contract's raw columns; never a personnummer.
    `quarantined` (line, column_name, reason, value), `missing` (line, column_name, word, reason, expected_day) and
    `unknown` (line, column_name, value) are Arrow tables or None.
    Data lines in the file = landed rows + distinct quarantined lines. A refused file has `refusal` and no rows.
    """

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    lines: int = 0
    encoding: str = ""
    declared_encoding: str = ""
    quarantined: pa.Table | None = None
    missing: pa.Table | None = None
    unknown: pa.Table | None = None
    findings: tuple[Finding, ...] = ()
    refusal: Finding | None = None
