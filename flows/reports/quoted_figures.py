"""A figure of the report that stands in a text: which cell it is, and what the two say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flows.reports.cells import PrintedCell


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """`quoted_number` stands in the text, `cell_number` is the printed cell in the text's unit.

    `kind` is filled (we wrote it) or typed. `reason` is Swedish: why a placeholder could not be filled, or is words.
    """

    kind: str
    written: str
    printed: str | None
    cell: PrintedCell | None = None
    unit: str | None = None
    quoted_number: Fraction | None = None
    cell_number: Fraction | None = None
    tolerance: Fraction | None = None
    reason: str | None = None
