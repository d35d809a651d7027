"""Arrow columns from whole numbers: exact decimals, days, words by code."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from flows.demo.staff_months import NEVER


def decimals(whole: np.ndarray, scale: int, precision: int = 18) -> pa.Array:
    """Whole numbers of the last decimal as DECIMAL(precision, scale), without going through a float."""
    low = np.ascontiguousarray(whole, dtype=np.int64)
    # Arrow's decimal is 16 bytes, little end first: the number and its sign.
    both = np.stack([low, low >> 63], axis=1)
    return pa.Array.from_buffers(pa.decimal128(precision, scale), len(low), [None, pa.py_buffer(both)])


def days(number: np.ndarray) -> pa.Array:
    """Days since 1970 as DATE; NEVER is empty."""
    open_ended = number >= NEVER
    return pa.array(np.where(open_ended, 0, number).astype(np.int32), mask=open_ended).cast(pa.date32())


def words(index: np.ndarray, of: Sequence[str] | np.ndarray) -> pa.Array:
    """The word of each index; an index below 0 is empty."""
    taken = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.array(list(of), type=pa.string()).take(taken)


def flags(which: np.ndarray) -> pa.Array:
    """0 or 1, as the contracts write a flag."""
    return pa.array(which.astype(np.int8))
