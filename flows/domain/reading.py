"""What a reader makes of a file, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.domain.finding import Finding

#: A pyarrow.Table; the library has no types to check against, and the domain does not import it.
ArrowTable = Any


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read against its contract.

    `tables`: raw table name (without schema) → rows with `line` first, then the contract's raw columns; a personnummer
    is never among them. `quarantined` (line, column_name, reason, value), `missing` (line, column_name, word, reason,
    expected_day) and `unknown` (line, column_name, value) are Arrow tables or None.
    Data lines in the file = landed rows + distinct quarantined lines. A refused file has `refusal` and no rows. `noted`
    counts lines that are no data of their own and are told of or known to carry nothing: control lines, unknown labels.
    """

    tables: Mapping[str, ArrowTable] = field(default_factory=dict[str, ArrowTable])
    lines: int = 0
    noted: int = 0
    encoding: str = ""
    declared_encoding: str = ""
    quarantined: ArrowTable | None = None
    missing: ArrowTable | None = None
    unknown: ArrowTable | None = None
    findings: tuple[Finding, ...] = ()
    refusal: Finding | None = None
