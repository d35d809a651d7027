"""Small files for the tabular reader, and the reading of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from flows.declarations.contracts import contracts
from flows.domain.period import Period
from flows.domain.reading import Reading
from flows.sources.tabular import read_table

AUGUST = Period(2021, 8)
EXTRACTED_AT = datetime(2021, 9, 3, 6, 0)


def keys_of(digits: Sequence[str]) -> list[str]:
    """A stand-in for the keyed hash: what it is has its own test."""
    return [hashlib.sha256(one.encode()).hexdigest() for one in digits]


def read(extract: str, content: str | bytes, encoding: str = "utf-8", period: Period = AUGUST) -> Reading:
    """The file read against its contract."""
    data = content if isinstance(content, bytes) else content.encode(encoding)
    return read_table(data, contracts()[extract], f"{extract}_202108_20210903T0600.csv", period, EXTRACTED_AT, keys_of)


def meals(*rows: str, header: str = "period;enhet_kod;portioner") -> str:
    """A file of meals: the smallest contract."""
    return "\n".join([header, *rows, ""])


def landed(reading: Reading) -> list[dict[str, object]]:
    """The rows that landed, of the one table that a tabular extract has."""
    if reading.refusal is not None:
        raise AssertionError(f"refused: {reading.refusal.message}")
    (table,) = reading.tables.values()
    return table.to_pylist()


def listed(table: pa.Table | None) -> list[dict[str, object]]:
    """The rows of a table that may not be there."""
    return [] if table is None else table.to_pylist()


def rules(reading: Reading) -> list[str]:
    """The ids of the rules that were found broken, in order."""
    return [finding.rule_id for finding in reading.findings]
