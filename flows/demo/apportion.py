"""Raw amounts brought to their totals: all in proportion, the remainder by largest fraction."""

from __future__ import annotations

import numpy as np


def apportion(raw: np.ndarray, group: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Whole numbers in proportion to `raw` within each group, whose sums are exactly `totals`.

    A group with a total needs a raw sum that is not zero. No line moves by more than one from its exact share.
    """
    sums = np.bincount(group, weights=raw, minlength=len(totals))
    if np.any((sums == 0) & (totals != 0)):
        raise ValueError("a total cannot be spread over nothing")
    shares = raw * np.divide(totals, sums, out=np.zeros(len(totals)), where=sums != 0)[group]
    whole = np.floor(shares)
    given = np.bincount(group, weights=whole, minlength=len(totals))
    left = np.rint(totals - given).astype(np.int64)
    order = np.lexsort((whole - shares, group))
    starts = np.zeros(len(totals) + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=len(totals)), out=starts[1:])
    rank = np.arange(len(raw)) - starts[group[order]]
    whole[order] += rank < left[group[order]]
    return whole.astype(np.int64)
