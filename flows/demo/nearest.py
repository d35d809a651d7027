"""Amounts as near as may be to what is usual that print as every target asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Condition:
    """`coefficients` · amounts must lie less than `half_step` from `value`; `words` name the target."""

    coefficients: np.ndarray
    value: float
    half_step: float
    words: str

    def missed(self, amounts: np.ndarray) -> float:
        """How far off, in half steps: 1 or more no longer prints as the target."""
        return abs(float(self.coefficients @ amounts) - self.value) / self.half_step


def nearest(usual: np.ndarray, give: np.ndarray, conditions: Sequence[Condition]) -> np.ndarray:
    """The amounts that meet the conditions and differ least from the usual ones; `give` is how easily each moves.

    Conditions that contradict each other by rounding alone share the difference, each by its half step.
    """
    if not conditions:
        return usual
    ease = np.sqrt(give)
    rows = np.array([condition.coefficients / condition.half_step for condition in conditions])
    short = np.array([condition.value / condition.half_step for condition in conditions]) - rows @ usual
    moved, *_ = np.linalg.lstsq(rows * ease, short, rcond=1e-10)
    return usual + ease * moved
